import { describe, expect, it } from 'vitest';
import { createMask, maskBox } from '../../electron/common/mask.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { augmentSample, plainSample, pretrainingAugmentation } from '../../electron/training/augment.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { discItems } from '../support/phantoms.ts';

describe('augmentation', () => {
  it('moves image and mask together: grey levels inside the target stay those of the structure', () => {
    const random = createRandom(5);
    const options = { ...pretrainingAugmentation, gamma: 0, gain: 0, noise: 0, disturbance: null };
    for (const item of discItems(12, 3)) {
      const inside = item.classIndex === 1 ? [200, 240] : [20, 60];
      for (const mode of ['whole', 'local'] as const) {
        const { plane, target } = augmentSample(item.frame, item.mask!, mode, ownInput, 224, options, random);
        let sum = 0;
        let count = 0;
        target.forEach((value, index) => {
          if (value === 0) return;
          sum += plane[index] * 255;
          count += 1;
        });
        expect(count).toBeGreaterThan(500);
        expect(sum / count).toBeGreaterThan(inside[0] - 8);
        expect(sum / count).toBeLessThan(inside[1] + 8);
      }
    }
  });

  it('repeats exactly from its seed', () => {
    const [item] = discItems(1, 3);
    const sample = () =>
      augmentSample(item.frame, item.mask!, 'whole', ownInput, 224, pretrainingAugmentation, createRandom(9));
    expect(sample()).toEqual(sample());
  });

  it('location input differs from the whole one inside the target only', () => {
    const [item] = discItems(1, 4);
    const whole = plainSample(item.frame, item.mask!, 'whole', ownInput, 224);
    const location = plainSample(item.frame, item.mask!, 'location', ownInput, 224);
    expect(location.target).toEqual(whole.target);
    location.plane.forEach((value, index) => {
      if (whole.target[index] === 0) expect(value).toBe(whole.plane[index]);
    });
    expect(location.plane.some((value, index) => value > whole.plane[index] + 0.05)).toBe(true);
  });

  it('local input shows the target at 1 / 1.6 of the square; an empty mask is seen whole', () => {
    const [item] = discItems(1, 8);
    const { target } = plainSample(item.frame, item.mask!, 'local', ownInput, 224);
    const box = maskBox({ width: 224, height: 224, data: Uint8Array.from(target) })!;
    expect(box.width / 224).toBeCloseTo(1 / 1.6, 1);
    const absent = createMask(item.frame.width, item.frame.height);
    const seen = augmentSample(item.frame, absent, 'local', ownInput, 224, pretrainingAugmentation, createRandom(1));
    expect(seen.target.every((value) => value === 0)).toBe(true);
  });
});
