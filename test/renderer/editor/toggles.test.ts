import { describe, expect, it } from 'vitest';
import { encodeMask } from '../../../electron/common/mask.ts';
import {
  applyToggles,
  combineToggles,
  countToggled,
  diffEncoded,
  diffMasks,
  togglesBox,
} from '../../../renderer/editor/toggles.ts';

/** A reproducible mask of random pixels (linear congruential generator of Numerical Recipes). */
function randomMask(size: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 31;
  });
}

describe('toggles', () => {
  it('lead from one mask to the other and back', () => {
    const before = randomMask(40 * 30, 1);
    const after = randomMask(40 * 30, 2);
    const toggles = diffMasks(before, after, 40);
    const data = before.slice();
    applyToggles(data, toggles);
    expect(data).toEqual(after);
    applyToggles(data, toggles);
    expect(data).toEqual(before);
  });

  it('join neighbouring pixels into one run, across the end of a row too', () => {
    const before = new Uint8Array(12);
    const after = Uint8Array.of(0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1);
    expect([...diffMasks(before, after, 4)]).toEqual([3, 3, 11, 1]);
  });

  it('look only inside the box they are given', () => {
    const after = new Uint8Array(16).fill(1);
    const toggles = diffMasks(new Uint8Array(16), after, 4, { x: 1, y: 1, width: 2, height: 2 });
    expect([...toggles]).toEqual([5, 2, 9, 2]);
    expect(countToggled(toggles)).toBe(4);
    expect(togglesBox(toggles, 4)).toEqual({ x: 1, y: 1, width: 2, height: 2 });
  });

  it('between masks in run-length bytes are those between the masks', () => {
    for (let seed = 1; seed < 9; seed += 1) {
      const [a, b] = [randomMask(24 * 20, seed), randomMask(24 * 20, seed + 50)];
      const [zeros, ones] = [new Uint8Array(24 * 20), new Uint8Array(24 * 20).fill(1)];
      const bytes = (data: Uint8Array): Uint8Array => encodeMask({ width: 24, height: 20, data });
      for (const [before, after] of [
        [a, b],
        [zeros, a],
        [a, ones],
        [ones, zeros],
        [a, a],
      ]) {
        expect(diffEncoded(bytes(before), bytes(after))).toEqual(diffMasks(before, after, 24));
      }
      expect(diffEncoded(null, bytes(b))).toEqual(diffMasks(zeros, b, 24));
    }
  });

  it('combine to what both do one after the other, pixels in both cancelling out', () => {
    const [a, b, c] = [randomMask(600, 3), randomMask(600, 4), randomMask(600, 5)];
    const combined = combineToggles(diffMasks(a, b, 30), diffMasks(b, c, 30));
    const data = a.slice();
    applyToggles(data, combined);
    expect(data).toEqual(c);
    expect(combineToggles(diffMasks(a, b, 30), diffMasks(b, a, 30))).toHaveLength(0);
  });

  it('have no box where nothing changed, and a full row where a run wraps', () => {
    expect(togglesBox(new Uint32Array(), 4)).toBeNull();
    expect(togglesBox(Uint32Array.of(3, 3), 4)).toEqual({ x: 0, y: 0, width: 4, height: 2 });
  });
});
