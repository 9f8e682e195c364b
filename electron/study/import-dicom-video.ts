// Owns the frames of a DICOM file whose pixels are a video: decoded once, without loss, into an object of their own, as those of other videos.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DicomVideo } from '../dicom/read-video.ts';
import { FrameFileWriter } from '../files/frame-file.ts';
import { decodeVideo, findVideoTools, missingVideoTools } from '../files/video.ts';
import type { DicomHeader } from './dicom-reader.ts';
import type { VideoOptions } from './import-video.ts';
import { writeObject } from './objects.ts';
import type { Workspace } from './workspace.ts';

/** Throws AppError('unsupported') where there is no ffmpeg, and what decodeVideo throws. `name` is how messages call the file. */
export async function importDicomVideo(
  workspace: Workspace,
  { name }: { readonly name: string },
  video: DicomVideo,
  options: VideoOptions,
): Promise<{ readonly header: DicomHeader; readonly framesHash: string }> {
  const tools = await findVideoTools(options.ffmpeg);
  if (!tools) throw missingVideoTools(name);
  // ffmpeg reads files: the stream lies beside the DICOM file for as long as that takes.
  const folder = await mkdtemp(join(tmpdir(), 'sonosync-video-'));
  try {
    const path = join(folder, 'stream');
    await writeFile(path, video.stream);
    const source = { path, fileName: name, mediaType: 'application/dicom', container: video.container } as const;
    const { hash: framesHash, value: decoded } = await writeObject(workspace, async (write) => {
      const frames = new FrameFileWriter(write);
      const result = await decodeVideo(tools, source, (picture) => frames.add(picture), options.signal);
      await frames.end();
      return result;
    });
    const header = video.header(decoded);
    const instance = {
      ...header.instance,
      lossyImageCompression: true,
      frameDurationsMs: header.instance.frameDurationsMs ?? decoded.frameDurationsMs,
    };
    return { header: { ...header, instance, warnings: [...header.warnings, ...decoded.warnings] }, framesHash };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
