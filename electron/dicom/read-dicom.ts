// Owns the reading of DICOM images: the records of a file and its frames as displayed. Who the patient is leaves it in `study.patient` alone.
import { AppError, messageOf } from '../common/errors.ts';
import type { Picture } from '../common/picture.ts';
import { decodeSamples, UnsupportedStream } from './codecs.ts';
import type { DataSet } from './data-set.ts';
import type { Report } from './elements.ts';
import { readHeader, type DicomHeader } from './file-header.ts';
import { locateFrames, settleSubsampling } from './frame-bytes.ts';
import { readGreyLevels } from './grey-levels.ts';
import { readPalette } from './lookup-tables.ts';
import { parsePart10 } from './part10.ts';
import { toPicture, type DisplayTables } from './photometric.ts';
import { readPixelFormat, type PixelFormat } from './pixel-format.ts';

export interface DicomFile extends DicomHeader {
  /** Frame `frameNumber` (from 1) as displayed: 1 channel where it is grey, else RGB. Throws AppError that names the file and the frame. */
  readonly frame: (frameNumber: number) => Promise<Picture>;
}

/** A file whose bytes are at hand. */
export interface ParsedDicom extends DicomFile {
  /** Where the uncompressed samples of all frames lie in the file; null where they are coded in any way. */
  readonly samples: FileRange | null;
}

export interface FileRange {
  readonly offset: number;
  readonly length: number;
}

/** Gives the bytes of a range of the file, in memory of their own. */
export type ReadRange = (range: FileRange) => Promise<Uint8Array>;

/**
 * Reads a DICOM file of any SOP class with decodable pixels. Throws AppError('bad-input') for what is no DICOM image, is damaged or cut short,
 * AppError('unsupported') for a coding without decoder; messages name the file and hold nothing about the patient. With `read`, the samples of a file
 * whose `samples` are known need not be in `bytes`: each frame's are read when it is asked for.
 */
export async function readDicom(bytes: Uint8Array, fileName: string, read?: ReadRange): Promise<ParsedDicom> {
  const file = parsePart10(bytes, fileName);
  const { dataSet, transferSyntaxUID, report } = file;
  const format = settleSubsampling(dataSet, readPixelFormat(dataSet, transferSyntaxUID, fileName, report), report);
  const frames = locateFrames(dataSet, format, fileName, report);
  const tables = readTables(dataSet, format, fileName, report);
  const samples = locateSamples(dataSet, format, bytes);
  return {
    samples,
    ...readHeader(file, bytes, { ...format, frameCount: frames.count }),
    async frame(frameNumber) {
      if (!Number.isInteger(frameNumber) || frameNumber < 1 || frameNumber > frames.count) {
        throw new AppError(
          'not-found',
          `${fileName} has frames 1 to ${frames.count}; there is no frame ${frameNumber}.`,
        );
      }
      const stored = frames.bytes(frameNumber - 1);
      const encoded =
        read && samples ? await read({ offset: stored.byteOffset - bytes.byteOffset, length: stored.length }) : stored;
      const decoded = await decodeSamples(encoded, format).catch((cause: unknown) => {
        const isWhole = cause instanceof UnsupportedStream;
        throw new AppError(
          isWhole ? 'unsupported' : 'bad-input',
          `${fileName}: frame ${frameNumber} ${isWhole ? 'cannot be read' : 'is damaged or incomplete'}: ${reasonOf(cause)}.`,
          { cause },
        );
      });
      return toPicture(decoded, format, tables);
    },
  };
}

function locateSamples(dataSet: DataSet, { coding, packed }: PixelFormat, bytes: Uint8Array): FileRange | null {
  const data = coding === 'native' && !packed ? dataSet.binary('PixelData') : null;
  if (data?.buffer !== bytes.buffer) return null;
  return { offset: data.byteOffset - bytes.byteOffset, length: data.length };
}

function readTables(dataSet: DataSet, format: PixelFormat, fileName: string, report: Report): DisplayTables {
  if (format.photometric === 'PALETTE COLOR') {
    return { palette: readPalette(dataSet, format.signed, fileName, report), greyLevels: null };
  }
  return { palette: null, greyLevels: format.samplesPerPixel === 1 ? readGreyLevels(dataSet, format, fileName) : null };
}

/** The first line of a decoder's message: it speaks of streams, never of values. */
function reasonOf(error: unknown): string {
  const message = messageOf(error);
  return message.trim().split('\n')[0].replace(/\.$/, '');
}
