// Owns what a file says of itself beside its pixels: the records that are made of it. Who the patient is stands in `study.patient` alone.
import { createHash } from 'node:crypto';
import type { SeriesFacts, StudyFacts } from '../common/study.ts';
import type { DataSet } from './data-set.ts';
import type { Keyword } from './dictionary.ts';
import type { Report } from './elements.ts';
import type { Part10File } from './part10.ts';
import { readPatientKey, readTitle } from './study-description.ts';
import { readInstanceFacts, readSeriesFacts, readStudyFacts, type FileFacts, type PixelFacts } from './study-facts.ts';
import { readCalibration, readPixelAspectRatio, type Calibrated } from './ultrasound-regions.ts';

export interface DicomHeader extends Calibrated {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly patientKey: string | null;
  /** Without the patient's name or number; 'Ultrasound' where the file says nothing. */
  readonly title: string;
  readonly study: StudyFacts;
  readonly series: SeriesFacts;
  readonly instance: FileFacts;
  /** Columns and rows of a frame, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly frameCount: number;
  /** Pixel height over width. */
  readonly pixelAspectRatio: number;
  /** Small faults met on reading, in words. */
  readonly warnings: readonly string[];
}

/** The header of a file whose pixels are known. What is met on the way goes to its warnings. */
export function readHeader(
  { dataSet, faults, report }: Part10File,
  bytes: Uint8Array,
  pixels: PixelFacts,
): DicomHeader {
  const uid = (keyword: Keyword) => readUid(dataSet, keyword, bytes, report);
  return {
    studyInstanceUID: uid('StudyInstanceUID'),
    seriesInstanceUID: uid('SeriesInstanceUID'),
    sopInstanceUID: uid('SOPInstanceUID'),
    patientKey: readPatientKey(dataSet),
    title: readTitle(dataSet),
    study: readStudyFacts(dataSet, report),
    series: readSeriesFacts(dataSet),
    instance: readInstanceFacts(dataSet, pixels, report),
    width: pixels.columns,
    height: pixels.rows,
    frameCount: pixels.frameCount,
    pixelAspectRatio: readPixelAspectRatio(dataSet, report),
    ...readCalibration(dataSet, pixels, report),
    warnings: [...faults],
  };
}

const madeFromContent = "one was made from the file's content.";

/** Whether a UID of the file stands for all its bytes. */
export function namesWholeContent({ warnings }: Pick<DicomHeader, 'warnings'>): boolean {
  return warnings.some((warning) => warning.endsWith(madeFromContent));
}

/** A UID of the file; where it is missing one that the same bytes always give (PS3.5 section B.2). */
function readUid(dataSet: DataSet, keyword: Keyword, bytes: Uint8Array, report: Report): string {
  const uid = dataSet.text(keyword);
  if (uid !== null && /^[0-9.]{1,64}$/.test(uid)) return uid;
  report(`${keyword} is missing or malformed; ${madeFromContent}`);
  const hash = createHash('sha256').update(keyword).update(bytes).digest('hex').slice(0, 32);
  return `2.25.${BigInt(`0x${hash}`)}`;
}
