// Owns what a file says of its patient, study, series and itself, beside its pixels (PS3.3 C.7.1.1, C.7.2.1, C.7.3.1, C.7.5.1, C.7.6.1).
import type { CodedConcept } from '../common/codes.ts';
import type { InstanceFacts, Patient, SeriesFacts, StudyFacts } from '../common/study.ts';
import type { DataSet } from './data-set.ts';
import { parseDate, parseDateTime, parseTime } from './date-time.ts';
import type { Keyword } from './dictionary.ts';
import { readFrameDurations } from './frame-timing.ts';
import type { Report } from './elements.ts';

/** All but the regions, which ultrasound-regions.ts reads. */
export type FileFacts = Omit<InstanceFacts, 'frameRegions'>;

export function readStudyFacts(dataSet: DataSet, report: Report): StudyFacts {
  return {
    patient: readPatient(dataSet, report),
    studyDate: readDate(dataSet, 'StudyDate', report),
    studyTime: readTime(dataSet, 'StudyTime', report),
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

/** What is known of the pixels when the header is read. */
export interface PixelFacts {
  readonly transferSyntaxUID: string;
  readonly photometric: string;
  readonly columns: number;
  readonly rows: number;
  readonly frameCount: number;
}

export function readInstanceFacts(dataSet: DataSet, pixels: PixelFacts, report: Report): FileFacts {
  return {
    sopClassUID: dataSet.text('SOPClassUID'),
    transferSyntaxUID: pixels.transferSyntaxUID,
    photometricInterpretation: pixels.photometric,
    lossyImageCompression: readLossy(dataSet),
    instanceNumber: readWhole(dataSet, 'InstanceNumber'),
    ...readAcquisition(dataSet, report),
    imageLaterality: dataSet.text('ImageLaterality'),
    anatomicRegions: dataSet
      .items('AnatomicRegionSequence')
      .map(readConcept)
      .filter((concept) => concept !== null),
    frameDurationsMs: readFrameDurations(dataSet, pixels.frameCount, report),
  };
}

function readPatient(dataSet: DataSet, report: Report): Patient | null {
  const patient: Patient = {
    name: dataSet.text('PatientName'),
    id: dataSet.text('PatientID'),
    birthDate: readDate(dataSet, 'PatientBirthDate', report),
    sex: dataSet.text('PatientSex'),
  };
  return Object.values(patient).some((value) => value !== null) ? patient : null;
}

/** When the acquisition began; where the file does not say, when its pixels were made. Date and time of one source. */
function readAcquisition(dataSet: DataSet, report: Report): Pick<InstanceFacts, 'acquisitionDate' | 'acquisitionTime'> {
  for (const source of ['Acquisition', 'Content'] as const) {
    const acquisitionDate = readDate(dataSet, `${source}Date`, report);
    const acquisitionTime = readTime(dataSet, `${source}Time`, report);
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

function readDate(dataSet: DataSet, keyword: Keyword, report: Report): string | null {
  return parsed(dataSet, keyword, parseDate, 'date', report);
}

function readTime(dataSet: DataSet, keyword: Keyword, report: Report): string | null {
  return parsed(dataSet, keyword, parseTime, 'time', report);
}

/** Of a value that cannot be read the warning does not repeat the text: it may be anything. */
function parsed(
  dataSet: DataSet,
  keyword: Keyword,
  parse: (text: string) => string | null,
  kind: string,
  report: Report,
): string | null {
  const text = dataSet.text(keyword);
  const value = text === null ? null : parse(text);
  if (text !== null && value === null) report(`${keyword} is no ${kind} and was not used.`);
  return value;
}
