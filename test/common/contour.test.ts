import { describe, expect, it } from 'vitest';
import { type BinaryMask, countMaskPixels, createMask } from '../../electron/common/mask.ts';
import { contourArea, traceContours } from '../../electron/common/contour.ts';
import { paintSegment } from '../../renderer/editor/brush.ts';

function maskOf(...rows: string[]): BinaryMask {
  const data = Uint8Array.from(
    rows
      .join('')
      .split('')
      .map((pixel) => (pixel === '#' ? 1 : 0)),
  );
  return { width: rows[0].length, height: rows.length, data };
}

describe('contours', () => {
  it('go around one pixel along its edges', () => {
    expect(traceContours(maskOf('...', '.#.', '...'))).toEqual([[1, 1, 2, 1, 2, 2, 1, 2]]);
  });

  it('have one polygon for each part, clockwise on the screen', () => {
    const contours = traceContours(maskOf('##..#', '##..#', '.....'));
    expect(contours.map(contourArea)).toEqual([4, 2]);
  });

  it('have one polygon for each hole, the other way around', () => {
    const contours = traceContours(maskOf('#####', '#.#.#', '#####'));
    expect(contours.map(contourArea)).toEqual([15, -1, -1]);
  });

  it('find the part inside a hole', () => {
    const contours = traceContours(maskOf('#####', '#...#', '#.#.#', '#...#', '#####'));
    expect(contours.map(contourArea).sort((a, b) => a - b)).toEqual([-9, 1, 25]);
  });

  it('keep pixels that touch at a corner apart, as parts and as holes', () => {
    expect(traceContours(maskOf('#.', '.#')).map(contourArea)).toEqual([1, 1]);
    expect(traceContours(maskOf('.#', '#.')).map(contourArea)).toEqual([1, 1]);
    // Two background pixels that touch at a corner are one hole: the mask around them is not connected there.
    const diagonal = traceContours(maskOf('####', '#.##', '##.#', '####'));
    expect(diagonal.map(contourArea)).toEqual([16, -2]);
  });

  it('reach the border of the frame', () => {
    expect(traceContours(maskOf('##', '##'))).toEqual([[0, 0, 2, 0, 2, 2, 0, 2]]);
    expect(traceContours(createMask(5, 4))).toEqual([]);
  });

  it('enclose exactly the pixels of any mask: parts less holes', () => {
    const mask = createMask(120, 90);
    paintSegment(mask, { x: 20, y: 20 }, { x: 100, y: 60 }, 14, 1);
    paintSegment(mask, { x: 40, y: 32 }, { x: 70, y: 45 }, 4, 0);
    for (let index = 0; index < mask.data.length; index += 97) mask.data[index] ^= 1;
    const area = traceContours(mask).reduce((sum, contour) => sum + contourArea(contour), 0);
    expect(area).toBe(countMaskPixels(mask));
  });
});
