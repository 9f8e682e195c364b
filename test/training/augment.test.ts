import { describe, expect, it } from 'vitest';
import { createMask, maskBox, maskDice } from '../../electron/common/mask.ts';
import { highlightBox, placeModelFrame, sampleInput } from '../../electron/inference/preprocess.ts';
import { createRandom } from '../../electron/nn/random.ts';
import {
  augmentSample,
  plainSample,
  pretrainingAugmentation,
  type AugmentOptions,
} from '../../electron/training/augment.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { grayPicture } from '../../electron/training/gray-frame.ts';
import { discItems } from '../support/phantoms.ts';

/** Nothing is changed, but for what a test puts in. */
const still: AugmentOptions = {
  rotation: 0,
  zoom: 0,
  aspect: 0,
  shift: 0,
  mirror: false,
  gamma: 0,
  gain: 0,
  depthGain: 0,
  noise: 0,
  disturbance: null,
  localScale: [1.6, 1.6],
};

describe('augmentation', () => {
  it('moves image and mask together: grey levels inside the target stay those of the structure', () => {
    const random = createRandom(5);
    const options = { ...pretrainingAugmentation, gamma: 0, gain: 0, depthGain: 0, noise: 0, disturbance: null };
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

  it('location input is the frame with the box around the target brighter, as a proposal sees it', () => {
    const [item] = discItems(1, 4);
    const { width, height, gray } = item.frame;
    const location = plainSample(item.frame, item.mask!, 'location', ownInput, 224);
    const bright = highlightBox({ width, height, channels: 1, pixels: gray }, maskBox(item.mask!)!).pixels;
    const expected = plainSample({ width, height, gray: bright }, item.mask!, 'whole', ownInput, 224);
    expect(location).toEqual(expected);
    expect(location.plane).not.toEqual(plainSample(item.frame, item.mask!, 'whole', ownInput, 224).plane);
  });

  it('in training the bright box is off as a hand would be: other than the target, by a tenth at most', () => {
    const [item] = discItems(1, 4);
    const seen = (mode: 'whole' | 'location') =>
      augmentSample(item.frame, item.mask!, mode, ownInput, 224, still, createRandom(5));
    const [whole, location] = [seen('whole'), seen('location')];
    const bright = whole.plane.map((value, index) => Number(location.plane[index] > value + 1e-6));
    const box = maskBox({ width: 224, height: 224, data: Uint8Array.from(bright) })!;
    const target = maskBox({ width: 224, height: 224, data: Uint8Array.from(whole.target) })!;
    const off = [box.x - target.x, box.y - target.y, box.width - target.width, box.height - target.height];
    expect(off.some((distance) => distance !== 0)).toBe(true);
    // A tenth, each side, and a pixel or two of the frame by rounding outwards.
    for (const distance of off) expect(Math.abs(distance)).toBeLessThanOrEqual(0.2 * target.width + 4);
  });

  it('changes the aspect at the same area: wider or higher by what was asked for at most', () => {
    const [item] = discItems(1, 4);
    const area = plainSample(item.frame, item.mask!, 'whole', ownInput, 224).target.filter(Boolean).length;
    const random = createRandom(2);
    const ratios = Array.from({ length: 12 }, () => {
      const options = { ...still, aspect: 0.4 };
      const { target } = augmentSample(item.frame, item.mask!, 'whole', ownInput, 224, options, random);
      const box = maskBox({ width: 224, height: 224, data: Uint8Array.from(target) })!;
      expect(target.filter(Boolean).length / area).toBeCloseTo(1, 1);
      return Math.log(box.width / box.height);
    });
    expect(Math.max(...ratios)).toBeGreaterThan(0.15);
    expect(Math.min(...ratios)).toBeLessThan(-0.15);
    expect(Math.max(...ratios.map(Math.abs))).toBeLessThan(0.45);
  });

  it('changes the gain with depth: up at one end, down at the other, the same along a row', () => {
    const even = { width: 224, height: 224, gray: new Uint8Array(224 * 224).fill(100) };
    const mask = createMask(224, 224);
    const options = { ...still, depthGain: 0.3 };
    const { plane } = augmentSample(even, mask, 'whole', ownInput, 224, options, createRandom(4));
    const plain = plainSample(even, mask, 'whole', ownInput, 224).plane[0];
    const level = (value: number): number => (value * ownInput.std + ownInput.mean) / ownInput.scale;
    const rows = Array.from({ length: 224 }, (_, row) => plane.subarray(row * 224, (row + 1) * 224));
    for (const row of rows) expect(Math.max(...row) - Math.min(...row)).toBeLessThan(1e-6);
    const [top, bottom] = [rows[0][0], rows[223][0]].map((value) => level(value) / level(plain) - 1);
    expect(Math.abs(top)).toBeGreaterThan(0.01);
    expect(Math.abs(top)).toBeLessThanOrEqual(0.3);
    expect(bottom).toBeCloseTo(-top, 3);
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

  it('a full-size frame is seen as at inference, without aliasing: plain samples equal the input of a proposal', () => {
    const { frame, mask } = scannerFrame();
    const picture = grayPicture(frame);
    for (const mode of ['whole', 'local'] as const) {
      const placed = placeModelFrame(ownInput, frame, mode === 'local' ? maskBox(mask) : null, 224);
      const expected = sampleInput(picture, placed, ownInput);
      const { plane } = plainSample(frame, mask, mode, ownInput, 224);
      const off = plane.reduce((most, value, index) => Math.max(most, Math.abs(value - expected[index])), 0);
      expect(off).toBeLessThan(1e-4);
    }
  });

  it('a full-size frame that is turned, zoomed and moved keeps its target in place and does not alias', () => {
    const { frame, mask } = scannerFrame();
    const options = { ...pretrainingAugmentation, gamma: 0, gain: 0, depthGain: 0, noise: 0, disturbance: null };
    for (const mode of ['whole', 'local', 'location'] as const) {
      const random = createRandom(3);
      for (let draw = 0; draw < 6; draw += 1) {
        const { plane, target } = augmentSample(frame, mask, mode, ownInput, 224, options, random);
        // Padding is black, the tissue around 0.3, the structure around 0.7.
        const seen = { width: 224, height: 224, data: Uint8Array.from(plane, (level) => Number(level > 0.5)) };
        expect(maskDice(seen, { ...seen, data: Uint8Array.from(target) })).toBeGreaterThan(0.98);
        // Single pixels of the frame are off by up to 0.2; their means over a model pixel by far less.
        const inside = plane.filter((_, index) => target[index] === 1);
        if (mode === 'whole') expect(deviation(inside)).toBeLessThan(0.06);
      }
    }
  });
});

/** 1000×800 pixels: a bright ellipse in darker tissue, both of independent noise in every pixel. */
function scannerFrame() {
  const [width, height] = [1000, 800];
  const random = createRandom(11);
  const mask = createMask(width, height);
  const gray = Uint8Array.from(mask.data, (_, index) => {
    const inside = Math.hypot(((index % width) - 560) / 240, (Math.floor(index / width) - 380) / 170) < 1;
    mask.data[index] = Number(inside);
    return (inside ? 130 : 30) + random.integer(100);
  });
  return { frame: { width, height, gray }, mask };
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
