// Owns the import of one video: its frames are decoded once, without loss, into an object of their own, so that they are the same on every
// machine and do not need ffmpeg again.
import type { Picture } from '../common/picture.ts';
import { FrameFileWriter } from '../files/frame-file.ts';
import { decodeVideo, findVideoTools, missingVideoTools } from '../files/video.ts';
import { contentUID } from './identifiers.ts';
import type { ImportedFile } from './import-log.ts';
import type { PictureSource, PictureStudy } from './import-picture.ts';
import { saveInstance } from './instances.ts';
import { discardUnnamed, objectPath, saveObject, writeObject } from './objects.ts';
import type { Workspace } from './workspace.ts';

export interface VideoOptions {
  /** ffmpeg, or the folder that holds it; PATH is searched where it is left out. */
  readonly ffmpeg?: string;
  readonly signal?: AbortSignal;
  /** Told how many frames are decoded. */
  readonly onFrame?: (count: number) => void;
}

/** Throws AppError('unsupported') where there is no ffmpeg, and what decodeVideo throws; then nothing of the file is kept. */
export async function importVideo(
  workspace: Workspace,
  file: PictureSource,
  target: PictureStudy,
  bytes: Uint8Array,
  options: VideoOptions,
): Promise<ImportedFile> {
  const tools = await findVideoTools(options.ffmpeg);
  if (!tools) throw missingVideoTools(file.name);
  // ffmpeg reads the copy in the workspace, which nobody changes meanwhile.
  await saveObject(workspace, file.hash, bytes);
  const written = [file.hash];
  try {
    const source = { path: objectPath(workspace, file.hash), fileName: file.name, mediaType: file.mediaType };
    const { hash: framesHash, value: video } = await writeObject(workspace, async (write) => {
      const frames = new FrameFileWriter(write);
      let count = 0;
      const keep = async (picture: Picture): Promise<void> => {
        await frames.add(picture);
        options.onFrame?.((count += 1));
      };
      const decoded = await decodeVideo(tools, source, keep, options.signal);
      await frames.end();
      return decoded;
    });
    written.push(framesHash);
    const saved = saveInstance(workspace, {
      ...target,
      instance: {
        sopInstanceUID: contentUID(file.hash),
        fileName: file.fileName,
        objectHash: file.hash,
        framesHash,
        mediaType: file.mediaType,
        width: video.width,
        height: video.height,
        frameCount: video.frameCount,
        frameDurationsMs: video.frameDurationsMs,
        photometricInterpretation: video.grey ? 'MONOCHROME2' : 'RGB',
        // Every codec that scanners write into these files loses some detail.
        lossyImageCompression: true,
        pixelAspectRatio: video.pixelAspectRatio,
        regions: [],
        warnings: video.warnings,
      },
    });
    return { ...saved, frameCount: video.frameCount };
  } catch (error) {
    await discardUnnamed(workspace, ...written);
    throw error;
  }
}
