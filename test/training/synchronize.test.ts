import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAbortError } from '../../electron/common/errors.ts';
import { positions, types } from '../../electron/common/prompts.ts';
import type { SynchronizeProgress } from '../../electron/common/engine-protocol.ts';
import { parseAdapter, serializeAdapter, type AdapterRecord } from '../../electron/inference/adapter.ts';
import { LoadedModel } from '../../electron/inference/loaded-model.ts';
import { itemMask } from '../../electron/training/dataset-item.ts';
import { encodedDice, encodeWhole, type CorrectionSource } from '../../electron/training/feature-cache.ts';
import { replayCorrections } from '../../electron/training/replay.ts';
import { findStartingPoint } from '../../electron/training/starting-prompts.ts';
import { synchronizeProjections, worthKeeping, type SynchronizeTask } from '../../electron/training/synchronize.ts';
import { discItems } from '../support/phantoms.ts';

const prompts = { position: 'leg', task: 'segmentation', mode: 'whole', type: 'organ' } as const;
const settings = { steps: 24, batch: 2, views: 2, measureEvery: 6 };
// The starter model that ships with the application.
const starterFolder = join(import.meta.dirname, '../../models/perceptguide-starter');

/** True masks of bright discs only: on frames with a dark disc the structure is absent. */
const corrected: CorrectionSource[] = discItems(12, 5).map((item) => {
  const mask = itemMask(item);
  return async () => ({
    frame: item.frame,
    mask: item.classIndex === 1 ? mask : { ...mask, data: new Uint8Array(mask.data.length) },
  });
});

const task: SynchronizeTask = {
  prompts,
  train: corrected.slice(0, 8),
  validation: corrected.slice(8),
  start: null,
  seed: 4,
  settings,
};

function context(
  report: (progress: SynchronizeProgress) => void = () => undefined,
  signal = new AbortController().signal,
) {
  return {
    signal,
    report,
    turn: () => (signal.aborted ? Promise.reject(createAbortError()) : Promise.resolve()),
  };
}

describe('the step that is kept', () => {
  const step = (...dice: number[]) => ({ dice, projections: new Map() });

  it('is the last that cannot be told from the best, else the best', () => {
    const [early, best] = [step(0.5, 0.5, 0.5, 0.5), step(0.7, 0.6, 0.8, 0.7)];
    // As good on some frames, a little worse on others: chance. Worse on all by as much: not.
    const alike = step(0.72, 0.55, 0.82, 0.66);
    const worse = step(0.68, 0.58, 0.78, 0.68);
    expect(worthKeeping([early, best, alike])).toEqual([alike, best]);
    expect(worthKeeping([early, best, worse])).toEqual([best]);
    expect(worthKeeping([early, best, alike, worse])).toEqual([alike, best]);
    expect(worthKeeping([best, early])).toEqual([best]);
  });

  it('is the best where one frame validates', () => {
    expect(worthKeeping([step(0.7), step(0.69)])).toEqual([step(0.7)]);
  });
});

