// Owns the Segmentation IOD (PS3.3 A.51, C.8.20) for ultrasound, whose images have no place in space: every frame of a segmentation lies pixel
// by pixel on one frame of one source image. Without a Frame of Reference, Pixel Measures and Plane Position are not allowed (A.51.5).
import type { CodedConcept } from '../../common/codes.ts';
import { codeItem, dateAndTime, longString } from '../write/attributes.ts';
import type { Attributes } from '../write/attributes.ts';
import { equipment } from '../write/equipment.ts';
import { frameReference, referencedSeries } from '../write/references.ts';
import { sharedFrameOfReference } from '../write/source-image.ts';
import type { SourceImage } from '../write/source-image.ts';
import { checkSegmentation } from './check.ts';
import { segmentItem } from './segment-item.ts';
import type { SegmentationFrame, SegmentationInput } from './segmentation-input.ts';

export const segmentationStorage = '1.2.840.10008.5.1.4.1.1.66.4';

/** The data set of a segmentation. Throws where its parts contradict each other: a bug of the caller. */
export function createSegmentation(input: SegmentationInput): Attributes {
  checkSegmentation(input);
  const [first] = input.sources;
  const { date, time } = dateAndTime(input.created);
  const binary = input.segmentationType === 'BINARY';
  const frameOfReference = sharedFrameOfReference(input.sources);
  return {
    SOPClassUID: segmentationStorage,
    SOPInstanceUID: input.SOPInstanceUID,
    ...first.patientAndStudy,
    Modality: 'SEG',
    SeriesInstanceUID: input.SeriesInstanceUID,
    SeriesNumber: input.SeriesNumber,
    SeriesDescription: longString(input.SeriesDescription),
    ...(frameOfReference !== null && { FrameOfReferenceUID: frameOfReference, PositionReferenceIndicator: null }),
    ...equipment(input.version),
    ImageType: ['DERIVED', 'PRIMARY'],
    InstanceNumber: input.InstanceNumber,
    PatientOrientation: null,
    ContentDate: date,
    ContentTime: time,
    ContentLabel: 'SEGMENTATION',
    ContentDescription: 'Ultrasound annotations',
    ContentCreatorName: input.ContentCreatorName,
    ...lossyCompressionOf(input.sources),
    Rows: first.Rows,
    Columns: first.Columns,
    NumberOfFrames: input.frames.length,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    PixelRepresentation: 0,
    BitsAllocated: binary ? 1 : 8,
    BitsStored: binary ? 1 : 8,
    HighBit: binary ? 0 : 7,
    SegmentationType: input.segmentationType,
    ...(!binary && { SegmentationFractionalType: 'PROBABILITY', MaximumFractionalValue: 255 }),
    SegmentsOverlap: input.segmentsOverlap ? 'YES' : 'NO',
    SegmentSequence: input.segments.map((segment, index) => segmentItem(segment, index + 1, input.sources)),
    ...dimensions(input.SOPInstanceUID),
    SharedFunctionalGroupsSequence: [{}],
    PerFrameFunctionalGroupsSequence: perFrameGroups(input),
    ReferencedSeriesSequence: referencedSeries(input.sources),
    PixelData: input.pixelData,
  };
}

/** A mask drawn on pixels of which some were compressed with loss is not better than those. */
function lossyCompressionOf(sources: readonly SourceImage[]): Attributes {
  const lossy = sources.find(({ lossyCompression }) => lossyCompression.LossyImageCompression === '01');
  return lossy ? lossy.lossyCompression : { LossyImageCompression: '00' };
}

const tags = {
  SegmentIdentificationSequence: '0062000A',
  ReferencedSegmentNumber: '0062000B',
  DerivationImageSequence: '00089124',
  ReferencedSOPInstanceUID: '00081155',
  ReferencedFrameNumber: '00081160',
};

/** Frames are ordered by segment, source image and frame of the source (PS3.3 C.7.6.17). */
function dimensions(instanceUID: string): Attributes {
  const DimensionOrganizationUID = `${instanceUID}.1`.length <= 64 ? `${instanceUID}.1` : instanceUID;
  const index = (label: string, pointer: keyof typeof tags, group: keyof typeof tags): Attributes => ({
    DimensionOrganizationUID,
    DimensionIndexPointer: tags[pointer],
    FunctionalGroupPointer: tags[group],
    DimensionDescriptionLabel: label,
  });
  return {
    DimensionOrganizationSequence: [{ DimensionOrganizationUID }],
    DimensionIndexSequence: [
      index('Segment', 'ReferencedSegmentNumber', 'SegmentIdentificationSequence'),
      index('Source image', 'ReferencedSOPInstanceUID', 'DerivationImageSequence'),
      index('Source frame', 'ReferencedFrameNumber', 'DerivationImageSequence'),
    ],
  };
}

const segmentation: CodedConcept = {
  codeValue: '113076',
  codingSchemeDesignator: 'DCM',
  codeMeaning: 'Segmentation',
};
const sourceForProcessing: CodedConcept = {
  codeValue: '121322',
  codingSchemeDesignator: 'DCM',
  codeMeaning: 'Source Image for Image Processing Operation',
};

function perFrameGroups({ frames, sources }: SegmentationInput): Attributes[] {
  const ranks = rankFrames(frames);
  return frames.map(({ segmentNumber, source, frameNumber }) => ({
    FrameContentSequence: [{ DimensionIndexValues: [segmentNumber, source + 1, ranks.get(source)!.get(frameNumber)!] }],
    DerivationImageSequence: [
      {
        DerivationCodeSequence: [codeItem(segmentation)],
        SourceImageSequence: [
          {
            ...frameReference(sources[source], frameNumber),
            PurposeOfReferenceCodeSequence: [codeItem(sourceForProcessing)],
            SpatialLocationsPreserved: 'YES',
          },
        ],
      },
    ],
    SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segmentNumber }],
  }));
}

/** Index values count from 1 without a gap; frame numbers of a source do not where only some are annotated. */
function rankFrames(frames: readonly SegmentationFrame[]): Map<number, Map<number, number>> {
  const bySource = Map.groupBy(frames, ({ source }) => source);
  return new Map(
    [...bySource].map(([source, list]) => {
      const numbers = [...new Set(list.map(({ frameNumber }) => frameNumber))].toSorted((a, b) => a - b);
      return [source, new Map(numbers.map((number, index) => [number, index + 1]))];
    }),
  );
}
