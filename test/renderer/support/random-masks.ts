// Owns masks for tests: drawn with characters, or of random blobs.
import { type BinaryMask, createMask } from '../../../electron/common/mask.ts';
import type { Random } from '../../../electron/nn/random.ts';
import { paintSegment } from '../../../renderer/editor/brush.ts';

/** One string a row, '#' for a pixel of the mask. */
export function drawMask(...rows: string[]): BinaryMask {
  const data = Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0));
  return { width: rows[0].length, height: rows.length, data };
}

/** The inverse of drawMask, for messages that can be read. */
export function showMask(mask: BinaryMask): string[] {
  return Array.from({ length: mask.height }, (_, row) =>
    Array.from(mask.data.subarray(row * mask.width, (row + 1) * mask.width), (pixel) => (pixel ? '#' : '.')).join(''),
  );
}

/** Strokes here and there, some of them erased again. */
export function randomMask(random: Random, width: number, height: number, strokes = 6): BinaryMask {
  const mask = createMask(width, height);
  for (let i = 0; i < strokes; i += 1) {
    const from = { x: random.next() * width, y: random.next() * height };
    const to = { x: from.x + (random.next() - 0.5) * 20, y: from.y + (random.next() - 0.5) * 20 };
    paintSegment(mask, from, to, 1 + random.next() * 5, random.next() < 0.25 ? 0 : 1);
  }
  return mask;
}
