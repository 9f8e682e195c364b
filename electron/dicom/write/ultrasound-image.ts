// Owns Ultrasound Image objects (PS3.3 A.6, C.8.5) made of pictures that were imported as PNG, JPEG and the like: what refers to a frame in DICOM
// has to refer to a DICOM object. Ultrasound, not Secondary Capture, because only that keeps the calibrated regions. They say what they are:
// DERIVED\SECONDARY, with the way they were made in words.
import type { Picture } from '../../common/picture.ts';
import type { UltrasoundRegion } from '../../common/study.ts';
import { dateAndTime, decimalString, longString } from './attributes.ts';
import type { Attributes } from './attributes.ts';
import { equipment } from './equipment.ts';
import type { SourceImage } from './source-image.ts';

export const ultrasoundImageStorage = '1.2.840.10008.5.1.4.1.1.6.1';

export interface UltrasoundImageInput {
  readonly SOPInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly StudyInstanceUID: string;
  readonly patientAndStudy: Attributes;
  readonly InstanceNumber: number;
  readonly picture: Picture;
  /** Pixel height over width. */
  readonly pixelAspectRatio: number;
  readonly regions: readonly UltrasoundRegion[];
  /** How the picture was coded where that lost something, as a value of Lossy Image Compression Method, else null. */
  readonly lossy: { readonly method: string; readonly ratio: number } | null;
  readonly derivation: string;
  readonly comment: string | null;
  readonly created: Date;
  /** Of the software. */
  readonly version: string;
}

export function createUltrasoundImage(input: UltrasoundImageInput): Attributes {
  const { picture, pixelAspectRatio } = input;
  const { date, time } = dateAndTime(input.created);
  const color = picture.channels === 3;
  return {
    SOPClassUID: ultrasoundImageStorage,
    SOPInstanceUID: input.SOPInstanceUID,
    ...input.patientAndStudy,
    StudyInstanceUID: input.StudyInstanceUID,
    Modality: 'US',
    SeriesInstanceUID: input.SeriesInstanceUID,
    SeriesNumber: null,
    SeriesDescription: 'Imported pictures',
    Laterality: null,
    ...equipment(input.version),
    InstanceNumber: input.InstanceNumber,
    ImageType: ['DERIVED', 'SECONDARY'],
    PatientOrientation: null,
    ContentDate: date,
    ContentTime: time,
    DerivationDescription: input.derivation.slice(0, 1024),
    ImageComments: input.comment ?? undefined,
    ...lossyCompression(input),
    SamplesPerPixel: picture.channels,
    PhotometricInterpretation: color ? 'RGB' : 'MONOCHROME2',
    ...(color && { PlanarConfiguration: 0 }),
    Rows: picture.height,
    Columns: picture.width,
    ...(pixelAspectRatio !== 1 && { PixelAspectRatio: wholeRatio(pixelAspectRatio) }),
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    ...(input.regions.length > 0 && { SequenceOfUltrasoundRegions: input.regions.map(regionItem) }),
    PixelData: new Uint8Array(picture.pixels),
  };
}

/** What objects that are derived from it need to know of it. */
export function sourceImageOf(input: UltrasoundImageInput): SourceImage {
  return {
    SOPClassUID: ultrasoundImageStorage,
    SOPInstanceUID: input.SOPInstanceUID,
    SeriesInstanceUID: input.SeriesInstanceUID,
    StudyInstanceUID: input.StudyInstanceUID,
    Rows: input.picture.height,
    Columns: input.picture.width,
    NumberOfFrames: 1,
    FrameOfReferenceUID: null,
    patientAndStudy: { ...input.patientAndStudy, StudyInstanceUID: input.StudyInstanceUID },
    lossyCompression: lossyCompression(input),
  };
}

/** Patient and study of what came without: a pseudonym that is the same each time, told by the study alone. */
export function anonymousStudy(studyInstanceUID: string, pseudonym: string, title: string | null): Attributes {
  return {
    StudyInstanceUID: studyInstanceUID,
    PatientName: pseudonym,
    PatientID: pseudonym,
    PatientBirthDate: null,
    PatientSex: null,
    StudyDate: null,
    StudyTime: null,
    ReferringPhysicianName: null,
    StudyID: null,
    AccessionNumber: null,
    StudyDescription: title === null ? undefined : longString(title),
  };
}

function lossyCompression({ lossy }: UltrasoundImageInput): Attributes {
  if (lossy === null) return { LossyImageCompression: '00' };
  return {
    LossyImageCompression: '01',
    LossyImageCompressionRatio: decimalString(Math.max(1, Number(lossy.ratio.toFixed(2)))),
    LossyImageCompressionMethod: lossy.method,
  };
}

/** Vertical and horizontal as whole numbers, to four digits. */
function wholeRatio(ratio: number): string[] {
  return [String(Math.round(ratio * 10_000)), '10000'];
}

/** What the file said, in its own units: centimetres (3) where the scale is known. */
function regionItem(region: UltrasoundRegion): Attributes {
  const { physicalDeltaXMm: deltaX, physicalDeltaYMm: deltaY } = region;
  return {
    RegionSpatialFormat: region.spatialFormat ?? 1,
    RegionDataType: region.dataType ?? 1,
    RegionFlags: region.highPriority ? 0 : 1,
    RegionLocationMinX0: region.minX0,
    RegionLocationMinY0: region.minY0,
    RegionLocationMaxX1: region.maxX1,
    RegionLocationMaxY1: region.maxY1,
    PhysicalUnitsXDirection: deltaX === null ? 0 : 3,
    PhysicalUnitsYDirection: deltaY === null ? 0 : 3,
    PhysicalDeltaX: deltaX === null ? 1 : deltaX / 10,
    PhysicalDeltaY: deltaY === null ? 1 : deltaY / 10,
  };
}
