// Owns the frames of a DICOM file whose pixels are a video: decoded once, without loss, into an object of their own, as those of other videos.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DicomVideo } from '../dicom/read-video.ts';
import { FrameFileWriter } from '../files/frame-file.ts';
import { decodeVideo, findVideoTools, missingVideoTools } from '../files/video.ts';
import type { DecodedVideo } from '../files/video.ts';
import type { DicomHeader } from './dicom-reader.ts';
import type { VideoOptions } from './import-video.ts';
import { makeUnfinished, writeObject } from './objects.ts';
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
  // ffmpeg reads files: the stream lies beside the DICOM file for as long as that takes, where a process that is killed leaves nothing.
  const folder = await mkdtemp(join(await makeUnfinished(workspace), 'video-'));
  try {
    const path = join(folder, 'stream');
    await writeFile(path, video.stream);
    const source = { path, fileName: name, mediaType: 'application/dicom', container: video.container } as const;
    // The header is made before the frames are in their place: they are not kept for one that has a fault.
    const { hash: framesHash, value: header } = await writeObject(workspace, async (write) => {
      const frames = new FrameFileWriter(write);
      const decoded = await decodeVideo(tools, source, (picture) => frames.add(picture), options.signal);
      await frames.end();
      return describe(video.header(decoded), decoded);
    });
    return { header, framesHash };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function describe(header: DicomHeader, decoded: DecodedVideo): DicomHeader {
  const instance = {
    ...header.instance,
    lossyImageCompression: true,
    frameDurationsMs: header.instance.frameDurationsMs ?? decoded.frameDurationsMs,
  };
  return { ...header, instance, warnings: [...header.warnings, ...decoded.warnings] };
}
