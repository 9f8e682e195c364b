// Owns the reading of DICOM images: the records of a file and its frames as displayed. Who the patient is leaves it in `study.patient` alone.
import { createHash } from 'node:crypto';
import { AppError } from '../common/errors.ts';
import type { Picture } from '../common/picture.ts';
import type { Position } from '../common/prompts.ts';
import type { SeriesFacts, StudyFacts } from '../common/study.ts';
import { decodeSamples } from './codecs.ts';
import type { DataSet } from './data-set.ts';
import type { Keyword } from './dictionary.ts';
import { locateFrames, settleSubsampling } from './frame-bytes.ts';
import { readGreyLevels } from './grey-levels.ts';
import { readPalette } from './lookup-tables.ts';
import { parsePart10 } from './part10.ts';
import { toPicture, type DisplayTables } from './photometric.ts';
import { readPixelFormat, type PixelFormat } from './pixel-format.ts';
import { readInstanceFacts, readSeriesFacts, readStudyFacts, type FileFacts } from './study-facts.ts';
import { readPatientKey, readPosition, readTitle } from './study-description.ts';
import { readCalibration, readPixelAspectRatio, type Calibrated } from './ultrasound-regions.ts';

export interface DicomFile extends Calibrated {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly patientKey: string | null;
  /** Without the patient's name or number; 'Ultrasound' where the file says nothing. */
  readonly title: string;
  readonly position: Position | null;
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
  /** Frame `frameNumber` (from 1) as displayed: 1 channel where it is grey, else RGB. Throws AppError that names the file and the frame. */
  readonly frame: (frameNumber: number) => Promise<Picture>;
}

/**
 * Reads a DICOM file of any SOP class with decodable pixels. Throws AppError('bad-input') for what is no DICOM image, is damaged or cut short,
 * AppError('unsupported') for a coding without decoder; messages name the file and hold nothing about the patient.
 */
export async function readDicom(bytes: Uint8Array, fileName: string): Promise<DicomFile> {
  const { dataSet, transferSyntaxUID, warnings: faults } = parsePart10(bytes, fileName);
  const warnings = [...faults];
  const format = settleSubsampling(dataSet, readPixelFormat(dataSet, transferSyntaxUID, fileName, warnings), warnings);
  const frameBytes = locateFrames(dataSet, format, fileName);
  const tables = readTables(dataSet, format, fileName, warnings);
  const uid = (keyword: Keyword) => readUid(dataSet, keyword, bytes, warnings);
  return {
    studyInstanceUID: uid('StudyInstanceUID'),
    seriesInstanceUID: uid('SeriesInstanceUID'),
    sopInstanceUID: uid('SOPInstanceUID'),
    patientKey: readPatientKey(dataSet),
    title: readTitle(dataSet),
    position: readPosition(dataSet),
    study: readStudyFacts(dataSet, warnings),
    series: readSeriesFacts(dataSet),
    instance: readInstanceFacts(dataSet, format, warnings),
    width: format.columns,
    height: format.rows,
    frameCount: format.frameCount,
    pixelAspectRatio: readPixelAspectRatio(dataSet, warnings),
    ...readCalibration(dataSet, format, warnings),
    warnings,
    async frame(frameNumber) {
      if (!Number.isInteger(frameNumber) || frameNumber < 1 || frameNumber > format.frameCount) {
        throw new AppError(
          'not-found',
          `${fileName} has frames 1 to ${format.frameCount}; there is no frame ${frameNumber}.`,
        );
      }
      const samples = await decodeSamples(frameBytes(frameNumber - 1), format).catch((cause: unknown) => {
        throw new AppError(
          'bad-input',
          `${fileName}: frame ${frameNumber} is damaged or incomplete: ${reasonOf(cause)}.`,
          { cause },
        );
      });
      return toPicture(samples, format, tables);
    },
  };
}

function readTables(dataSet: DataSet, format: PixelFormat, fileName: string, warnings: string[]): DisplayTables {
  if (format.photometric === 'PALETTE COLOR') {
    return { palette: readPalette(dataSet, format.signed, fileName, warnings), greyLevels: null };
  }
  return { palette: null, greyLevels: format.samplesPerPixel === 1 ? readGreyLevels(dataSet, format, fileName) : null };
}

/** A UID of the file; where it is missing one that the same bytes always give (PS3.5 section B.2). */
function readUid(dataSet: DataSet, keyword: Keyword, bytes: Uint8Array, warnings: string[]): string {
  const uid = dataSet.text(keyword);
  if (uid !== null && /^[0-9.]{1,64}$/.test(uid)) return uid;
  warnings.push(`${keyword} is missing or malformed; one was made from the file's content.`);
  const hash = createHash('sha256').update(keyword).update(bytes).digest('hex').slice(0, 32);
  return `2.25.${BigInt(`0x${hash}`)}`;
}

/** The first line of a decoder's message: it speaks of streams, never of values. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split('\n')[0].replace(/\.$/, '');
}
