import { describe, expect, it } from 'vitest';
import { countMaskPixels, createMask } from '../../../electron/common/mask.ts';
import { paintSegment } from '../../../renderer/editor/brush.ts';
import { fillHoles, measureMask } from '../../../renderer/editor/measure.ts';

function ring() {
  const mask = createMask(40, 40);
  paintSegment(mask, { x: 20, y: 20 }, { x: 20, y: 20 }, 15, 1);
  paintSegment(mask, { x: 20, y: 20 }, { x: 20, y: 20 }, 5, 0);
  return mask;
}

describe('the figures of a mask', () => {
  it('count pixels, parts and holes', () => {
    const mask = ring();
    mask.data[0] = 1;
    const figures = measureMask(mask, null);
    expect(figures).toMatchObject({ parts: 2, holes: 1, agreement: null, changedPixels: null });
    expect(figures.share).toBeCloseTo(figures.pixels / 1600, 12);
  });

  it('say how far the mask is from the proposal', () => {
    const mask = ring();
    const full = fillHoles(mask);
    const hole = countMaskPixels(full) - countMaskPixels(mask);
    const figures = measureMask(mask, full);
    expect(figures.changedPixels).toBe(hole);
    expect(figures.agreement).toBeCloseTo(
      (2 * countMaskPixels(mask)) / (countMaskPixels(mask) + countMaskPixels(full)),
      12,
    );
  });
});

describe('filling holes', () => {
  it('fills what the mask encloses and nothing else', () => {
    const filled = fillHoles(ring());
    const disc = createMask(40, 40);
    paintSegment(disc, { x: 20, y: 20 }, { x: 20, y: 20 }, 15, 1);
    expect(filled.data).toEqual(disc.data);
  });

  it('leaves a bay that is open to the border', () => {
    const mask = ring();
    paintSegment(mask, { x: 20, y: 20 }, { x: 20, y: 0 }, 2, 0);
    expect(fillHoles(mask).data).toEqual(mask.data);
  });
});
