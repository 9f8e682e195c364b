// Owns content items (PS3.3 C.17.3): one function a value type, each giving the attributes of an item with its relationship to the item above.
import type { CodedConcept } from '../../common/codes.ts';
import type { ImagePoint } from '../../common/geometry.ts';
import { codeItem, decimalString, personName } from '../write/attributes.ts';
import type { Attributes } from '../write/attributes.ts';
import { frameReference } from '../write/references.ts';
import type { SourceImage } from '../write/source-image.ts';

export type Relationship = 'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD' | 'INFERRED FROM' | 'SELECTED FROM';

function item(
  ValueType: string,
  RelationshipType: Relationship,
  name: CodedConcept | null,
  value: Attributes,
  children: readonly Attributes[] = [],
): Attributes {
  return {
    RelationshipType,
    ValueType,
    ...(name && { ConceptNameCodeSequence: [codeItem(name)] }),
    ...value,
    ...(children.length > 0 && { ContentSequence: children }),
  };
}

export function code(relationship: Relationship, name: CodedConcept, value: CodedConcept): Attributes {
  return item('CODE', relationship, name, { ConceptCodeSequence: [codeItem(value)] });
}

export function text(relationship: Relationship, name: CodedConcept, value: string): Attributes {
  return item('TEXT', relationship, name, { TextValue: value });
}

export function uid(relationship: Relationship, name: CodedConcept, value: string): Attributes {
  return item('UIDREF', relationship, name, { UID: value });
}

export function person(relationship: Relationship, name: CodedConcept, value: string): Attributes {
  return item('PNAME', relationship, name, { PersonName: personName(value) ?? 'Unknown' });
}

/** `template` is its number in PS3.16, where it is one. */
export function container(name: CodedConcept, template: string | null, children: readonly Attributes[]): Attributes {
  return item('CONTAINER', 'CONTAINS', name, containerValue(template), children);
}

export function containerValue(template: string | null): Attributes {
  const ContentTemplateSequence = [{ MappingResource: 'DCMR', TemplateIdentifier: template }];
  return { ContinuityOfContent: 'SEPARATE', ...(template !== null && { ContentTemplateSequence }) };
}

/** Values are told to a ten-thousandth: no mask and no hand is more exact. */
export function number(
  name: CodedConcept,
  value: number,
  unit: CodedConcept,
  children: readonly Attributes[] = [],
): Attributes {
  const measured = {
    NumericValue: decimalString(Number(value.toFixed(4))),
    MeasurementUnitsCodeSequence: [codeItem(unit)],
  };
  return item('NUM', 'CONTAINS', name, { MeasuredValueSequence: [measured] }, children);
}

/** A frame of a source image. */
export function image(
  relationship: Relationship,
  name: CodedConcept | null,
  source: SourceImage,
  frameNumber: number,
): Attributes {
  return item('IMAGE', relationship, name, { ReferencedSOPSequence: [frameReference(source, frameNumber)] });
}

/** A frame of a segmentation, which shows one segment; naming that as well is not allowed (PS3.3 C.18.4). */
export function segmentationFrame(
  name: CodedConcept,
  segmentation: { readonly SOPClassUID: string; readonly SOPInstanceUID: string },
  frame: number,
): Attributes {
  const reference = {
    ReferencedSOPClassUID: segmentation.SOPClassUID,
    ReferencedSOPInstanceUID: segmentation.SOPInstanceUID,
    ReferencedFrameNumber: frame,
  };
  return item('IMAGE', 'CONTAINS', name, { ReferencedSOPSequence: [reference] });
}

/** Points on a frame of a source image (PS3.3 C.18.6): column and row, (0, 0) the outer corner of the first pixel, as everywhere here. */
export function coordinates(
  name: CodedConcept,
  graphicType: 'POLYLINE' | 'ELLIPSE',
  points: readonly ImagePoint[],
  source: SourceImage,
  frameNumber: number,
): Attributes {
  const value = { GraphicData: points.flatMap(({ x, y }) => [x, y]), GraphicType: graphicType };
  return item('SCOORD', 'INFERRED FROM', name, value, [image('SELECTED FROM', null, source, frameNumber)]);
}
