// Owns how long each frame of a cine is shown (PS3.3 C.7.6.5, Cine module).
import type { DataSet } from './data-set.ts';
import type { Report } from './elements.ts';

/**
 * Milliseconds of each frame: by Frame Time Vector, Frame Time, Cine Rate, or Recommended Display Frame Rate, the first that is usable.
 * Null for a single frame, and where the file does not say. What is there and no use is a warning.
 */
export function readFrameDurations(dataSet: DataSet, frameCount: number, report: Report): number[] | null {
  if (frameCount < 2) return null;
  const vector = readVector(dataSet, frameCount, report);
  if (vector) return vector;
  for (const [keyword, toMilliseconds] of [
    ['FrameTime', (value: number) => value],
    ['CineRate', (value: number) => 1000 / value],
    ['RecommendedDisplayFrameRate', (value: number) => 1000 / value],
  ] as const) {
    if (!dataSet.has(keyword)) continue;
    const value = dataSet.number(keyword);
    if (value !== null && value > 0) return Array.from({ length: frameCount }, () => toMilliseconds(value));
    report(`${keyword} is not a positive number and was not used.`);
  }
  return null;
}

/** The vector holds the time before each frame; the first is 0, and the last frame stays as long as the one before it. */
function readVector(dataSet: DataSet, frameCount: number, report: Report): number[] | null {
  if (!dataSet.has('FrameTimeVector')) return null;
  const increments = dataSet.texts('FrameTimeVector').map((text) => (text === '' ? Number.NaN : Number(text)));
  const durations = increments.slice(1, frameCount);
  if (durations.length < frameCount - 1 || !durations.every((duration) => duration > 0)) {
    report(`Frame Time Vector does not give a positive time for each of ${frameCount} frames and was not used.`);
    return null;
  }
  return [...durations, durations[durations.length - 1]];
}
