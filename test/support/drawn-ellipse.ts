// An ellipse as a mask, by its equation at the centres of pixels.
import { createMask, type BinaryMask } from '../../electron/common/mask.ts';

/** On 200 × 160 pixels: centre, half axes, angle of the first axis in radians. */
export function drawEllipse(cx: number, cy: number, a: number, b: number, angle: number): BinaryMask {
  const mask = createMask(200, 160);
  for (let row = 0; row < 160; row += 1) {
    for (let column = 0; column < 200; column += 1) {
      const [dx, dy] = [column + 0.5 - cx, row + 0.5 - cy];
      const along = dx * Math.cos(angle) + dy * Math.sin(angle);
      const across = dy * Math.cos(angle) - dx * Math.sin(angle);
      if ((along / a) ** 2 + (across / b) ** 2 <= 1) mask.data[row * 200 + column] = 1;
    }
  }
  return mask;
}
