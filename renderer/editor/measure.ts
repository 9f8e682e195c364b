// Owns the figures of a mask that the interface shows, all in pixels: the contract carries no calibration, and unknown is never a number.
import { type BinaryMask, countDifferentPixels, countMaskPixels, maskDice } from '../../electron/common/mask.ts';
import { type Contour, contourArea, traceContours } from '../../electron/common/contour.ts';

export interface MaskFigures {
  readonly pixels: number;
  /** Share of the frame, 0..1. */
  readonly share: number;
  readonly parts: number;
  readonly holes: number;
  /** Dice with the proposal, 0..1; null without a proposal. */
  readonly agreement: number | null;
  /** Pixels that differ from the proposal; null without a proposal. */
  readonly changedPixels: number | null;
}

/** `contours` are the mask's own, where they are known already. */
export function measureMask(
  mask: BinaryMask,
  proposal: BinaryMask | null,
  contours: readonly Contour[] = traceContours(mask),
): MaskFigures {
  const pixels = countMaskPixels(mask);
  const areas = contours.map(contourArea);
  return {
    pixels,
    share: pixels / mask.data.length,
    parts: areas.filter((area) => area > 0).length,
    holes: areas.filter((area) => area < 0).length,
    agreement: proposal ? maskDice(mask, proposal) : null,
    changedPixels: proposal ? countDifferentPixels(mask, proposal) : null,
  };
}

/** The mask with every hole filled: what is not connected to the border through its background belongs to it. */
export function fillHoles(mask: BinaryMask): BinaryMask {
  const { width, height, data } = mask;
  const outside = new Uint8Array(data.length);
  const stack: number[] = [];
  const visit = (index: number): void => {
    if (data[index] === 1 || outside[index] === 1) return;
    outside[index] = 1;
    stack.push(index);
  };
  for (let x = 0; x < width; x += 1) {
    visit(x);
    visit((height - 1) * width + x);
  }
  for (let y = 0; y < height; y += 1) {
    visit(y * width);
    visit(y * width + width - 1);
  }
  for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
    const x = index % width;
    if (x > 0) visit(index - 1);
    if (x < width - 1) visit(index + 1);
    if (index >= width) visit(index - width);
    if (index < data.length - width) visit(index + width);
  }
  return { width, height, data: outside.map((value) => 1 - value) };
}
