// Owns the replay of a sonographer's corrections: true masks of some frames stand in for them, the rest is held out and never seen in
// training or selection. It measures what synchronization is worth on a structure, and what it does to the others.
import { AppError } from '../common/errors.ts';
import { positions, type ObjectType, type Position, type Prompts } from '../common/prompts.ts';
import type { FrameReader } from '../inference/look.ts';
import type { Projections } from '../inference/network-runner.ts';
import { createRandom, shuffled } from '../nn/random.ts';
import type { JobContext } from './context.ts';
import { itemMask, type DatasetItem } from './dataset-item.ts';
import { evaluateItems } from './evaluate.ts';
import { encodedDice, encodeWhole, type CorrectionSource, type EncodedFrame } from './feature-cache.ts';
import { boundCorrections } from './sample-bound.ts';
import { synchronizeDefaults, synchronizeProjections, type SynchronizeSettings } from './synchronize.ts';
import { splitCorrections } from './validation-split.ts';

export interface ReplayOptions {
  readonly corrections: number;
  readonly position: Position;
  readonly type: ObjectType;
  readonly seed: number;
  /** 'label': the adapter is private to the label. 'model': the shared projections change, without the gate; a control. */
  readonly scope: 'label' | 'model';
  readonly settings?: Partial<SynchronizeSettings>;
  /** The model's proposals take a second look; false where it is left out. */
  readonly secondLook?: boolean;
}

export interface ReplayResult {
  readonly corrections: number;
  readonly heldOut: number;
  readonly diceBefore: number;
  readonly diceAfter: number;
  /** The best mean Dice on the held-out frames that the base model reaches under any Position. */
  readonly bestBaseDice: number;
  /** From the first encoded frame to the adapter. */
  readonly seconds: number;
  readonly trainableParameters: number;
  readonly validationBefore: number;
  readonly validationAfter: number;
  readonly otherSets: Record<string, { before: number; after: number }>;
}

/** Throws AppError('bad-input') when the set leaves nothing to hold out. */
export async function replayCorrections(
  reader: FrameReader,
  items: readonly DatasetItem[],
  others: ReadonlyMap<string, readonly DatasetItem[]>,
  options: ReplayOptions,
  context: JobContext<string>,
): Promise<ReplayResult> {
  const { runner, spec } = reader;
  if (items.length <= options.corrections) {
    throw new AppError(
      'bad-input',
      `${items.length} frames leave nothing to hold out after ${options.corrections} corrections.`,
    );
  }
  const order = shuffled(items, createRandom(options.seed));
  const corrected = order.slice(0, options.corrections);
  const heldOut: EncodedFrame[] = [];
  for (const item of order.slice(options.corrections)) {
    heldOut.push(await encodeWhole(reader, toCorrected(item)));
    await context.turn();
  }
  const prompts: Prompts = { position: options.position, type: options.type, mode: 'whole', task: 'segmentation' };

  const drawing = { ...synchronizeDefaults, ...options.settings };
  const all = splitCorrections(corrected.map(toOrigin), options.seed);
  const split = boundCorrections(all, drawing, { config: runner.network.config, flip: reader.flip }, options.seed);
  if (split.note) context.report(split.note);
  const outcome = await synchronizeProjections(
    reader,
    {
      prompts,
      train: split.train.map(({ item }) => toCorrected(item)),
      validation: split.validation.map(({ item }) => toCorrected(item)),
      start: null,
      secondLook: { possible: options.secondLook ?? false, before: options.secondLook ?? false },
      seed: options.seed,
      settings: options.settings,
    },
    {
      ...context,
      report: ({ phase, step, steps, loss, validationDice }) => {
        if (validationDice !== null)
          context.report(
            `${phase} ${step}/${steps}: loss ${loss?.toFixed(3)}, validation Dice ${validationDice.toFixed(3)}`,
          );
      },
    },
  );

  const measure = (secondLook: boolean, by: Prompts, projections: Projections | null): Promise<number> =>
    encodedDice(reader, heldOut, { prompts: by, projections, secondLook }, context);
  // Second looks must be encoded anew under each Position: they are left to the one that does best at first sight.
  const firstLooks = new Map<Position, number>();
  for (const position of positions) firstLooks.set(position, await measure(false, { ...prompts, position }, null));
  const [bestPosition] = positions.toSorted((a, b) => firstLooks.get(b)! - firstLooks.get(a)!);
  const baseDice = (position: Position): Promise<number> =>
    measure(options.secondLook ?? false, { ...prompts, position }, null);
  const otherSets: ReplayResult['otherSets'] = {};
  for (const [name, set] of others) {
    const shared = options.scope === 'model' ? outcome.projections : null;
    const seen = { classify: false, flip: reader.flip };
    const silent = { turn: () => context.turn(), report: () => undefined };
    const before = await evaluateItems(runner, spec, set, silent, { ...seen, secondLook: options.secondLook });
    const after = await evaluateItems(runner, spec, set, silent, {
      ...seen,
      projections: shared,
      secondLook: shared ? outcome.secondLook : options.secondLook,
    });
    otherSets[name] = { before: before.meanDice, after: after.meanDice };
  }
  return {
    corrections: corrected.length,
    heldOut: heldOut.length,
    diceBefore: await baseDice(options.position),
    diceAfter: outcome.projections
      ? await measure(outcome.secondLook, prompts, outcome.projections)
      : await baseDice(options.position),
    bestBaseDice: Math.max(firstLooks.get(bestPosition)!, await baseDice(bestPosition)),
    seconds: outcome.seconds,
    trainableParameters: outcome.trainableParameters,
    validationBefore: outcome.validationBefore,
    validationAfter: outcome.validationAfter,
    otherSets,
  };
}

function toCorrected(item: DatasetItem): CorrectionSource {
  return async () => ({ frame: item.frame, mask: itemMask(item) });
}

/** M2-US images carry no patient: each is taken for a study of its own. */
function toOrigin(item: DatasetItem) {
  return { item, patientKey: null, studyId: item.file, instanceId: item.file, frameNumber: 1, side: null };
}
