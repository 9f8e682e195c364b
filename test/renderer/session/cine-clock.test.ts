import { describe, expect, it } from 'vitest';
import {
  advance,
  assumedFrameMs,
  frameDurations,
  frameRate,
  framesAhead,
} from '../../../renderer/session/cine-clock.ts';

const start = { index: 0, shownMs: 0, direction: 1 } as const;

describe('the time of a cine', () => {
  it('is what the file says of each frame, and that of 25 frames a second where it says nothing or nonsense', () => {
    expect(frameDurations(3, [10, 20, 30])).toEqual([10, 20, 30]);
    expect(frameDurations(3, null)).toEqual([assumedFrameMs, assumedFrameMs, assumedFrameMs]);
    expect(frameDurations(3, [10, 0])).toEqual([10, assumedFrameMs, assumedFrameMs]);
  });

  it('has a rate on the whole', () => {
    expect(frameRate(4, [10, 30, 10, 30])).toEqual({ perSecond: 50, isTold: true });
    expect(frameRate(3, null)).toEqual({ perSecond: 25, isTold: false });
    expect(frameRate(0, null).perSecond).toBe(0);
  });

  it('goes on by the duration of each frame, and keeps what is left over', () => {
    const durations = [10, 20, 30];
    expect(advance(start, 9, durations, 'loop')).toEqual({ index: 0, shownMs: 9, direction: 1 });
    expect(advance(start, 10, durations, 'loop')).toEqual({ index: 1, shownMs: 0, direction: 1 });
    expect(advance(start, 35, durations, 'loop')).toEqual({ index: 2, shownMs: 5, direction: 1 });
    expect(advance(start, 65, durations, 'loop')).toEqual({ index: 0, shownMs: 5, direction: 1 });
  });

  it('turns at the ends where it goes back and forth, showing the ends once', () => {
    const durations = [10, 10, 10];
    const seen = Array.from({ length: 9 }, (_, beat) => advance(start, 10 * beat, durations, 'bounce').index);
    expect(seen).toEqual([0, 1, 2, 1, 0, 1, 2, 1, 0]);
    expect(advance({ ...start, index: 2 }, 10, durations, 'bounce')).toMatchObject({ index: 1, direction: -1 });
    expect(advance({ index: 0, shownMs: 0, direction: -1 }, 10, durations, 'bounce')).toMatchObject({
      index: 1,
      direction: 1,
    });
  });

  it('comes back to its place after hours in which nobody looked', () => {
    const durations = [33, 33, 34];
    const later = advance({ ...start, index: 1 }, 36_000_000 * 100 + 40, durations, 'loop');
    expect(later).toEqual({ index: 2, shownMs: 7, direction: 1 });
    expect(advance(start, 1e9, [40], 'loop')).toEqual(start);
  });
});

describe('the frames ahead', () => {
  it('come in the order in which they are played, each once', () => {
    expect(framesAhead({ ...start, index: 3 }, 5, 'loop', 10)).toEqual([4, 0, 1, 2]);
    expect(framesAhead({ ...start, index: 3 }, 5, 'bounce', 10)).toEqual([4, 2, 1, 0]);
    expect(framesAhead({ index: 3, shownMs: 0, direction: -1 }, 5, 'bounce', 2)).toEqual([2, 1]);
    expect(framesAhead(start, 1, 'bounce', 4)).toEqual([]);
  });
});
