// Owns what a file says of its patient, study, series and itself, beside its pixels (PS3.3 C.7.1.1, C.7.2.1, C.7.3.1, C.7.5.1, C.7.6.1).
import type { CodedConcept } from '../common/codes.ts';
import type { InstanceFacts, Patient, SeriesFacts, StudyFacts } from '../common/study.ts';
import type { DataSet } from './data-set.ts';
import { parseDate, parseDateTime, parseTime } from './date-time.ts';
import type { Keyword } from './dictionary.ts';
import { readFrameDurations } from './frame-timing.ts';
import type { PixelFormat } from './pixel-format.ts';

/** All but the regions, which ultrasound-regions.ts reads. */
export type FileFacts = Omit<InstanceFacts, 'frameRegions'>;

export function readStudyFacts(dataSet: DataSet, warnings: string[]): StudyFacts {
  return {
    patient: readPatient(dataSet, warnings),
    studyDate: readDate(dataSet, 'StudyDate', warnings),
    studyTime: readTime(dataSet, 'StudyTime', warnings),
    studyID: dataSet.text('StudyID'),
    accessionNumber: dataSet.text('AccessionNumber'),
    studyDescription: dataSet.text('StudyDescription'),
  };
}

export function readSeriesFacts(dataSet: DataSet): SeriesFacts {
  return {
    modality: dataSet.text('Modality'),
    seriesNumber: readWhole(dataSet, 'SeriesNumber'),
    seriesDescription: dataSet.text('SeriesDescription'),
    protocolName: dataSet.text('ProtocolName'),
    bodyPartExamined: dataSet.text('BodyPartExamined'),
    laterality: dataSet.text('Laterality'),
    manufacturer: dataSet.text('Manufacturer'),
    manufacturerModelName: dataSet.text('ManufacturerModelName'),
  };
}

export function readInstanceFacts(dataSet: DataSet, format: PixelFormat, warnings: string[]): FileFacts {
  return {
    sopClassUID: dataSet.text('SOPClassUID'),
    transferSyntaxUID: format.transferSyntaxUID,
    photometricInterpretation: format.photometric,
    lossyImageCompression: readLossy(dataSet),
    instanceNumber: readWhole(dataSet, 'InstanceNumber'),
    ...readAcquisition(dataSet, warnings),
    imageLaterality: dataSet.text('ImageLaterality'),
    anatomicRegions: dataSet
      .items('AnatomicRegionSequence')
      .map(readConcept)
      .filter((concept) => concept !== null),
    frameDurationsMs: readFrameDurations(dataSet, format.frameCount, warnings),
  };
}

function readPatient(dataSet: DataSet, warnings: string[]): Patient | null {
  const patient: Patient = {
    name: dataSet.text('PatientName'),
    id: dataSet.text('PatientID'),
    birthDate: readDate(dataSet, 'PatientBirthDate', warnings),
    sex: dataSet.text('PatientSex'),
  };
  return Object.values(patient).some((value) => value !== null) ? patient : null;
}

/** When the acquisition began; where the file does not say, when its pixels were made. Date and time of one source. */
function readAcquisition(
  dataSet: DataSet,
  warnings: string[],
): Pick<InstanceFacts, 'acquisitionDate' | 'acquisitionTime'> {
  for (const source of ['Acquisition', 'Content'] as const) {
    const acquisitionDate = readDate(dataSet, `${source}Date`, warnings);
    const acquisitionTime = readTime(dataSet, `${source}Time`, warnings);
    if (acquisitionTime !== null) return { acquisitionDate, acquisitionTime };
    const both = source === 'Acquisition' ? parseDateTime(dataSet.text('AcquisitionDateTime') ?? '') : null;
    if (both?.time) return { acquisitionDate: both.date, acquisitionTime: both.time };
  }
  return { acquisitionDate: null, acquisitionTime: null };
}

function readLossy(dataSet: DataSet): boolean | null {
  const value = dataSet.text('LossyImageCompression');
  return value === null ? null : value === '01';
}

function readConcept(item: DataSet): CodedConcept | null {
  const codeMeaning = item.text('CodeMeaning');
  if (codeMeaning === null) return null;
  return {
    codeValue: item.text('CodeValue') ?? '',
    codingSchemeDesignator: item.text('CodingSchemeDesignator') ?? '',
    codeMeaning,
  };
}

function readWhole(dataSet: DataSet, keyword: Keyword): number | null {
  const value = dataSet.number(keyword);
  return value !== null && Number.isSafeInteger(value) ? value : null;
}

function readDate(dataSet: DataSet, keyword: Keyword, warnings: string[]): string | null {
  return parsed(dataSet, keyword, parseDate, 'date', warnings);
}

function readTime(dataSet: DataSet, keyword: Keyword, warnings: string[]): string | null {
  return parsed(dataSet, keyword, parseTime, 'time', warnings);
}

/** Of a value that cannot be read the warning does not repeat the text: it may be anything. */
function parsed(
  dataSet: DataSet,
  keyword: Keyword,
  parse: (text: string) => string | null,
  kind: string,
  warnings: string[],
): string | null {
  const text = dataSet.text(keyword);
  const value = text === null ? null : parse(text);
  if (text !== null && value === null) warnings.push(`${keyword} is no ${kind} and was not used.`);
  return value;
}
