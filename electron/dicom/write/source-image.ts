// Owns the image that an object is derived from: what refers to it, and the modules of patient and study that the derived object shares with it
// (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2). An object of the same study has to say the same of them.
import type { DataSet } from '../data-set.ts';
import { parseDate, parseTime } from '../date-time.ts';
import { dictionary } from '../dictionary.ts';
import type { Keyword } from '../dictionary.ts';
import { parsePart10 } from '../part10.ts';
import type { Attributes } from './attributes.ts';

export interface SourceImage {
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly StudyInstanceUID: string;
  readonly Rows: number;
  readonly Columns: number;
  readonly NumberOfFrames: number;
  readonly FrameOfReferenceUID: string | null;
  /** Patient, General Study and Patient Study. */
  readonly patientAndStudy: Attributes;
  /** Lossy Image Compression and what goes with it: masks drawn on such pixels say so. */
  readonly lossyCompression: Attributes;
}

/** The frame of reference that all sources share; null where they have several, or one of them has none. */
export function sharedFrameOfReference([first, ...others]: readonly SourceImage[]): string | null {
  const { FrameOfReferenceUID } = first;
  return others.every((source) => source.FrameOfReferenceUID === FrameOfReferenceUID) ? FrameOfReferenceUID : null;
}

/** Type 2: there, if empty. */
const required = [
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'PatientSex',
  'StudyDate',
  'StudyTime',
  'ReferringPhysicianName',
  'StudyID',
  'AccessionNumber',
] as const satisfies readonly Keyword[];

/** Type 3: where the source has them. */
const optional = [
  'IssuerOfPatientID',
  'StudyDescription',
  'PatientAge',
  'PatientSize',
  'PatientWeight',
  'PatientIdentityRemoved',
  'DeidentificationMethod',
  'LongitudinalTemporalInformationModified',
] as const satisfies readonly Keyword[];

/** Reads the header of a DICOM image; null where an identifier is missing or malformed, so that nothing can refer to it. Throws AppError. */
export function readSourceImage(bytes: Uint8Array, fileName: string): SourceImage | null {
  const { dataSet } = parsePart10(bytes, fileName);
  const [SOPClassUID, SOPInstanceUID, SeriesInstanceUID, StudyInstanceUID] = identifiers.map((keyword) =>
    readUID(dataSet, keyword),
  );
  if (!SOPClassUID || !SOPInstanceUID || !SeriesInstanceUID || !StudyInstanceUID) return null;
  return {
    SOPClassUID,
    SOPInstanceUID,
    SeriesInstanceUID,
    StudyInstanceUID,
    Rows: dataSet.number('Rows') ?? 0,
    Columns: dataSet.number('Columns') ?? 0,
    NumberOfFrames: dataSet.number('NumberOfFrames') ?? 1,
    FrameOfReferenceUID: readUID(dataSet, 'FrameOfReferenceUID'),
    patientAndStudy: readPatientAndStudy(dataSet, StudyInstanceUID),
    lossyCompression: readLossyCompression(dataSet),
  };
}

const identifiers = ['SOPClassUID', 'SOPInstanceUID', 'SeriesInstanceUID', 'StudyInstanceUID'] as const;

/** Leading zeros are against the rule and are met all the same; a reference has to repeat them. */
function readUID(dataSet: DataSet, keyword: Keyword): string | null {
  const value = dataSet.text(keyword);
  return value !== null && /^[0-9.]{1,64}$/.test(value) ? value : null;
}

function readPatientAndStudy(dataSet: DataSet, StudyInstanceUID: string): Attributes {
  const attributes: Record<string, string | null | readonly Attributes[]> = { StudyInstanceUID };
  for (const keyword of required) attributes[keyword] = readWellFormed(dataSet, keyword);
  for (const keyword of optional) {
    const value = readWellFormed(dataSet, keyword);
    if (value !== null) attributes[keyword] = value;
  }
  const methods = dataSet.items('DeidentificationMethodCodeSequence').map((item) => ({
    CodeValue: item.text('CodeValue'),
    CodingSchemeDesignator: item.text('CodingSchemeDesignator'),
    CodeMeaning: item.text('CodeMeaning'),
  }));
  if (methods.length > 0) attributes.DeidentificationMethodCodeSequence = methods;
  return attributes;
}

/** What a value has to look like, by its representation; names and numbers stay as they are. */
const forms: Readonly<Record<string, ((value: string) => string | null) | undefined>> = {
  DA: (value) => parseDate(value)?.replaceAll('-', '') ?? null,
  TM: (value) => parseTime(value)?.replaceAll(':', '') ?? null,
  AS: (value) => (/^\d{3}[DWMY]$/.test(value) ? value : null),
  DS: (value) => (Number.isFinite(Number(value)) && value.length <= 16 ? value : null),
  CS: (value) => (/^[A-Z0-9 _]{1,16}$/i.test(value) ? value.toUpperCase() : null),
};

/** A value in the form that the standard wants today: old dates are put right, what has no meaning is left out. */
function readWellFormed(dataSet: DataSet, keyword: Keyword): string | null {
  const value = dataSet.text(keyword);
  const form = forms[dictionary[keyword][1]];
  return value === null || form === undefined ? value : form(value);
}

/** What the file says, with ratio and method only where both are known, as the standard wants them. */
function readLossyCompression(dataSet: DataSet): Attributes {
  if (dataSet.text('LossyImageCompression') !== '01') return { LossyImageCompression: '00' };
  const ratio = dataSet.texts('LossyImageCompressionRatio');
  const method = dataSet.texts('LossyImageCompressionMethod');
  const known = ratio.length > 0 && ratio.length === method.length;
  return {
    LossyImageCompression: '01',
    ...(known && { LossyImageCompressionRatio: ratio, LossyImageCompressionMethod: method }),
  };
}
