// Owns how corrections are parted into training and validation without a leak: by patient, else by study, else by blocks of frames. A
// coarser way is left where it would train on too little or validate on too little.
import type { CorrectionSample, SplitSide } from '../common/engine-protocol.ts';
import { createRandom, shuffled } from '../nn/random.ts';

/** Fewer corrections than this and synchronization is refused. */
export const minimumCorrections = 4;

export interface ValidationSplit<T> {
  readonly train: readonly T[];
  readonly validation: readonly T[];
  /** Why the estimate is optimistic, in words; null where patients or studies are kept apart. */
  readonly caution: string | null;
}

type Parts<T> = Omit<ValidationSplit<T>, 'caution'>;

type Origin = Pick<CorrectionSample, 'patientKey' | 'studyId' | 'instanceId' | 'frameNumber' | 'side'>;

/** Frames between the blocks of one cine that go to neither side. */
const gap = 2;

const cautionOfRepeat = 'All frames were trained on before: the estimate is optimistic, that from before most of all.';

/**
 * About a quarter goes to validation, at least one and never all; where patients or studies are kept apart, at least half is left to train on.
 * What an earlier adapter was trained on is trained on again and validates nothing, or its figure, from which the next one starts, would be
 * that of frames it knows. Seeded.
 */
export function splitCorrections<T extends Origin>(corrections: readonly T[], seed: number): ValidationSplit<T> {
  const kept = splitUnder(corrections, seed, ({ side }) => side);
  if (kept) return kept;
  const { train, validation, caution } = splitUnder(corrections, seed, () => null)!;
  return { train, validation, caution: [caution, cautionOfRepeat].filter(Boolean).join(' ') };
}

type SideOf<T> = (correction: T) => SplitSide | null;

/** Null where these sides leave nothing to validate on; something is left where nothing is on either. */
function splitUnder<T extends Origin>(
  corrections: readonly T[],
  seed: number,
  sideOf: SideOf<T>,
): ValidationSplit<T> | null {
  const wanted = Math.max(1, Math.round(corrections.length / 4));
  // What validated goes on doing so, unless there is too much of it by now.
  const ofTrained: SideOf<T> = (correction) => (sideOf(correction) === 'train' ? 'train' : null);
  const first = (split: (side: SideOf<T>) => Parts<T> | null): Parts<T> | null => split(sideOf) ?? split(ofTrained);
  const byPatient = groupBy(corrections, (correction) => correction.patientKey ?? `study ${correction.studyId}`);
  const byStudy = groupBy(corrections, (correction) => correction.studyId);
  const patients = first((side) => splitGroups(byPatient, wanted, seed, side));
  if (patients) return { ...patients, caution: null };
  const finer =
    first((side) => splitGroups(byStudy, wanted, seed, side)) ?? first((side) => splitCine(corrections, wanted, side));
  return finer && { ...finer, caution: cautionOf(byPatient.length, byStudy.length) };
}

function cautionOf(patients: number, studies: number): string {
  if (patients > 1) {
    return 'The patients could not be kept apart: some are in training and in validation, and the estimate is optimistic for others.';
  }
  if (studies > 1) return 'All corrections come from one patient: the estimate is optimistic for others.';
  return 'Training and validation come from one study: the estimate is optimistic for other patients.';
}

/** Whole groups, as near to `wanted` as they go; null where none leaves half of all to train on and half of `wanted` to validate on. */
function splitGroups<T>(
  groups: readonly (readonly T[])[],
  wanted: number,
  seed: number,
  sideOf: SideOf<T>,
): Parts<T> | null {
  const order = shuffled(groups, createRandom(seed));
  const has = (group: readonly T[], side: SplitSide): boolean => group.some((one) => sideOf(one) === side);
  const open = order.filter((group) => !has(group, 'train'));
  const fixed = open.filter((group) => has(group, 'validation'));
  const free = open.filter((group) => !fixed.includes(group));
  const count = (some: readonly (readonly T[])[]): number => some.reduce((sum, { length }) => sum + length, 0);
  const most = Math.floor(count(groups) / 2);
  const begun = count(fixed);
  const off = (more: number): number =>
    begun + more >= wanted / 2 && begun + more <= most ? Math.abs(begun + more - wanted) : Number.POSITIVE_INFINITY;
  const sizes = free.map(({ length }) => length);
  let best = begun > 0 ? nothing : firstFitting(sizes, wanted);
  for (const sum of reachableSums(sizes, most - begun).values()) if (off(sum.count) < off(best.count)) best = sum;
  if (off(best.count) === Number.POSITIVE_INFINITY) return null;
  const chosen = new Set([...fixed, ...best.members.map((index) => free[index])]);
  return {
    train: order.filter((group) => !chosen.has(group)).flat(),
    validation: order.filter((group) => chosen.has(group)).flat(),
  };
}

/** Groups for validation, by their places, and how many corrections these are. */
interface Choice {
  readonly count: number;
  readonly members: readonly number[];
}

const nothing: Choice = { count: 0, members: [] };

/** One group after the other, while it fits. */
function firstFitting(sizes: readonly number[], wanted: number): Choice {
  let chosen = nothing;
  sizes.forEach((size, index) => {
    const isFirst = chosen.count === 0;
    if (isFirst || chosen.count + size <= wanted) chosen = withMember(chosen, size, index);
  });
  return chosen;
}

/** For each number of corrections up to `most` that whole groups add up to, one choice of groups. */
function reachableSums(sizes: readonly number[], most: number): ReadonlyMap<number, Choice> {
  const sums = new Map<number, Choice>([[0, nothing]]);
  sizes.forEach((size, index) => {
    const withoutIt = Array.from(sums.values());
    for (const choice of withoutIt) {
      const count = choice.count + size;
      if (count <= most && !sums.has(count)) sums.set(count, withMember(choice, size, index));
    }
  });
  return sums;
}

function withMember({ count, members }: Choice, size: number, index: number): Choice {
  return { count: count + size, members: [...members, index] };
}

/**
 * The last frames of a cine in time order, apart from the rest by a gap where there are frames enough to spare. Null where all must be
 * trained on.
 */
function splitCine<T extends Origin>(corrections: readonly T[], wanted: number, sideOf: SideOf<T>): Parts<T> | null {
  const ordered = [...corrections].sort(
    (a, b) => a.instanceId.localeCompare(b.instanceId) || a.frameNumber - b.frameNumber,
  );
  const fixed = ordered.filter((one) => sideOf(one) === 'validation');
  const free = ordered.filter((one) => sideOf(one) === null);
  const more = Math.max(0, wanted - fixed.length);
  const chosen = new Set([...fixed, ...(more > 0 ? free.slice(-more) : [])]);
  if (chosen.size === 0 || chosen.size === ordered.length) return null;
  const validation = ordered.filter((one) => chosen.has(one));
  const others = ordered.filter((one) => !chosen.has(one));
  const isNear = (one: T): boolean =>
    validation.some(
      ({ instanceId, frameNumber }) => instanceId === one.instanceId && Math.abs(frameNumber - one.frameNumber) <= gap,
    );
  const apart = others.filter((one) => !isNear(one));
  return {
    train: apart.length >= minimumCorrections - wanted && apart.length > 0 ? apart : others,
    validation,
  };
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item)) ?? [];
    group.push(item);
    groups.set(key(item), group);
  }
  return [...groups.values()];
}
