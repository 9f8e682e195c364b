// Owns real videos for tests, made by the installed ffmpeg; tests that need them are skipped where there is none, and say so.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findVideoTools } from '../../electron/files/video.ts';

/** Null where ffmpeg is not installed. */
export const videoTools = await findVideoTools();

export const videoSize = { width: 64, height: 48 };

/** A moving test picture at 10 frames a second. `codec` as ffmpeg calls it. */
export function makeVideo(
  folder: string,
  name: string,
  options: { readonly frames: number; readonly codec: string; readonly grey?: boolean },
): string {
  const path = join(folder, name);
  const source = `testsrc=size=${videoSize.width}x${videoSize.height}:rate=10`;
  const filter = options.grey ? ['-vf', 'format=gray,format=yuv420p'] : ['-pix_fmt', 'yuv420p'];
  const input = ['-v', 'error', '-y', '-f', 'lavfi', '-i', source, '-frames:v', String(options.frames)];
  execFileSync(videoTools?.ffmpeg ?? 'ffmpeg', [...input, ...filter, '-c:v', options.codec, path]);
  return path;
}

/** The frames of a video as another run of ffmpeg writes them, RGB one after another. */
export function rawFrames(path: string): Buffer {
  const output = ['-pix_fmt', 'rgb24', '-sws_flags', 'accurate_rnd+full_chroma_int', '-f', 'rawvideo', 'pipe:1'];
  return execFileSync(videoTools?.ffmpeg ?? 'ffmpeg', ['-v', 'error', '-i', path, ...output], {
    maxBuffer: 256 * 2 ** 20,
  });
}
