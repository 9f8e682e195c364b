// Owns the division of an export into train, val and test: whole patients (or studies) only, and the same for the same data.
import { createHash } from 'node:crypto';

export const splitNames = ['train', 'val', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

const heldShare = 0.15;

/** The split that a group has for good: one that was trained on is never measured on. */
export type KnownSplits = ReadonlyMap<string, SplitName>;

/**
 * The split of each group by name. About 15 % of the groups each are for val and test, at least one where there are three groups; with two,
 * there is no test; with one, all is train. A group of `known` stays where it is; where the others go depends on their keys alone: no order of
 * import, no random number.
 */
export function splitGroups(groups: readonly string[], known: KnownSplits = new Map()): ReadonlyMap<string, SplitName> {
  const distinct = [...new Set(groups)];
  const splits = new Map<string, SplitName>();
  for (const group of distinct) {
    const split = known.get(group);
    if (split) splits.set(group, split);
  }
  const held = Math.max(1, Math.round(distinct.length * heldShare));
  const missing = (split: SplitName, wanted: number): number =>
    Math.max(0, wanted - [...splits.values()].filter((name) => name === split).length);
  const test = missing('test', distinct.length >= 3 ? held : 0);
  const val = missing('val', distinct.length >= 2 ? held : 0);
  distinct
    .filter((group) => !splits.has(group))
    .map((group) => ({ group, rank: createHash('sha256').update(group).digest('hex') }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .forEach(({ group }, index) => splits.set(group, index < test ? 'test' : index < test + val ? 'val' : 'train'));
  return splits;
}
