import { describe, expect, it } from 'vitest';
import { traceContours } from '../../../../electron/common/contour.ts';
import { createMask, encodeMask, maskBox } from '../../../../electron/common/mask.ts';
import { createRandom } from '../../../../electron/nn/random.ts';
import { croppedContours, decodeCropped } from '../../../../renderer/editor/masks/cropped-mask.ts';
import { cropMask } from '../../../../renderer/editor/masks/distance-field.ts';
import { randomMask } from '../../support/random-masks.ts';

describe('a mask cut down to its box', () => {
  it.each([1, 2, 3, 4])('has the pixels of the box and the contours of the whole (seed %d)', (seed) => {
    const mask = randomMask(createRandom(seed), 70, 50, 5);
    const cropped = decodeCropped(encodeMask(mask), 70)!;
    expect(cropped.box).toEqual(maskBox(mask));
    expect(cropped.mask.data).toEqual(cropMask(mask, cropped.box));
    expect(croppedContours(cropped)).toEqual(traceContours(mask));
  });

  it('is all of a full frame, and nothing of an empty one', () => {
    const full = { width: 9, height: 7, data: new Uint8Array(63).fill(1) };
    expect(decodeCropped(encodeMask(full), 9)).toEqual({ box: { x: 0, y: 0, width: 9, height: 7 }, mask: full });
    expect(decodeCropped(encodeMask(createMask(9, 7)), 9)).toBeNull();
  });
});
