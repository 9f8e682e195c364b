// Owns the picture as a machine shows it: scan conversion of the beams onto black, a depth scale, a grey bar and what it is. And the true mask.
import { createMask } from '../../common/mask.ts';
import type { BinaryMask } from '../../common/mask.ts';
import type { Picture } from '../../common/picture.ts';
import { beamCount } from './beams.ts';
import type { BeamPicture } from './beams.ts';
import { distanceToLesion } from './lesion.ts';
import type { Lesion } from './lesion.ts';
import { drawText } from './lettering.ts';
import type { Place, Probe } from './probe.ts';

export const screenWidth = 640;
export const screenHeight = 480;

const margin = { top: 20, bottom: 20, side: 44 };

/** Where the scan lies on the screen: the same scale in both directions. */
export interface Layout {
  readonly mmPerPixel: number;
  /** The place that a point of the screen shows; (0.5, 0.5) is the centre of the first pixel. */
  placeAt(column: number, row: number): Place;
  columnOf(xMm: number): number;
  rowOf(zMm: number): number;
}

export function layOut({ bounds }: Probe): Layout {
  const mmPerPixel = Math.max(
    (bounds.bottomMm - bounds.topMm) / (screenHeight - margin.top - margin.bottom),
    (2 * bounds.halfWidthMm) / (screenWidth - 2 * margin.side),
  );
  return {
    mmPerPixel,
    placeAt: (column, row) => ({
      xMm: (column - screenWidth / 2) * mmPerPixel,
      zMm: bounds.topMm + (row - margin.top) * mmPerPixel,
    }),
    columnOf: (xMm) => xMm / mmPerPixel + screenWidth / 2,
    rowOf: (zMm) => (zMm - bounds.topMm) / mmPerPixel + margin.top,
  };
}

/** Grey, 640×480. `lines` are written into the black corner. */
export function drawScreen(probe: Probe, beams: BeamPicture, layout: Layout, lines: readonly string[]): Picture {
  const pixels = new Uint8Array(screenWidth * screenHeight);
  for (let row = 0; row < screenHeight; row += 1) {
    for (let column = 0; column < screenWidth; column += 1) {
      const { position, depthMm } = probe.beamOf(layout.placeAt(column + 0.5, row + 0.5));
      if (position < 0 || position > 1 || depthMm < 0 || depthMm > probe.depthMm) continue;
      const level = sampleAt(beams, position * (beamCount - 1), (depthMm / probe.depthMm) * (beams.samples - 1));
      pixels[row * screenWidth + column] = Math.round(level);
    }
  }
  const set = (column: number, row: number, level: number) => {
    if (column >= 0 && column < screenWidth && row >= 0 && row < screenHeight)
      pixels[row * screenWidth + column] = level;
  };
  drawScale(probe, layout, set);
  drawGreyBar(set);
  lines.forEach((line, index) => {
    drawText(line, 6, screenHeight - 12 * (lines.length - index), (column, row) => set(column, row, 190));
  });
  return { width: screenWidth, height: screenHeight, channels: 1, pixels };
}

/** The lesion's pixels: those whose centre lies within its outline and the scan. All 0 in a plane that misses it. */
export function drawTruth(probe: Probe, lesion: Lesion, planeMm: number, layout: Layout): BinaryMask {
  const mask = createMask(screenWidth, screenHeight);
  for (let row = 0; row < screenHeight; row += 1) {
    for (let column = 0; column < screenWidth; column += 1) {
      const place = layout.placeAt(column + 0.5, row + 0.5);
      const { position, depthMm } = probe.beamOf(place);
      const seen = position >= 0 && position <= 1 && depthMm >= 0 && depthMm <= probe.depthMm;
      if (seen && distanceToLesion(lesion, place.xMm, planeMm, place.zMm) <= 0)
        mask.data[row * screenWidth + column] = 1;
    }
  }
  return mask;
}

/** Bilinear. */
function sampleAt({ levels, samples }: BeamPicture, beam: number, sample: number): number {
  const beam0 = Math.min(beamCount - 2, Math.floor(beam));
  const sample0 = Math.min(samples - 2, Math.floor(sample));
  const across = beam - beam0;
  const along = sample - sample0;
  const at = beam0 * samples + sample0;
  const near = levels[at] * (1 - along) + levels[at + 1] * along;
  const next = levels[at + samples] * (1 - along) + levels[at + samples + 1] * along;
  return near * (1 - across) + next * across;
}

type SetPixel = (column: number, row: number, level: number) => void;

/** A tick every 5 mm at the right, longer and numbered every centimetre. */
function drawScale(probe: Probe, layout: Layout, set: SetPixel): void {
  const column = screenWidth - 30;
  for (let depth = 0; depth <= probe.depthMm; depth += 5) {
    const row = Math.round(layout.rowOf(depth));
    const length = depth % 10 === 0 ? 8 : 4;
    for (let i = 0; i < length; i += 1) set(column + i, row, 170);
    if (depth % 10 === 0 && depth > 0) {
      drawText(String(depth / 10), column + 12, row - 3, (x, y) => set(x, y, 170));
    }
  }
  drawText('cm', column + 10, Math.round(layout.rowOf(0)) - 4, (x, y) => set(x, y, 170));
}

function drawGreyBar(set: SetPixel): void {
  for (let row = 0; row < 128; row += 1) {
    for (let column = 0; column < 10; column += 1) set(10 + column, margin.top + row, 255 - 2 * row);
  }
}
