// Owns the decoding of video (MP4, QuickTime, AVI) by an installed ffmpeg, frame by frame and without loss. ffmpeg is a program of its own
// (https://ffmpeg.org): it is looked for, never shipped, and it is told to read that one file and nothing from a network.
import { execFile, spawn } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { AppError, createAbortError, isAbortError } from '../common/errors.ts';
import { mostFrames, type Picture } from '../common/picture.ts';
import type { MediaType } from '../common/study.ts';
import { PixmapStreamError, readPortablePixmaps } from './portable-pixmap.ts';

/** Paths of the two programs. */
export interface VideoTools {
  readonly ffmpeg: string;
  readonly ffprobe: string;
}

export interface VideoFile {
  readonly path: string;
  /** How messages name it. */
  readonly fileName: string;
  readonly mediaType: MediaType;
  /** What packs it, as ffmpeg calls it, where the media type does not say. */
  readonly container?: string;
}

export interface DecodedVideo {
  readonly width: number;
  readonly height: number;
  readonly frameCount: number;
  /** From the times at which the file shows its frames; null where it does not say. */
  readonly frameDurationsMs: readonly number[] | null;
  /** Pixel height over width. */
  readonly pixelAspectRatio: number;
  /** Every frame is grey. */
  readonly grey: boolean;
  readonly warnings: readonly string[];
}

const run = promisify(execFile);
const executableSuffix = process.platform === 'win32' ? '.exe' : '';

/**
 * The programs, or null where they are not installed. `place` is ffmpeg itself or the folder that holds it; left out, PATH is searched.
 * Throws AppError('not-found') where a place was named and holds none.
 */
export async function findVideoTools(place?: string): Promise<VideoTools | null> {
  const folders = place === undefined ? (process.env.PATH ?? '').split(delimiter) : [await folderOf(place)];
  for (const folder of folders.filter((candidate) => candidate !== '')) {
    const tools = {
      ffmpeg: join(folder, `ffmpeg${executableSuffix}`),
      ffprobe: join(folder, `ffprobe${executableSuffix}`),
    };
    if ((await isProgram(tools.ffmpeg)) && (await isProgram(tools.ffprobe))) return tools;
  }
  if (place === undefined) return null;
  throw new AppError(
    'not-found',
    `${place} does not hold the programs ffmpeg and ffprobe, as the settings say it does.`,
  );
}

/** Says what to do where there is no ffmpeg. */
export function missingVideoTools(fileName: string): AppError {
  return new AppError(
    'unsupported',
    `${fileName} is a video. To read it SonoSync needs the program ffmpeg, which is not installed on this machine. Install it (ffmpeg.org), or name its place as "ffmpeg" in the settings, and import the file again.`,
  );
}

/**
 * Decodes every frame in the order in which it is shown, as RGB or, where a frame has no colour, as 1 channel. `onFrame` is awaited, so
 * that no more than a few frames are in memory. Throws AppError('bad-input') where the file cannot be decoded.
 */
export async function decodeVideo(
  tools: VideoTools,
  file: VideoFile,
  onFrame: (picture: Picture) => Promise<void>,
  signal?: AbortSignal,
): Promise<DecodedVideo> {
  const description = await probe(tools, file, signal);
  let first: Picture | null = null;
  let grey = true;
  let frameCount = 0;
  const takeFrame = async (picture: Picture): Promise<void> => {
    first ??= picture;
    grey &&= picture.channels === 1;
    frameCount += 1;
    if (frameCount > mostFrames) {
      throw new AppError('bad-input', `${file.fileName} has more than ${mostFrames} frames; cut it into parts.`);
    }
    await onFrame(picture);
  };
  let faults = await runDecoder(tools, file, '-fps_mode', takeFrame, signal);
  if (frameCount === 0 && faults.includes('fps_mode')) {
    faults = await runDecoder(tools, file, '-vsync', takeFrame, signal);
  }
  // The closure has set it; the compiler does not see that.
  const size = first as Picture | null;
  if (size === null) {
    throw new AppError('bad-input', `${file.fileName} holds no frame that can be decoded${afterColon(faults)}.`);
  }
  return {
    width: size.width,
    height: size.height,
    frameCount,
    frameDurationsMs: frameDurations(description, frameCount),
    pixelAspectRatio: description.pixelAspectRatio,
    grey,
    warnings: faults === '' ? [] : [`Parts of the video are damaged${afterColon(faults)}.`],
  };
}

/** The demuxer is named and only the file itself may be opened: a video must not make ffmpeg read other files or a network. */
function inputArguments({ path, mediaType, container }: VideoFile): string[] {
  const demuxer = container ?? (mediaType === 'video/x-msvideo' ? 'avi' : 'mov');
  return ['-protocol_whitelist', 'file', '-f', demuxer, '-i', path];
}

interface Description {
  /** Of the packets, in the order in which they are shown; seconds. */
  readonly times: readonly number[];
  readonly framesPerSecond: number | null;
  readonly pixelAspectRatio: number;
}

