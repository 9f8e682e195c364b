// Owns the division of an export into train, val and test: whole patients (or studies) only, and the same for the same data.
import { createHash } from 'node:crypto';

export const splitNames = ['train', 'val', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

const heldShare = 0.15;

/**
 * The split of each group by name. About 15 % of the groups each are for val and test, at least one where there are three groups; with two,
 * there is no test; with one, all is train. Which group goes where depends on the groups' keys alone: no order of import, no random number.
 */
export function splitGroups(groups: readonly string[]): ReadonlyMap<string, SplitName> {
  const distinct = [...new Set(groups)];
  const order = distinct
    .map((group) => ({ group, rank: createHash('sha256').update(group).digest('hex') }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const held = Math.max(1, Math.round(distinct.length * heldShare));
  const test = distinct.length >= 3 ? held : 0;
  const val = distinct.length >= 2 ? held : 0;
  return new Map(
    order.map(({ group }, index) => [group, index < test ? 'test' : index < test + val ? 'val' : 'train'] as const),
  );
}
