// Owns the reading of DICOM images: the records of a file and its frames as displayed. Who the patient is leaves it in `study.patient` alone.
import { createHash } from 'node:crypto';
import { AppError } from '../common/errors.ts';
import type { Picture } from '../common/picture.ts';
import type { SeriesFacts, StudyFacts } from '../common/study.ts';
import { decodeSamples, UnsupportedStream } from './codecs.ts';
import type { DataSet } from './data-set.ts';
import type { Keyword } from './dictionary.ts';
import type { Report } from './elements.ts';
import { locateFrames, settleSubsampling } from './frame-bytes.ts';
import { readGreyLevels } from './grey-levels.ts';
import { readPalette } from './lookup-tables.ts';
import { parsePart10 } from './part10.ts';
import { toPicture, type DisplayTables } from './photometric.ts';
import { readPixelFormat, type PixelFormat } from './pixel-format.ts';
import { readInstanceFacts, readSeriesFacts, readStudyFacts, type FileFacts } from './study-facts.ts';
import { readPatientKey, readTitle } from './study-description.ts';
import { readCalibration, readPixelAspectRatio, type Calibrated } from './ultrasound-regions.ts';

export interface DicomFile extends Calibrated {
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
  /** Frame `frameNumber` (from 1) as displayed: 1 channel where it is grey, else RGB. Throws AppError that names the file and the frame. */
  readonly frame: (frameNumber: number) => Promise<Picture>;
}

/**
 * Reads a DICOM file of any SOP class with decodable pixels. Throws AppError('bad-input') for what is no DICOM image, is damaged or cut short,
 * AppError('unsupported') for a coding without decoder; messages name the file and hold nothing about the patient.
 */
export async function readDicom(bytes: Uint8Array, fileName: string): Promise<DicomFile> {
  const { dataSet, transferSyntaxUID, faults, report } = parsePart10(bytes, fileName);
  const format = settleSubsampling(dataSet, readPixelFormat(dataSet, transferSyntaxUID, fileName, report), report);
  const frames = locateFrames(dataSet, format, fileName, report);
  const tables = readTables(dataSet, format, fileName, report);
  const uid = (keyword: Keyword) => readUid(dataSet, keyword, bytes, report);
  return {
    studyInstanceUID: uid('StudyInstanceUID'),
    seriesInstanceUID: uid('SeriesInstanceUID'),
    sopInstanceUID: uid('SOPInstanceUID'),
    patientKey: readPatientKey(dataSet),
    title: readTitle(dataSet),
    study: readStudyFacts(dataSet, report),
    series: readSeriesFacts(dataSet),
    instance: readInstanceFacts(dataSet, format, frames.count, report),
    width: format.columns,
    height: format.rows,
    frameCount: frames.count,
    pixelAspectRatio: readPixelAspectRatio(dataSet, report),
    ...readCalibration(dataSet, { ...format, frameCount: frames.count }, report),
    warnings: [...faults],
    async frame(frameNumber) {
      if (!Number.isInteger(frameNumber) || frameNumber < 1 || frameNumber > frames.count) {
        throw new AppError(
          'not-found',
          `${fileName} has frames 1 to ${frames.count}; there is no frame ${frameNumber}.`,
        );
      }
      const samples = await decodeSamples(frames.bytes(frameNumber - 1), format).catch((cause: unknown) => {
        const isWhole = cause instanceof UnsupportedStream;
        throw new AppError(
          isWhole ? 'unsupported' : 'bad-input',
          `${fileName}: frame ${frameNumber} ${isWhole ? 'cannot be read' : 'is damaged or incomplete'}: ${reasonOf(cause)}.`,
          { cause },
        );
      });
      return toPicture(samples, format, tables);
    },
  };
}

function readTables(dataSet: DataSet, format: PixelFormat, fileName: string, report: Report): DisplayTables {
  if (format.photometric === 'PALETTE COLOR') {
    return { palette: readPalette(dataSet, format.signed, fileName, report), greyLevels: null };
  }
  return { palette: null, greyLevels: format.samplesPerPixel === 1 ? readGreyLevels(dataSet, format, fileName) : null };
}

/** A UID of the file; where it is missing one that the same bytes always give (PS3.5 section B.2). */
function readUid(dataSet: DataSet, keyword: Keyword, bytes: Uint8Array, report: Report): string {
  const uid = dataSet.text(keyword);
  if (uid !== null && /^[0-9.]{1,64}$/.test(uid)) return uid;
  report(`${keyword} is missing or malformed; one was made from the file's content.`);
  const hash = createHash('sha256').update(keyword).update(bytes).digest('hex').slice(0, 32);
  return `2.25.${BigInt(`0x${hash}`)}`;
}

/** The first line of a decoder's message: it speaks of streams, never of values. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split('\n')[0].replace(/\.$/, '');
}
