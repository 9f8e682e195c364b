// Owns how corrections are parted into training and validation without a leak: by patient, else by study, else by blocks of one cine.
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

type Origin = Pick<CorrectionSample, 'patientKey' | 'studyId' | 'instanceId' | 'frameNumber'>;

/** Frames between the blocks of one cine that go to neither side. */
const gap = 2;

/** About a quarter goes to validation, at least one and never all; seeded. */
export function splitCorrections<T extends Origin>(corrections: readonly T[], seed: number): ValidationSplit<T> {
  const wanted = Math.max(1, Math.round(corrections.length / 4));
  const byPatient = groupBy(corrections, (correction) => correction.patientKey ?? `study ${correction.studyId}`);
  if (byPatient.length > 1) return { ...splitGroups(byPatient, wanted, seed), caution: null };
  const byStudy = groupBy(corrections, (correction) => correction.studyId);
  if (byStudy.length > 1) {
    const caution = 'All corrections come from one patient: the estimate is optimistic for others.';
    return { ...splitGroups(byStudy, wanted, seed), caution };
  }
  return splitCine(corrections, wanted);
}

function splitGroups<T>(
  groups: readonly (readonly T[])[],
  wanted: number,
  seed: number,
): { train: T[]; validation: T[] } {
  const validation: T[] = [];
  const train: T[] = [];
  const order = shuffled(groups, createRandom(seed));
  order.forEach((group, index) => {
    const isLast = index === order.length - 1;
    const fits = validation.length === 0 || validation.length + group.length <= wanted;
    if (validation.length < wanted && fits && !(isLast && train.length === 0)) validation.push(...group);
    else train.push(...group);
  });
  return { train, validation };
}

/** The last block of a cine in time order, apart from the rest by a gap where there are frames enough to spare. */
function splitCine<T extends Origin>(corrections: readonly T[], wanted: number): ValidationSplit<T> {
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
    caution: 'Training and validation come from one study: the estimate is optimistic for other patients.',
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