describe('downstream synchronization', () => {
  let model: LoadedModel;
  beforeAll(async () => {
    model = await LoadedModel.load(starterFolder, 'cpu');
  });

  it('learns from corrections, absent frames too, reports every step, and repeats exactly from its seed', async () => {
    const steps: SynchronizeProgress[] = [];
    const outcome = await synchronizeProjections(
      model,
      task,
      context((progress) => steps.push(progress)),
    );
    expect(outcome.projections).not.toBeNull();
    expect(outcome.validationAfter).toBeGreaterThan(outcome.validationBefore);
    expect(steps.filter(({ phase }) => phase === 'encoding')).toHaveLength(8 * (2 + 1) + 4);
    expect(outcome.history.at(-1)!.step).toBe(settings.steps);
    expect(outcome.history.filter(({ validationDice }) => validationDice !== null)).toHaveLength(4);
    const again = await synchronizeProjections(model, task, context());
    expect(again.projections).toEqual(outcome.projections);
  });

  it('changes the logits of its own label, and those of every other label not by a bit', async () => {
    const frame = await encodeWhole(model, corrected[0]);
    const other = { ...prompts, position: 'breast', type: 'tumor' } as const;
    const before = {
      own: await model.runner.decode(frame.whole.views[0], prompts, null),
      other: await model.runner.decode(frame.whole.views[0], other, null),
    };
    const { projections } = await synchronizeProjections(model, task, context());
    expect(await model.runner.decode(frame.whole.views[0], prompts, projections)).not.toEqual(before.own);
    expect(await model.runner.decode(frame.whole.views[0], other, null)).toEqual(before.other);
    expect(await model.runner.decode(frame.whole.views[0], other, projections)).not.toEqual(before.other); // the control: shared projections do change it
  });

  it('measures what proposals will be: with a second look where that does better', async () => {
    const secondLook = { possible: true, before: true };
    const outcome = await synchronizeProjections(model, { ...task, secondLook }, context());
    const frames = await Promise.all(task.validation.map((frame) => encodeWhole(model, frame)));
    const { projections } = outcome;
    expect(projections).not.toBeNull();
    const once = await encodedDice(model, frames, { prompts, projections, secondLook: false }, context());
    const again = await encodedDice(model, frames, { prompts, projections, secondLook: true }, context());
    expect(again).not.toBe(once);
    expect(outcome.secondLook).toBe(again > once);
    expect(outcome.validationAfter).toBe(Math.max(once, again));
    expect(outcome.validationBefore).toBe(
      await encodedDice(model, frames, { prompts, projections: null, secondLook: true }, context()),
    );
  });

  it('gives nothing where no step is better than the start', async () => {
    const { projections: start, validationAfter } = await synchronizeProjections(model, task, context());
    const still = { ...settings, learningRate: 0 };
    const outcome = await synchronizeProjections(model, { ...task, start, settings: still }, context());
    expect(outcome.projections).toBeNull();
    expect(outcome.validationAfter).toBe(outcome.validationBefore);
    expect(outcome.validationBefore).toBe(validationAfter);
  });

  it('a new label starts from the prompts under which the network already does best', async () => {
    const frames = [await encodeWhole(model, corrected[1]), await encodeWhole(model, corrected[3])];
    const found = await findStartingPoint(model, frames, prompts, null, context());
    for (const position of positions) {
      for (const type of types) {
        expect(found.trainDice).toBeGreaterThanOrEqual(
          await encodedDice(
            model,
            frames,
            { prompts: { ...prompts, position, type }, projections: null, secondLook: false },
            context(),
          ),
        );
      }
    }
    const borrowed = await model.runner.decode(frames[0].whole.views[0], prompts, found.projections);
    expect(borrowed).toEqual(await model.runner.decode(frames[0].whole.views[0], found.prompts, null));
  });

  it('encodes no more views than its steps can draw, and no more frames to begin with than it is told', async () => {
    const steps: SynchronizeProgress[] = [];
    const few = { ...settings, steps: 8, views: 8, startingFrames: 3 };
    const outcome = await synchronizeProjections(
      model,
      { ...task, settings: few },
      context((progress) => steps.push(progress)),
    );
    expect(outcome.views).toBe(2);
    expect(steps.filter(({ phase }) => phase === 'encoding')).toHaveLength(4 + 3 + 8 * 2);
  });

  it('refuses fewer than four corrections and says how many are missing', async () => {
    const few = { ...task, train: corrected.slice(0, 2), validation: corrected.slice(2, 3) };
    await expect(synchronizeProjections(model, few, context())).rejects.toThrow(/needs 4 corrections; 1 more/);
  });

  it('stops at the step in which it is cancelled', async () => {
    const controller = new AbortController();
    let last = 0;
    const cancelled = synchronizeProjections(
      model,
      task,
      context(({ phase, step }) => {
        if (phase !== 'training') return;
        last = step;
        if (step === 3) controller.abort();
      }, controller.signal),
    );
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect(last).toBe(3);
  });

  it('an adapter file comes back as it was, and only on the model that it was made for', async () => {
    const { weights } = model.runner.network;
    const { projections } = await synchronizeProjections(model, task, context());
    const record: AdapterRecord = {
      modelHash: 'a'.repeat(64),
      prompts,
      trainRevisionIds: ['one'],
      validationRevisionIds: ['two'],
      seed: 4,
      settings: {},
      validationBefore: 0.1,
      validationAfter: 0.2,
    };
    const bytes = serializeAdapter(weights, projections!, record);
    const parsed = parseAdapter(bytes, weights, record.modelHash);
    expect(parsed.record).toEqual(record);
    for (const [name, data] of projections!) expect(parsed.projections.get(name)).toEqual(data);
    expect(() => parseAdapter(bytes, weights, 'b'.repeat(64))).toThrow(
      /made for model aaaaaaaaaaaa…; the active model is bbbbbbbbbbbb…/,
    );
    expect(() => parseAdapter(bytes.subarray(0, 5000), weights, record.modelHash)).toThrow(/safetensors/);
  });

  it('a replay leaves other sets alone with a private adapter, and changes them with shared projections', async () => {
    const items = discItems(14, 9);
    const others = new Map([['discs', discItems(6, 11)]]);
    const options = { corrections: 8, position: 'leg', type: 'organ', seed: 2, settings } as const;
    const job = { signal: new AbortController().signal, turn: () => Promise.resolve(), report: () => undefined };
    const own = await replayCorrections(model, items, others, { ...options, scope: 'label' }, job);
    expect(own).toMatchObject({ corrections: 8, heldOut: 6 });
    expect(own.otherSets.discs.after).toBe(own.otherSets.discs.before);
    expect(own.bestBaseDice).toBeGreaterThanOrEqual(own.diceBefore);
    const shared = await replayCorrections(model, items, others, { ...options, scope: 'model' }, job);
    expect(shared.validationAfter).toBeGreaterThan(shared.validationBefore);
    expect(shared.otherSets.discs.after).not.toBe(shared.otherSets.discs.before);
    await expect(
      replayCorrections(model, items.slice(0, 8), others, { ...options, scope: 'label' }, job),
    ).rejects.toThrow(/nothing to hold out/);
  });
});
