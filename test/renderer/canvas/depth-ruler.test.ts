import { describe, expect, it } from 'vitest';
import { rulerRegion, rulerTicks } from '../../../renderer/canvas/depth-ruler.ts';
import { describeRegion } from '../../../renderer/session/region-words.ts';
import { regionOf } from '../../support/regions.ts';

const image = regionOf(1, [120, 60, 799, 517], { physicalDeltaXMm: 0.25, physicalDeltaYMm: 0.25 });
const small = regionOf(2, [10, 60, 50, 90]);
const trace = regionOf(3, [0, 520, 799, 599], {
  spatialFormat: 3,
  dataType: 3,
  unitsX: 4,
  unitsY: 7,
  physicalDeltaXMm: null,
  physicalDeltaYMm: null,
});

describe('the depth ruler', () => {
  it('belongs to the largest calibrated region', () => {
    expect(rulerRegion([small, image, trace])).toBe(image);
    expect(rulerRegion([trace])).toBeNull();
    expect(rulerRegion([])).toBeNull();
  });

  it('has a tick every half centimetre from the top of the region to its bottom, every whole one written', () => {
    const ticks = rulerTicks(image, 4);
    expect(ticks[0]).toEqual({ depthMm: 0, y: 60, isMajor: true });
    expect(ticks[1]).toEqual({ depthMm: 5, y: 80, isMajor: false });
    expect(ticks[2]).toEqual({ depthMm: 10, y: 100, isMajor: true });
    // 458 rows of 0.25 mm are 11.45 cm.
    expect(ticks.at(-1)).toMatchObject({ depthMm: 110, isMajor: true });
  });

  it('has fewer ticks where there is little room on the screen, and all written ones are ticks', () => {
    for (const pixelsPerMm of [0.1, 0.3, 0.7, 1, 2, 5, 20]) {
      const ticks = rulerTicks(image, pixelsPerMm);
      const majors = ticks.filter((tick) => tick.isMajor);
      const apart = (majors[1]?.depthMm ?? 1e9) * pixelsPerMm;
      expect(apart).toBeGreaterThanOrEqual(20);
      expect(ticks.length * 9).toBeLessThanOrEqual(Math.max(18, 120 * pixelsPerMm + 18));
    }
  });
});

describe('a region in words', () => {
  it('says what it shows and its scale, or the units that are no lengths', () => {
    expect(describeRegion(image)).toBe('1 · 2D tissue · 0.25 × 0.25 mm/px');
    expect(describeRegion(trace)).toBe('3 · spectral Doppler pulsed Doppler · s × cm/s, no lengths');
    expect(describeRegion({ ...trace, spatialFormat: null, dataType: 99, unitsX: null })).toBe(
      '3 · code 99 · no unit × cm/s, no lengths',
    );
  });
});
