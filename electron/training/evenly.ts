// Owns the choice of a few out of many in order, without the favour that the first ones have.

/** At most `count` of the items, from the first on at even distances. */
export function evenly<T>(items: readonly T[], count: number): readonly T[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, index) => items[Math.floor(index * step)]);
}
