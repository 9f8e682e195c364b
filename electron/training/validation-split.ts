// Owns how corrections are parted into training and validation without a leak: by patient, else by study, else by blocks of frames. A
// coarser way is left where it would train on too little or validate on too little.
import type { CorrectionSample } from '../common/engine-protocol.ts';
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

type Origin = Pick<CorrectionSample, 'patientKey' | 'studyId' | 'instanceId' | 'frameNumber'>;

/** Frames between the blocks of one cine that go to neither side. */
const gap = 2;

/**
 * About a quarter goes to validation, at least one and never all; where patients or studies are kept apart, at least half is left to train on.
 * Seeded.
 */
export function splitCorrections<T extends Origin>(corrections: readonly T[], seed: number): ValidationSplit<T> {
  const wanted = Math.max(1, Math.round(corrections.length / 4));
  const byPatient = groupBy(corrections, (correction) => correction.patientKey ?? `study ${correction.studyId}`);
  const byStudy = groupBy(corrections, (correction) => correction.studyId);
  const patients = splitGroups(byPatient, wanted, seed);
  if (patients) return { ...patients, caution: null };
  const finer = splitGroups(byStudy, wanted, seed) ?? splitCine(corrections, wanted);
  return { ...finer, caution: cautionOf(byPatient.length, byStudy.length) };
}

function cautionOf(patients: number, studies: number): string {
  if (patients > 1) {
    return 'The patients could not be kept apart: some are in training and in validation, and the estimate is optimistic for others.';
  }
  if (studies > 1) return 'All corrections come from one patient: the estimate is optimistic for others.';
  return 'Training and validation come from one study: the estimate is optimistic for other patients.';
}

/** Whole groups, as near to `wanted` as they go; null where none leaves half of all to train on and half of `wanted` to validate on. */
function splitGroups<T>(groups: readonly (readonly T[])[], wanted: number, seed: number): Parts<T> | null {
  const order = shuffled(groups, createRandom(seed));
  const sizes = order.map((group) => group.length);
  const most = Math.floor(sizes.reduce((sum, size) => sum + size, 0) / 2);
  const off = (count: number): number =>
    count >= wanted / 2 && count <= most ? Math.abs(count - wanted) : Number.POSITIVE_INFINITY;
  const sums = reachableSums(sizes, most);
  let best = firstFitting(sizes, wanted);
  for (const sum of sums.values()) if (off(sum.count) < off(best.count)) best = sum;
  if (off(best.count) === Number.POSITIVE_INFINITY) return null;
  return {
    train: order.filter((_, index) => !best.members.includes(index)).flat(),
    validation: order.filter((_, index) => best.members.includes(index)).flat(),
  };
}

/** Groups for validation, by their places, and how many corrections these are. */
interface Choice {
  readonly count: number;
  readonly members: readonly number[];
}

/** One group after the other, while it fits. */
function firstFitting(sizes: readonly number[], wanted: number): Choice {
  let chosen: Choice = { count: 0, members: [] };
  sizes.forEach((size, index) => {
    const isFirst = chosen.count === 0;
    if (isFirst || chosen.count + size <= wanted) chosen = withMember(chosen, size, index);
  });
  return chosen;
}

/** For each number of corrections up to `most` that whole groups add up to, one choice of groups. */
function reachableSums(sizes: readonly number[], most: number): ReadonlyMap<number, Choice> {
  const sums = new Map<number, Choice>([[0, { count: 0, members: [] }]]);
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

/** The last block of a cine in time order, apart from the rest by a gap where there are frames enough to spare. */
function splitCine<T extends Origin>(corrections: readonly T[], wanted: number): Parts<T> {
  const ordered = [...corrections].sort(
    (a, b) => a.instanceId.localeCompare(b.instanceId) || a.frameNumber - b.frameNumber,
  );
  const validation = ordered.slice(-wanted);
  const first = validation[0];
  const before = ordered.slice(0, -wanted);
  const apart = before.filter(
    (one) => one.instanceId !== first.instanceId || first.frameNumber - one.frameNumber > gap,
  );
  return {
    train: apart.length >= minimumCorrections - wanted && apart.length > 0 ? apart : before,
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
