// Owns measurement groups: TID 1410 (PS3.16) for a segment in one frame, TID 1501 for what was measured by hand and for structures that are absent.
import { describeRefusal, type ScaleRefusal } from '../../common/calibration.ts';
import type { CodedConcept, SegmentCode } from '../../common/codes.ts';
import type { ImagePoint } from '../../common/geometry.ts';
import type { MaskMeasures, ShapeMeasures } from '../../common/mask-measures.ts';
import type { FigureName, FigureUnit, MeasuredValue } from '../../common/measurements.ts';
import type { MeasurementKind } from '../../common/study.ts';
import type { SegmentAlgorithm } from '../segmentation/segmentation-input.ts';
import type { Attributes } from '../write/attributes.ts';
import type { SourceImage } from '../write/source-image.ts';
import { codes } from './codes.ts';
import { code, container, coordinates, image, number, segmentationFrame, text, uid } from './content-items.ts';

/** Where a measured mask lies. */
export interface Place {
  readonly source: SourceImage;
  readonly frameNumber: number;
  /** Its frame in the segmentation, from 1; null for an absent structure. */
  readonly segmentationFrame: number | null;
}

export interface SegmentMeasurements {
  /** The label's name. */
  readonly trackingIdentifier: string;
  /** Of the annotation, in this frame. */
  readonly trackingUID: string;
  readonly code: SegmentCode;
  readonly place: Place;
  /** Null for a mask without a pixel and for an absent structure. */
  readonly measures: MaskMeasures | null;
  /** Null where no network took part. */
  readonly algorithm: SegmentAlgorithm | null;
  /** What the network said of benign and malignant; null where it said nothing, or nothing to be relied on. */
  readonly malignancy: Malignancy | null;
}

export interface Malignancy {
  readonly probability: number;
  /** How far it can be trusted, in words. */
  readonly remark: string;
}

/** A length, an ellipse or an angle, drawn by hand. */
export interface ShapeMeasurements {
  readonly trackingIdentifier: string;
  readonly trackingUID: string;
  /** Of the label that it belongs to, or null. */
  readonly code: SegmentCode | null;
  readonly source: SourceImage;
  readonly frameNumber: number;
  readonly kind: MeasurementKind;
  readonly points: readonly ImagePoint[];
  readonly value: MeasuredValue;
}

/** TID 1410, or for an absent structure TID 1501, which needs no region. */
export function segmentGroup(
  { place, measures, algorithm, malignancy, ...measured }: SegmentMeasurements,
  segmentation: { readonly SOPClassUID: string; readonly SOPInstanceUID: string },
): Attributes {
  const heading = [...tracking(measured), ...finding(measured.code)];
  if (place.segmentationFrame === null) {
    return container(codes.measurementGroup, '1501', [
      ...heading,
      image('CONTAINS', codes.sourceOfMeasurement, place.source, place.frameNumber),
      code('CONTAINS', codes.presence, codes.absent),
    ]);
  }
  return container(codes.measurementGroup, '1410', [
    ...heading,
    ...(algorithm ? describeAlgorithm(algorithm) : []),
    segmentationFrame(codes.referencedSegmentationFrame, segmentation, place.segmentationFrame),
    image('CONTAINS', codes.sourceImageForSegmentation, place.source, place.frameNumber),
    ...(measures ? numbersOf(measures.inMillimetres ?? measures.inPixels, measures.inMillimetres !== null) : []),
    ...(measures ? [text('CONTAINS', codes.comment, scaleInWords(measures.region, measures.refusal))] : []),
    ...(malignancy ? classOf(malignancy) : []),
  ]);
}

/** How each kind is drawn; the order of the points is that of common/measurements.ts. */
export const graphicTypes = {
  length: 'POLYLINE',
  ellipse: 'ELLIPSE',
  angle: 'POLYLINE',
} as const satisfies Readonly<Record<MeasurementKind, string>>;

