// Owns picture files of one frame or several: pages of a TIFF, pictures of an animated GIF or WebP with the time that each is shown.
import type { Metadata } from 'sharp';
import { AppError } from '../common/errors.ts';
import { mostFrames, type Picture } from '../common/picture.ts';
import type { MediaType } from '../common/study.ts';
import { decodeBitmap } from './bitmap.ts';
import { decodePage, openPage, requirePicture, toPictureError } from './image.ts';

export interface PictureFile {
  readonly frameCount: number;
  /** How long each frame is shown, in milliseconds; null where the file does not say. */
  readonly frameDurationsMs: readonly number[] | null;
  /** Small faults met on reading, in words. */
  readonly warnings: readonly string[];
  /** Frame `frameNumber` (from 1) as decodeImage gives it. Throws AppError that names the file and the frame. */
  frame(frameNumber: number): Promise<Picture>;
}

/** More are a mistake or an attack: an hour at 50 frames a second. */
/** Browsers show a frame whose delay is 0 or 1 hundredth of a second for a tenth. */
const shortestDelayMs = 20;
const usualDelayMs = 100;

/**
 * Opens a picture of any format that decodeImage reads. Pages of a TIFF whose size differs from the first page's (thumbnails, reduced
 * versions) are no frames and named in a warning. Throws AppError('bad-input') for another or a damaged file.
 */
export async function openPicture(bytes: Uint8Array, fileName: string): Promise<PictureFile> {
  const mediaType = requirePicture(bytes, fileName);
  if (mediaType === 'image/bmp') return stillPicture(() => decodeBitmap(bytes, fileName), fileName);
  const metadata = await readMetadata(bytes, 0, fileName);
  const pageCount = metadata.pages ?? 1;
  if (pageCount > mostFrames) {
    throw new AppError('bad-input', `${fileName} says that it has ${pageCount} frames; up to ${mostFrames} are read.`);
  }
  if (pageCount === 1) return stillPicture(() => decodePage(bytes, fileName, mediaType, 0), fileName);
  const pages = mediaType === 'image/tiff' ? await listEqualPages(bytes, metadata, pageCount, fileName) : null;
  const omitted = pages ? pageCount - pages.length : 0;
  return pagedPicture(bytes, fileName, mediaType, {
    pages: pages ?? Array.from({ length: pageCount }, (_, page) => page),
    frameDurationsMs: mediaType === 'image/tiff' ? null : readDurations(metadata, pageCount),
    warnings:
      omitted > 0
        ? [`${omitted} of ${pageCount} pages have another size than the first; they were left out of the frames.`]
        : [],
  });
}

/** A TIFF whose pages are all frames, read page by page from its path: the decoded frames of a video. */
export function openFrameFile(path: string, fileName: string, frameCount: number): PictureFile {
  const pages = Array.from({ length: frameCount }, (_, page) => page);
  return pagedPicture(path, fileName, 'image/tiff', { pages, frameDurationsMs: null, warnings: [] });
}

function stillPicture(decode: () => Picture | Promise<Picture>, fileName: string): PictureFile {
  return {
    frameCount: 1,
    frameDurationsMs: null,
    warnings: [],
    frame: async (frameNumber) => {
      requireFrame(frameNumber, 1, fileName);
      return decode();
    },
  };
}

interface Pages {
  /** The pages that are frames, from 0. */
  readonly pages: readonly number[];
  readonly frameDurationsMs: readonly number[] | null;
  readonly warnings: readonly string[];
}

function pagedPicture(
  source: Uint8Array | string,
  fileName: string,
  mediaType: MediaType,
  { pages, frameDurationsMs, warnings }: Pages,
): PictureFile {
  return {
    frameCount: pages.length,
    frameDurationsMs,
    warnings,
    async frame(frameNumber) {
      requireFrame(frameNumber, pages.length, fileName);
      return decodePage(source, `${fileName}, frame ${frameNumber},`, mediaType, pages[frameNumber - 1]);
    },
  };
}

function requireFrame(frameNumber: number, frameCount: number, fileName: string): void {
  if (Number.isInteger(frameNumber) && frameNumber >= 1 && frameNumber <= frameCount) return;
  throw new AppError('not-found', `${fileName} has frames 1 to ${frameCount}; there is no frame ${frameNumber}.`);
}

async function readMetadata(bytes: Uint8Array, page: number, fileName: string): Promise<Metadata> {
  try {
    return await openPage(bytes, page).metadata();
  } catch (error) {
    throw toPictureError(error, fileName);
  }
}

async function listEqualPages(
  bytes: Uint8Array,
  first: Metadata,
  pageCount: number,
  fileName: string,
): Promise<number[]> {
  const pages = [0];
  for (let page = 1; page < pageCount; page += 1) {
    const { width, height, orientation } = await readMetadata(bytes, page, fileName);
    const isTurned = (orientation ?? 1) >= 5 !== (first.orientation ?? 1) >= 5;
    if (width === first.width && height === first.height && !isTurned) pages.push(page);
  }
  return pages;
}

function readDurations({ delay }: Metadata, pageCount: number): number[] | null {
  if (!delay || delay.length !== pageCount) return null;
  return delay.map((milliseconds) => (milliseconds < shortestDelayMs ? usualDelayMs : milliseconds));
}
