// Owns the mask that is the ellipse of another.
import { traceContours } from '../../../electron/common/contour.ts';
import { fitEllipse } from '../../../electron/common/ellipse.ts';
import { type BinaryMask, createMask } from '../../../electron/common/mask.ts';
import { fillPolygon } from '../../../electron/common/polygon.ts';

/** The fitted ellipse of the mask's pixels, filled; an empty mask for an empty one. */
export function ellipseMask(mask: BinaryMask): BinaryMask {
  const filled = createMask(mask.width, mask.height);
  const ellipse = fitEllipse(traceContours(mask));
  if (!ellipse) return filled;
  const { centre, semiMajor, semiMinor, angle } = ellipse;
  // A corner every half pixel or so: none is further than 1 % of a pixel from the curve.
  const corners = Math.max(32, Math.ceil(4 * Math.PI * semiMajor));
  const points = Array.from({ length: corners }, (_, index) => {
    const turn = (2 * Math.PI * index) / corners;
    const along = semiMajor * Math.cos(turn);
    const across = semiMinor * Math.sin(turn);
    return {
      x: centre.x + along * Math.cos(angle) - across * Math.sin(angle),
      y: centre.y + along * Math.sin(angle) + across * Math.cos(angle),
    };
  });
  fillPolygon(filled, points, 1);
  return filled;
}