/** TID 1501: each figure is inferred from the points, which are those of the frame (TID 320). */
export function shapeGroup(measured: ShapeMeasurements): Attributes {
  const { source, frameNumber, kind, points, value } = measured;
  const ordered = kind === 'ellipse' ? majorAxisFirst(points) : points;
  const drawn = coordinates(codes.path, graphicTypes[kind], ordered, source, frameNumber);
  return container(codes.measurementGroup, '1501', [
    ...tracking(measured),
    ...(measured.code ? finding(measured.code) : []),
    ...value.figures.map((figure) => number(figureCodes[figure.name], figure.value, unitCodes[figure.unit], [drawn])),
    text('CONTAINS', codes.comment, scaleInWords(value.calibration?.region ?? null, value.refusal)),
  ]);
}

/** The ends of an ellipse's axes as PS3.3 C.18.6.1.2 wants them; a hand may begin with either axis. */
function majorAxisFirst(points: readonly ImagePoint[]): readonly ImagePoint[] {
  const [a, b, c, d] = points;
  const length = (from: ImagePoint, to: ImagePoint): number => Math.hypot(to.x - from.x, to.y - from.y);
  return length(a, b) >= length(c, d) ? points : [c, d, a, b];
}

function tracking(measured: { readonly trackingIdentifier: string; readonly trackingUID: string }): Attributes[] {
  return [
    text('HAS OBS CONTEXT', codes.trackingIdentifier, measured.trackingIdentifier),
    uid('HAS OBS CONTEXT', codes.trackingUniqueIdentifier, measured.trackingUID),
  ];
}

function finding({ type, anatomicRegion }: SegmentCode): Attributes[] {
  return [
    code('CONTAINS', codes.finding, type),
    ...(anatomicRegion ? [code('HAS CONCEPT MOD', codes.findingSite, anatomicRegion)] : []),
  ];
}

/** TID 4019. */
function describeAlgorithm({ name, version, parameters }: SegmentAlgorithm): Attributes[] {
  return [
    text('HAS CONCEPT MOD', codes.algorithmName, name),
    text('HAS CONCEPT MOD', codes.algorithmVersion, version),
    text('HAS CONCEPT MOD', codes.algorithmParameters, parameters),
  ];
}

function numbersOf(shape: ShapeMeasures, physical: boolean): Attributes[] {
  const length = physical ? codes.millimetre : codes.pixel;
  const area = physical ? codes.squareMillimetre : codes.squarePixel;
  const { ellipse } = shape;
  const fitted = [code('HAS CONCEPT MOD', codes.measurementMethod, codes.fittedEllipse)];
  return [
    number(codes.area, shape.area, area),
    number(codes.perimeter, shape.perimeter, length),
    number(codes.longAxis, shape.longAxis, length),
    number(codes.shortAxis, shape.shortAxis, length),
    number(codes.equivalentDiameter, shape.equivalentDiameter, length),
    number(codes.majorAxis, ellipse.majorAxis, length, fitted),
    number(codes.minorAxis, ellipse.minorAxis, length, fitted),
    number(codes.circumference, ellipse.circumference, length, fitted),
  ];
}

function classOf({ probability, remark }: Malignancy): Attributes[] {
  return [number(codes.probabilityOfCancer, probability * 100, codes.percent), text('CONTAINS', codes.comment, remark)];
}

function scaleInWords(region: number | null, refusal: ScaleRefusal | null): string {
  return region === null
    ? `In pixels of the image as stored: ${refusal ? describeRefusal(refusal) : 'no scale is known.'}`
    : `In the scale of ultrasound region ${region}.`;
}

const figureCodes: Readonly<Record<FigureName, CodedConcept>> = {
  length: codes.length,
  circumference: codes.circumference,
  area: codes.area,
  longAxis: codes.longAxis,
  shortAxis: codes.shortAxis,
  angle: codes.angle,
};

const unitCodes: Readonly<Record<FigureUnit, CodedConcept>> = {
  mm: codes.millimetre,
  'mm²': codes.squareMillimetre,
  px: codes.pixel,
  'px²': codes.squarePixel,
  '°': codes.degree,
};
