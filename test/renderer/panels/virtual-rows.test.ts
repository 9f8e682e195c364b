import { describe, expect, it } from 'vitest';
import { rowOffsets, rowsInSight, scrollToRow } from '../../../renderer/panels/virtual-rows.ts';

describe('the rows in sight', () => {
  const offsets = rowOffsets([28, 52, 52, 28, 52]);

  it('are those that a window touches, with some to spare', () => {
    expect([...offsets]).toEqual([0, 28, 80, 132, 160, 212]);
    expect(rowsInSight(offsets, 0, 20, 0)).toEqual({ first: 0, end: 1 });
    expect(rowsInSight(offsets, 79, 81, 0)).toEqual({ first: 1, end: 3 });
    expect(rowsInSight(offsets, 79, 81, 1)).toEqual({ first: 0, end: 4 });
    expect(rowsInSight(offsets, 200, 900, 2)).toEqual({ first: 2, end: 5 });
    expect(rowsInSight(rowOffsets([]), 0, 500, 6)).toEqual({ first: 0, end: 0 });
  });

  it('are few in a list of a hundred thousand', () => {
    const many = rowOffsets(Array.from({ length: 100_000 }, (_, index) => (index % 3 === 0 ? 28 : 52)));
    const { first, end } = rowsInSight(many, many[70_000], many[70_000] + 600, 6);
    expect(first).toBe(69_994);
    expect(end - first).toBeLessThan(30);
  });

  it('come into sight by the least scrolling', () => {
    expect(scrollToRow(offsets, 1, 0, 100)).toBe(0);
    expect(scrollToRow(offsets, 4, 0, 100)).toBe(112);
    expect(scrollToRow(offsets, 0, 112, 100)).toBe(0);
  });
});