const probeSchema = z.object({
  streams: z
    .array(
      z.object({
        avg_frame_rate: z.string().optional(),
        sample_aspect_ratio: z.string().optional(),
        side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
      }),
    )
    .default([]),
  packets: z.array(z.object({ pts_time: z.string().optional() })).default([]),
});

async function probe(tools: VideoTools, file: VideoFile, signal: AbortSignal | undefined): Promise<Description> {
  const entries = 'stream=avg_frame_rate,sample_aspect_ratio:stream_side_data=rotation:packet=pts_time';
  const options = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', entries, '-of', 'json'];
  const { stdout } = await run(tools.ffprobe, [...options, ...inputArguments(file)], {
    maxBuffer: 256 * 2 ** 20,
    windowsHide: true,
    ...(signal ? { signal } : {}),
  }).catch((cause: unknown) => {
    if (isAbortError(cause)) throw createAbortError();
    const stderr = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : '';
    throw new AppError('bad-input', `${file.fileName} is damaged or incomplete${afterColon(faultOf(stderr, file))}.`, {
      cause,
    });
  });
  const { streams, packets } = probeSchema.parse(JSON.parse(stdout));
  if (streams.length === 0) throw new AppError('bad-input', `${file.fileName} holds no video, only sound or data.`);
  const [stream] = streams;
  const quarterTurned = stream.side_data_list?.some(({ rotation }) => Math.abs(rotation ?? 0) % 180 === 90) ?? false;
  const pixelWidth = readRatio(stream.sample_aspect_ratio, ':') ?? 1;
  return {
    times: packets
      .map(({ pts_time: time }) => Number(time))
      .filter((time) => Number.isFinite(time))
      .toSorted((a, b) => a - b),
    framesPerSecond: readRatio(stream.avg_frame_rate, '/'),
    pixelAspectRatio: quarterTurned ? pixelWidth : 1 / pixelWidth,
  };
}

/** Runs ffmpeg to its end and returns what it complained about. `timing` is how its version calls the option: -vsync before 5.1. */
async function runDecoder(
  tools: VideoTools,
  file: VideoFile,
  timing: '-fps_mode' | '-vsync',
  onFrame: (picture: Picture) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<string> {
  // passthrough: each frame once, none repeated or dropped to keep a rate.
  const output = ['-map', '0:v:0', timing, 'passthrough', '-sws_flags', 'accurate_rnd+full_chroma_int'];
  const format = ['-pix_fmt', 'rgb24', '-c:v', 'ppm', '-f', 'image2pipe', 'pipe:1'];
  const child = spawn(
    tools.ffmpeg,
    ['-nostdin', '-hide_banner', '-v', 'error', ...inputArguments(file), ...output, ...format],
    { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, ...(signal ? { signal } : {}) },
  );
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (complaints.length < 10_000) complaints += chunk.toString('utf8');
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // Awaited below; a failure to start must not count as unhandled while frames are read.
  ended.catch(() => undefined);
  try {
    for await (const picture of readPortablePixmaps(child.stdout)) await onFrame(picture);
    const code = await ended;
    const fault = faultOf(complaints, file);
    return code === 0 || fault !== '' ? fault : `ffmpeg ended with ${code}`;
  } catch (error) {
    if (signal?.aborted) throw createAbortError();
    if (!(error instanceof PixmapStreamError)) throw error;
    const fault = faultOf(complaints, file);
    throw new AppError('bad-input', `${file.fileName} cannot be decoded${afterColon(fault)}.`, { cause: error });
  } finally {
    child.kill();
  }
}

/** Each frame lasts until the next is shown; the last one as long as the one before it. */
function frameDurations({ times, framesPerSecond }: Description, frameCount: number): number[] | null {
  if (times.length === frameCount && frameCount > 1) {
    const durations = times.slice(1).map((time, index) => (time - times[index]) * 1000);
    return [...durations, durations[durations.length - 1]];
  }
  if (framesPerSecond === null || frameCount === 1) return null;
  return Array.from({ length: frameCount }, () => 1000 / framesPerSecond);
}

function readRatio(ratio: string | undefined, separator: string): number | null {
  const [numerator, denominator] = (ratio ?? '').split(separator).map(Number);
  return numerator > 0 && denominator > 0 ? numerator / denominator : null;
}

/** The first line of a program's complaints, without the path and without the address in memory that it begins with. */
function faultOf(complaints: string, { path, fileName }: VideoFile): string {
  const line = complaints.trim().split('\n')[0] ?? '';
  return line
    .replaceAll(path, fileName)
    .replace(/^\[[^\]]*\]\s*/, '')
    .replace(/[.\s]+$/, '');
}

function afterColon(text: string): string {
  return text === '' ? '' : `: ${text}`;
}

async function folderOf(place: string): Promise<string> {
  const found = await stat(place).catch(() => null);
  return found?.isDirectory() ? place : dirname(place);
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
