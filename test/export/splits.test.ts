import { expect, it } from 'vitest';
import { splitGroups } from '../../electron/export/splits.ts';

const groups = (count: number) => Array.from({ length: count }, (_, index) => `patient/${index}`);

function sizes(count: number): Record<string, number> {
  const found = { train: 0, val: 0, test: 0 };
  for (const split of splitGroups(groups(count)).values()) found[split] += 1;
  return found;
}

it('keeps about 15 % each for val and test, and always something for train', () => {
  expect(sizes(1)).toEqual({ train: 1, val: 0, test: 0 });
  expect(sizes(2)).toEqual({ train: 1, val: 1, test: 0 });
  expect(sizes(3)).toEqual({ train: 1, val: 1, test: 1 });
  expect(sizes(40)).toEqual({ train: 28, val: 6, test: 6 });
});

it('gives every group one split, whatever the order and however often it occurs', () => {
  const once = splitGroups(groups(20));
  const often = splitGroups([...groups(20).toReversed(), ...groups(20)]);
  expect(often.size).toBe(20);
  for (const group of groups(20)) expect(often.get(group)).toBe(once.get(group));
});

it('leaves a group for good where it is once settled, whatever is added', () => {
  let known = splitGroups(groups(9));
  for (const count of [10, 16, 17, 40, 80]) {
    const grown = splitGroups(groups(count), known);
    for (const [group, split] of known) expect(grown.get(group), `${group} of ${count}`).toBe(split);
    const held = [...grown.values()].filter((split) => split !== 'train').length;
    expect(Math.abs(held / count - 0.3)).toBeLessThan(0.1);
    known = grown;
  }
});

it('takes of what is settled only the groups that are there', () => {
  const all = splitGroups(groups(20));
  const few = groups(20).filter((group) => all.get(group) === 'train');
  expect(splitGroups(few, all)).toEqual(new Map(few.map((group) => [group, 'train'])));
});
