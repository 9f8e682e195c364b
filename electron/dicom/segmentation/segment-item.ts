// Owns an item of the Segment Sequence (PS3.3 C.8.20.2, tables 10.3.2 and 10-19): what a segment is, who or what made it, and which frames were
// reviewed for it.
import type { CodedConcept } from '../../common/codes.ts';
import { codeItem, longString } from '../write/attributes.ts';
import type { Attributes } from '../write/attributes.ts';
import { frameReference } from '../write/references.ts';
import type { SourceImage } from '../write/source-image.ts';
import { displayCIELab } from './display-color.ts';
import type { FrameAnnotation, Segment, SegmentAlgorithm } from './segmentation-input.ts';

/** CID 7162. */
const artificialIntelligence: CodedConcept = {
  codeValue: '123110',
  codingSchemeDesignator: 'DCM',
  codeMeaning: 'Artificial Intelligence',
};

export function segmentItem(segment: Segment, number: number, sources: readonly SourceImage[]): Attributes {
  const { label, code, color, segmentAlgorithmType, algorithms, trackingUID } = segment;
  const { category, type, anatomicRegion } = code;
  // A kidney lies in the kidney: the region is told only where the type does not say it.
  const region = anatomicRegion !== null && anatomicRegion.codeValue !== type.codeValue ? anatomicRegion : null;
  return {
    SegmentNumber: number,
    SegmentLabel: longString(label) || `Segment ${number}`,
    SegmentAlgorithmType: segmentAlgorithmType,
    ...(segmentAlgorithmType !== 'MANUAL' && {
      SegmentAlgorithmName: longString(algorithms[0].name),
      SegmentationAlgorithmIdentificationSequence: algorithms.map(algorithmItem),
    }),
    SegmentedPropertyCategoryCodeSequence: [codeItem(category)],
    SegmentedPropertyTypeCodeSequence: [codeItem(type)],
    ...(region && { AnatomicRegionSequence: [codeItem(region)] }),
    RecommendedDisplayCIELabValue: displayCIELab(color),
    TrackingID: label,
    TrackingUID: trackingUID,
    SonoSyncLabelName: label,
    SonoSyncAnnotationSequence: segment.annotations.map((annotation) => annotationItem(annotation, sources)),
  };
}

function algorithmItem({ name, version, parameters }: SegmentAlgorithm): Attributes {
  return {
    AlgorithmFamilyCodeSequence: [codeItem(artificialIntelligence)],
    AlgorithmName: longString(name),
    AlgorithmVersion: longString(version),
    AlgorithmParameters: parameters,
    AlgorithmSource: 'SonoSync',
  };
}

/** The reference always names the frame: what is looked up by it should not depend on how many frames the image has. */
function annotationItem(annotation: FrameAnnotation, sources: readonly SourceImage[]): Attributes {
  const { source, frameNumber, origin, trackingUID, revisionId, reviewState, segmentAlgorithmType } = annotation;
  return {
    ...frameReference(sources[source], frameNumber),
    ReferencedFrameNumber: frameNumber,
    SegmentAlgorithmType: segmentAlgorithmType,
    TrackingUID: trackingUID,
    SonoSyncReviewState: reviewState,
    SonoSyncRevisionID: revisionId,
    ...(origin && {
      SonoSyncOriginSOPInstanceUID: origin.sopInstanceUID,
      SonoSyncOriginFrameNumber: origin.frameNumber,
    }),
  };
}
