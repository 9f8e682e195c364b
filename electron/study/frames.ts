// Owns the pixels of frames: decoded from the originals on demand, the latest ones kept in memory, thumbnails also on disk.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';
import type { Picture } from '../common/picture.ts';
import { openDicom } from './dicom-reader.ts';
import type { Instance } from '../common/study.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { encodeThumbnail } from '../files/image.ts';
import { openFrameFile, openPicture } from '../files/picture-file.ts';
import { LeastRecentCache } from './least-recent-cache.ts';
import { loadObject, makeFolder, objectPath, verifyObject } from './objects.ts';
import { findFrameContext } from './records.ts';
import type { FrameContext } from './records.ts';
import type { Workspace } from './workspace.ts';

/** Decoded frames kept in memory, in bytes: about 50 colour frames of 1024×768. */
const pictureBudget = 128 * 1024 * 1024;
const openFiles = 3;
const thumbnailsInMemory = 500;

/** An opened file: DICOM, a picture, or the decoded frames of a video. Frames count from 1. */
interface FrameSource {
  frame(frameNumber: number): Promise<Picture>;
}

export class FramePixels {
  readonly #workspace: Workspace;
  readonly #pictures = new LeastRecentCache<string, Picture>(pictureBudget, (picture) => picture.pixels.length);
  readonly #files = new LeastRecentCache<string, FrameSource>(openFiles, () => 1);
  readonly #thumbnails = new LeastRecentCache<string, Uint8Array>(thumbnailsInMemory, () => 1);

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** The frame as displayed. Throws AppError('not-found'), or 'corrupt' when the original was changed. */
  picture(frameId: string): Promise<Picture> {
    return this.#pictures.load(frameId, () => this.#decode(findFrameContext(this.#workspace, frameId)));
  }

  /** A JPEG, at most 160 pixels wide. */
  thumbnail(frameId: string): Promise<Uint8Array> {
    return this.#thumbnails.load(frameId, () => this.#loadThumbnail(frameId));
  }

  async #decode({ instance, frame }: FrameContext): Promise<Picture> {
    const file = await this.#files.load(instance.id, () => this.#open(instance));
    const picture = await file.frame(frame.frameNumber);
    if (picture.width !== frame.width || picture.height !== frame.height) {
      throw new AppError(
        'corrupt',
        `Frame ${frame.frameNumber} of ${instance.fileName} is ${picture.width}×${picture.height}; its record says ${frame.width}×${frame.height}.`,
      );
    }
    return picture;
  }

  async #open({ fileName, objectHash, framesHash, frameCount, mediaType }: Instance): Promise<FrameSource> {
    if (mediaType === 'application/dicom') {
      return openDicom({ path: objectPath(this.#workspace, objectHash), hash: objectHash }, fileName);
    }
    if (framesHash === null) return openPicture(await loadObject(this.#workspace, objectHash), fileName);
    return openFrameFile(await verifyObject(this.#workspace, framesHash), fileName, frameCount);
  }

  async #loadThumbnail(frameId: string): Promise<Uint8Array> {
    const { instance, frame } = findFrameContext(this.#workspace, frameId);
    const folder = join(this.#workspace.folder, 'cache', 'thumbnails');
    const path = join(folder, `${instance.objectHash}.${frame.frameNumber}.jpg`);
    const kept = await readFile(path).catch(() => null);
    if (kept) return kept;
    const thumbnail = await encodeThumbnail(await this.picture(frameId));
    try {
      await makeFolder(folder);
      await writeFileAtomic(path, thumbnail);
    } catch (error) {
      // A cache that cannot be kept costs time only; anything but a failing disk is a fault.
      if (!(error instanceof AppError && error.code === 'storage')) throw error;
    }
    return thumbnail;
  }
}
