// Owns the image that an object is derived from: what refers to it, and the modules of patient and study that the derived object shares with it
// (PS3.3 C.7.1.1, C.7.2.1, C.7.2.2). An object of the same study has to say the same of them.
import { AppError } from '../../common/errors.ts';
import type { DataSet } from '../data-set.ts';
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

/** Reads the header of a DICOM image. Throws AppError('bad-input') that names the file where it cannot be referred to. */
export function readSourceImage(bytes: Uint8Array, fileName: string): SourceImage {
  const { dataSet } = parsePart10(bytes, fileName);
  const uid = (keyword: Keyword): string => {
    const value = dataSet.text(keyword);
    if (value !== null && isUID(value)) return value;
    throw new AppError('bad-input', `${fileName} has no usable ${keyword}, so that nothing can refer to it.`);
  };
  return {
    SOPClassUID: uid('SOPClassUID'),
    SOPInstanceUID: uid('SOPInstanceUID'),
    SeriesInstanceUID: uid('SeriesInstanceUID'),
    StudyInstanceUID: uid('StudyInstanceUID'),
    Rows: dataSet.number('Rows') ?? 0,
    Columns: dataSet.number('Columns') ?? 0,
    NumberOfFrames: dataSet.number('NumberOfFrames') ?? 1,
    FrameOfReferenceUID: dataSet.text('FrameOfReferenceUID'),
    patientAndStudy: readPatientAndStudy(dataSet, uid('StudyInstanceUID')),
    lossyCompression: readLossyCompression(dataSet),
  };
}

export function isUID(text: string): boolean {
  // Leading zeros are against the rule and are met all the same; a reference has to repeat them.
  return /^[0-9.]{1,64}$/.test(text);
}

function readPatientAndStudy(dataSet: DataSet, StudyInstanceUID: string): Attributes {
  const attributes: Record<string, string | null | readonly Attributes[]> = { StudyInstanceUID };
  for (const keyword of required) attributes[keyword] = dataSet.text(keyword);
  for (const keyword of optional) {
    const value = dataSet.text(keyword);
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
