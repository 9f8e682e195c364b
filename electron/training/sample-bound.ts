// Owns how much of a label's corrections a synchronization takes: no more views than its steps can draw, and no more encoded samples than
// there is memory for. Where frames must be left out, those that stay are spread over patients, studies and cines.
import type { CorrectionSample } from '../common/engine-protocol.ts';
import { createRandom, shuffled, type Random } from '../nn/random.ts';
import type { PerceptGuideConfig } from '../../models/perceptguide/config.ts';
import { featureShapes } from '../../models/perceptguide/definition.ts';

/** What the encoded samples of one synchronization may take together. */
const memoryBytes = 2 ** 30;

/** Validation frames take at most this share of it. */
const validationShare = 0.25;

export interface SampleBound {
  /** Training frames. */
  readonly train: number;
  /** Validation frames. */
  readonly validation: number;
  /** Views of each training frame. */
  readonly views: number;
}

interface Reading {
  readonly config: PerceptGuideConfig;
  /** Whether validation frames are encoded with their mirror images. */
  readonly flip: boolean;
}

interface Drawing {
  readonly steps: number;
  readonly batch: number;
  readonly views: number;
}

/** Of so many frames, how many are taken and in how many views; all of both where there are few. Never fewer than one. */
export function sampleBound(
  frames: { readonly train: number; readonly validation: number },
  { steps, batch, views }: Drawing,
  { config, flip }: Reading,
): SampleBound {
  const room = Math.floor(memoryBytes / sampleBytes(config));
  const viewsAtOnce = flip ? 2 : 1;
  const validation = Math.min(frames.validation, Math.max(1, Math.floor((room * validationShare) / viewsAtOnce)));
  const budget = Math.max(1, Math.min(room - validation * viewsAtOnce, steps * batch));
  const train = Math.min(frames.train, budget);
  return { train, validation, views: Math.max(1, Math.min(views, Math.floor(budget / train))) };
}

/** The last of the wanted views are local ones; where there are fewer, some of those of every frame in turn, so that their share is kept. */
export function isLocalView(
  view: number,
  frame: number,
  views: number,
  wanted: { readonly views: number; readonly localShare: number },
): boolean {
  if (views === wanted.views) return view >= Math.ceil(views * (1 - wanted.localShare));
  const isDue = (turn: number): boolean =>
    Math.floor((turn + 1) * wanted.localShare) > Math.floor(turn * wanted.localShare);
  return isDue(frame + view);
}

/** Bytes of one sample: its features and its target. */
function sampleBytes(config: PerceptGuideConfig): number {
  const features = Object.values(featureShapes(config, 1)).map(([rows, channels]) => rows * channels);
  return 4 * features.reduce((sum, size) => sum + size, config.imageSize ** 2);
}

type Origin = Pick<CorrectionSample, 'patientKey' | 'studyId' | 'instanceId'>;

export interface BoundedCorrections<T> {
  readonly train: readonly T[];
  readonly validation: readonly T[];
  /** What was left out and why, in words; null where nothing was. */
  readonly note: string | null;
}

/** The corrections that are taken, in their order; seeded. */
export function boundCorrections<T extends Origin>(
  { train, validation }: { readonly train: readonly T[]; readonly validation: readonly T[] },
  drawing: Drawing,
  reading: Reading,
  seed: number,
): BoundedCorrections<T> {
  const bound = sampleBound({ train: train.length, validation: validation.length }, drawing, reading);
  const random = createRandom(seed);
  const taken = { train: spread(train, bound.train, random), validation: spread(validation, bound.validation, random) };
  const isWhole = taken.train.length === train.length && taken.validation.length === validation.length;
  if (isWhole) return { ...taken, note: null };
  const note =
    `Trained on ${taken.train.length} of ${train.length} corrections and validated on ${taken.validation.length} of ` +
    `${validation.length}: one synchronization takes no more.`;
  return { ...taken, note };
}

/** `count` of the items in their order: as many of each patient as of any other, of each study within, and of each cine. */
function spread<T extends Origin>(items: readonly T[], count: number, random: Random): readonly T[] {
  if (items.length <= count) return items;
  const keys = [
    (item: T) => item.patientKey ?? `study ${item.studyId}`,
    (item: T) => item.studyId,
    (item: T) => item.instanceId,
  ];
  const taken = new Set(dealt(items, keys, random).slice(0, count));
  return items.filter((item) => taken.has(item));
}

/** All items, one of each group in turn, and within a group by the next key; those that no key parts are in random order. */
function dealt<T>(items: readonly T[], [key, ...others]: readonly ((item: T) => string)[], random: Random): T[] {
  const mixed = shuffled(items, random);
  if (!key) return mixed;
  const groups = [...Map.groupBy(mixed, key).values()].map((group) => dealt(group, others, random));
  const turns = Math.max(0, ...groups.map((group) => group.length));
  return Array.from({ length: turns }, (_, turn) => groups.flatMap((group) => group.slice(turn, turn + 1))).flat();
}
