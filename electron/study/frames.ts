// Owns the pixels of frames: decoded from the originals on demand and a little ahead, the latest ones kept in memory, thumbnails also on disk.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';
import type { Picture } from '../common/picture.ts';
import { openDicom } from './dicom-reader.ts';
import type { FrameOptions } from './dicom-reader.ts';
import type { Instance } from '../common/study.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { encodeThumbnail } from '../files/image.ts';
import { openFrameFile, openPicture } from '../files/picture-file.ts';
import { LeastRecentCache } from './least-recent-cache.ts';
import { loadObject, makeFolder, objectPath, verifyObject } from './objects.ts';
import { LookAhead } from './look-ahead.ts';
import type { FramePlace } from './look-ahead.ts';
import { findFrameContext, findFrameId } from './records.ts';
import type { FrameContext } from './records.ts';
import type { Workspace } from './workspace.ts';

/** Decoded frames kept in memory, in bytes: about 110 colour frames of 1024×768. */
const pictureBudget = 256 * 1024 * 1024;
/** What files kept open take, in bytes. The one in use stays, whatever its size. */
const openFileBudget = 512 * 1024 * 1024;
/** At 30 frames a second what is decoded while the next ones are shown. */
const framesAhead = 4;
/** Files that keep nothing: so many stay open that their number is no burden. */
const leastFileCost = openFileBudget / 8;
const thumbnailsInMemory = 500;

/** An opened file: DICOM, a picture, or the decoded frames of a video. Frames count from 1. */
interface FrameSource {
  /** What it keeps in memory; left out where that is little. */
  readonly byteLength?: number;
  frame(frameNumber: number, options?: FrameOptions): Promise<Picture>;
}

export class FramePixels {
  readonly #workspace: Workspace;
  readonly #pictures = new LeastRecentCache<string, Picture>(pictureBudget, (picture) => picture.pixels.length);
  readonly #files = new LeastRecentCache<string, FrameSource>(
    openFileBudget,
    (file) => file.byteLength ?? leastFileCost,
  );
  readonly #thumbnails = new LeastRecentCache<string, Uint8Array>(thumbnailsInMemory, () => 1);
  readonly #lookAhead = new LookAhead(framesAhead, (place) => this.#prepare(place));

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** The frame as displayed. Throws AppError('not-found'), or 'corrupt' when the original was changed. */
  async picture(frameId: string): Promise<Picture> {
    const context = findFrameContext(this.#workspace, frameId);
    const picture = this.#pictures.load(frameId, () => this.#decode(context));
    const { id: instanceId, frameCount } = context.instance;
    this.#lookAhead.asked({ instanceId, frameCount, frameNumber: context.frame.frameNumber }, picture);
    return picture;
  }

  /** A JPEG, at most 160 pixels wide. */
  thumbnail(frameId: string): Promise<Uint8Array> {
    return this.#thumbnails.load(frameId, () => this.#loadThumbnail(frameId));
  }

  async #prepare({ instanceId, frameNumber }: FramePlace): Promise<void> {
    const frameId = findFrameId(this.#workspace, instanceId, frameNumber);
    if (frameId === null) return;
    const context = findFrameContext(this.#workspace, frameId);
    await this.#pictures.load(frameId, () => this.#decode(context, { background: true }));
  }

  async #decode({ instance, frame }: FrameContext, options?: FrameOptions): Promise<Picture> {
    const file = await this.#files.load(instance.id, () => this.#open(instance));
    const picture = await file.frame(frame.frameNumber, options);
    if (picture.width !== frame.width || picture.height !== frame.height) {
      throw new AppError(
        'corrupt',
        `Frame ${frame.frameNumber} of ${instance.fileName} is ${picture.width}×${picture.height}; its record says ${frame.width}×${frame.height}.`,
      );
    }
    return picture;
  }

  async #open({ fileName, objectHash, framesHash, frameCount, mediaType }: Instance): Promise<FrameSource> {
    if (framesHash !== null)
      return openFrameFile(await verifyObject(this.#workspace, framesHash), fileName, frameCount);
    if (mediaType !== 'application/dicom') return openPicture(await loadObject(this.#workspace, objectHash), fileName);
    return openDicom({ path: objectPath(this.#workspace, objectHash), hash: objectHash }, fileName);
  }

  async #loadThumbnail(frameId: string): Promise<Uint8Array> {
    const context = findFrameContext(this.#workspace, frameId);
    const { instance, frame } = context;
    const folder = join(this.#workspace.folder, 'cache', 'thumbnails');
    const path = join(folder, `${instance.objectHash}.${frame.frameNumber}.jpg`);
    const kept = await readFile(path).catch(() => null);
    if (kept) return kept;
    // A strip asks for hundreds: they wait for the frames that are looked at, and do not push those out of memory.
    const picture = await (this.#pictures.peek(frameId) ?? this.#decode(context, { background: true }));
    const thumbnail = await encodeThumbnail(picture);
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
