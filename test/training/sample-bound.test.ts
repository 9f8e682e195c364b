import { describe, expect, it } from 'vitest';
import { authorsConfig, starterConfig } from '../../models/perceptguide/config.ts';
import { featureShapes } from '../../models/perceptguide/definition.ts';
import { boundCorrections, isLocalView, sampleBound } from '../../electron/training/sample-bound.ts';
import { synchronizeDefaults } from '../../electron/training/synchronize.ts';
import { correction } from '../support/corrections.ts';

const starter = { config: starterConfig, flip: false };

describe('what a synchronization takes of many corrections', () => {
  it('of 20 corrections all, in all views', () => {
    const bound = sampleBound({ train: 15, validation: 5 }, synchronizeDefaults, starter);
    expect(bound).toEqual({ train: 15, validation: 5, views: 8 });
  });

  it('of hundreds fewer views, and of thousands fewer frames: never more than a gigabyte, nor than is drawn', () => {
    for (const config of [starterConfig, authorsConfig]) {
      const features = Object.values(featureShapes(config, 1)).reduce(
        (sum, [rows, channels]) => sum + rows * channels,
        0,
      );
      const sampleBytes = 4 * (features + config.imageSize ** 2);
      for (const [count, flip] of [4, 20, 100, 400, 1000, 20_000].flatMap((n) => [
        [n, false] as const,
        [n, true] as const,
      ])) {
        const frames = { train: count - Math.round(count / 4), validation: Math.round(count / 4) };
        const { train, validation, views } = sampleBound(frames, synchronizeDefaults, { config, flip });
        const looks = flip ? 2 : 1;
        expect((train * views + validation * looks) * sampleBytes).toBeLessThanOrEqual(2 ** 30);
        expect(views === 1 || train === frames.train).toBe(true);
        expect(train * views).toBeLessThanOrEqual(synchronizeDefaults.steps * synchronizeDefaults.batch);
        expect(Math.min(train, validation, views)).toBeGreaterThan(0);
      }
    }
    const hundreds = sampleBound({ train: 200, validation: 66 }, synchronizeDefaults, starter);
    expect(hundreds).toEqual({ train: 200, validation: 66, views: 2 });
  });

  it('no more views than the steps draw', () => {
    const bound = sampleBound({ train: 15, validation: 5 }, { steps: 10, batch: 4, views: 8 }, starter);
    expect(bound).toEqual({ train: 15, validation: 5, views: 2 });
  });

  it('a quarter of the views is local, however many there are of each frame', () => {
    for (const views of [1, 2, 3, 5, 8]) {
      let local = 0;
      for (let view = 0; view < views; view += 1) {
        for (let frame = 0; frame < 40; frame += 1)
          local += Number(isLocalView(view, frame, views, synchronizeDefaults));
      }
      expect(local).toBe(10 * views);
    }
    const eight = Array.from({ length: 8 }, (_, view) => isLocalView(view, 3, 8, synchronizeDefaults));
    expect(eight).toEqual([false, false, false, false, false, false, true, true]);
  });

  it('leaves few corrections as they are', () => {
    const train = Array.from({ length: 15 }, (_, index) => correction('one', 'study', index));
    const validation = Array.from({ length: 5 }, (_, index) => correction('two', 'other', index));
    const bounded = boundCorrections({ train, validation }, synchronizeDefaults, starter, 1);
    expect(bounded.train).toBe(train);
    expect(bounded.validation).toBe(validation);
    expect(bounded.note).toBeNull();
  });

  it('takes as many of each patient and cine as of any other, in their order, by the seed, and says so', () => {
    const train = Array.from({ length: 4000 }, (_, index) =>
      index < 3900
        ? correction('long', `cine ${Number(index < 3000)}`, index)
        : correction(`patient ${index % 10}`, 'other', index),
    );
    const take = (seed: number) =>
      boundCorrections({ train, validation: train.slice(0, 40) }, synchronizeDefaults, starter, seed);
    const { train: taken, note } = take(1);
    expect(note).toMatch(new RegExp(`${taken.length} of 4000 corrections .* 40 of 40`));
    expect(taken.filter(({ patientKey }) => patientKey !== 'long')).toHaveLength(100);
    const perCine = ['cine 0', 'cine 1'].map((id) => taken.filter(({ studyId }) => studyId === id).length);
    expect(Math.abs(perCine[0] - perCine[1])).toBeLessThanOrEqual(1);
    expect(taken.map(({ frameNumber }) => frameNumber)).toEqual(
      taken.map(({ frameNumber }) => frameNumber).toSorted((a, b) => a - b),
    );
    expect(take(1).train).toEqual(taken);
    expect(take(2).train).not.toEqual(taken);
  });
});
