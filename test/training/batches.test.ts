import { describe, expect, it } from 'vitest';
import { createRandom } from '../../electron/nn/random.ts';
import { createSampler, organChances, setChances } from '../../electron/training/batches.ts';
import type { DatasetItem } from '../../electron/training/dataset-item.ts';
import { discItems } from '../support/phantoms.ts';

const ofSet = (set: string, count: number, position: DatasetItem['position']): DatasetItem[] =>
  discItems(count, 1, position).map((item) => ({ ...item, set }));

// 64 and 16 images of one organ, 16 of another.
const items = [...ofSet('large', 64, 'breast'), ...ofSet('small', 16, 'breast'), ...ofSet('other', 16, 'head')];

/** The share of each set in many draws. */
function shares(chances: readonly number[]): Record<string, number> {
  const draw = createSampler(items, chances);
  const random = createRandom(1);
  const draws = 20_000;
  const counts: Record<string, number> = { large: 0, small: 0, other: 0 };
  for (let index = 0; index < draws; index += 1) counts[draw(random).set] += 1 / draws;
  return counts;
}

describe('the chance of a set to be drawn', () => {
  it('grows with the square root of its images while nothing is learned', () => {
    const { large, small, other } = shares(setChances(items, {}));
    expect(large).toBeCloseTo(8 / 16, 1.5);
    expect(small).toBeCloseTo(4 / 16, 1.5);
    expect(other).toBeCloseTo(4 / 16, 1.5);
  });

  it('grows with the square root of what is missing in its Dice', () => {
    const { large, small, other } = shares(setChances(items, { large: { dice: 0.75 }, small: { dice: 0.96 } }));
    // 8 * 0.5, 4 * sqrt(0.05), for no set is ever quite learned, and 4 * 1
    const whole = 4 + 4 * Math.sqrt(0.05) + 4;
    expect(large).toBeCloseTo(4 / whole, 1.5);
    expect(small).toBeCloseTo((4 * Math.sqrt(0.05)) / whole, 1.5);
    expect(other).toBeCloseTo(4 / whole, 1.5);
  });

  it('goes by organs for classes: sets of one organ in proportion to their images', () => {
    const { large, small, other } = shares(organChances(items));
    const whole = Math.sqrt(80) + 4;
    expect(large + small).toBeCloseTo(Math.sqrt(80) / whole, 1.5);
    expect(large / small).toBeCloseTo(4, 0);
    expect(other).toBeCloseTo(4 / whole, 1.5);
  });
});
