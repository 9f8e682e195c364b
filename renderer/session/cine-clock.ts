// Owns the time of a cine: which frame is due after how long, at any speed, round and round or back and forth. Pure figures, no timers.

export const playSpeeds = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2] as const;

/** 'loop' begins again at the first frame; 'bounce' turns at either end. */
export type PlayOrder = 'loop' | 'bounce';

/** How long a frame is shown where the file does not say: that of 25 frames a second. */
export const assumedFrameMs = 40;

/** No screen shows frames for less; a file that says so is wrong. */
const shortestFrameMs = 1;

export interface CinePosition {
  /** Place of the frame in its cine, from 0. */
  readonly index: number;
  /** How long it has been shown already. */
  readonly shownMs: number;
  /** 1 forwards, -1 back. */
  readonly direction: 1 | -1;
}

export interface Playback {
  readonly kind: 'still' | 'playing' | 'scrubbing';
  /** Times the file's own speed. */
  readonly speed: number;
  readonly order: PlayOrder;
}

export const noPlayback: Playback = { kind: 'still', speed: 1, order: 'loop' };

/** One duration a frame; `told` is what the file says, null where it does not. */
export function frameDurations(count: number, told: readonly number[] | null): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    const duration = told?.[index];
    return duration !== undefined && duration >= shortestFrameMs ? duration : assumedFrameMs;
  });
}

/** Frames a second on the whole, and whether the file says so. */
export function frameRate(count: number, told: readonly number[] | null): { perSecond: number; isTold: boolean } {
  const durations = frameDurations(count, told);
  const total = durations.reduce((sum, duration) => sum + duration, 0);
  return { perSecond: total === 0 ? 0 : (1000 * count) / total, isTold: told !== null };
}

/** The position after `elapsedMs` of the cine's own time. */
export function advance(
  position: CinePosition,
  elapsedMs: number,
  durations: readonly number[],
  order: PlayOrder,
): CinePosition {
  if (durations.length < 2) return position;
  let { index, shownMs, direction } = position;
  // Whole rounds lead back to where it was, as after a while in which the page was hidden.
  const round = roundMs(durations, order);
  shownMs += elapsedMs >= round ? elapsedMs % round : elapsedMs;
  while (shownMs >= durations[index]) {
    shownMs -= durations[index];
    [index, direction] = nextFrame(index, direction, durations.length, order);
  }
  return { index, shownMs, direction };
}

/** The frames that come after the one at `position`, in the order in which they are played, each once, at most `count`. */
export function framesAhead(position: CinePosition, total: number, order: PlayOrder, count: number): number[] {
  const ahead: number[] = [];
  let { index, direction } = position;
  const seen = new Set([index]);
  for (let step = 0; step < 2 * total && ahead.length < count; step += 1) {
    [index, direction] = nextFrame(index, direction, total, order);
    if (!seen.has(index)) ahead.push(index);
    seen.add(index);
  }
  return ahead;
}

function nextFrame(index: number, direction: 1 | -1, total: number, order: PlayOrder): [number, 1 | -1] {
  if (total < 2) return [index, direction];
  if (order === 'loop') return [(index + 1) % total, 1];
  const next = index + direction;
  if (next >= 0 && next < total) return [next, direction];
  return direction === 1 ? [index - 1, -1] : [index + 1, 1];
}

/** At the ends a frame is played once, on the way between them twice. */
function roundMs(durations: readonly number[], order: PlayOrder): number {
  const once = durations.reduce((sum, duration) => sum + duration, 0);
  return order === 'loop' ? once : 2 * once - durations[0] - durations[durations.length - 1];
}
