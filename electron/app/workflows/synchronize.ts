// Owns downstream synchronization as the app runs it: a label's corrections go to the engine, which asks for their frames; what comes back is kept as an adapter and
// becomes active only where it is better on validation.
import type { TrainingProgress, TrainingResult } from '../../common/api.ts';
import type { CorrectionSample, SynchronizeResult } from '../../common/engine-protocol.ts';
import { AppError, isAbortError, messageOf } from '../../common/errors.ts';
import type { Label } from '../../common/study.ts';
import { labelPrompts, requireModel, usableAdapterId } from '../context.ts';
import type { AppContext } from '../context.ts';
import { collectCorrections } from './corrections.ts';
import { describeUnreadable, pictureFault } from './unreadable-frames.ts';
import type { UnreadableFrame } from './unreadable-frames.ts';

/** With fewer, nothing could be held back for validation that says anything. */
export const neededCorrections = 4;

interface SynchronizeOptions {
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/**
 * Synchronizes and says in words what came of it. Events tell the interface of progress and end.
 * Throws AppError('bad-input') with too few corrections, 'conflict' while this label is being synchronized, AbortError once cancelled.
 */
export async function synchronize(
  context: AppContext,
  labelId: string,
  options: SynchronizeOptions,
): Promise<TrainingResult> {
  const controller = beginTraining(context, labelId);
  options.signal?.addEventListener('abort', () => controller.abort());
  if (options.signal?.aborted) controller.abort();
  try {
    const result = await train(context, labelId, controller.signal, options);
    context.events.emit('training:finished', result);
    return result;
  } catch (error) {
    const cancelled = isAbortError(error);
    const message = cancelled ? 'Cancelled. The model is as it was.' : messageOf(error);
    context.events.emit('training:failed', { labelId, cancelled, message });
    throw error;
  } finally {
    context.trainings.delete(labelId);
  }
}

/** Throws AppError('bad-input') or AppError('conflict') where a synchronization of this label cannot begin now. */
export function checkTrainable(context: AppContext, labelId: string): void {
  const { name } = context.store.label(labelId);
  requireModel(context);
  if (context.trainings.has(labelId)) {
    throw new AppError('conflict', `"${name}" is being synchronized already.`);
  }
  checkEnough(name, context.store.countCorrections(labelId));
}

function checkEnough(name: string, corrections: number, reason = ''): void {
  const missing = neededCorrections - corrections;
  if (missing <= 0) return;
  const there = `there ${corrections === 1 ? 'is' : 'are'} ${corrections}, ${missing} ${missing === 1 ? 'is' : 'are'} missing`;
  throw new AppError(
    'bad-input',
    `Synchronizing "${name}" needs ${neededCorrections} corrected frames; ${there}. Accept a frame, or mark it "not here", to add one. ${reason}`.trim(),
  );
}

/** Cancels a label's synchronization. Throws AppError('not-found') where none runs. */
export function cancelTraining(context: AppContext, labelId: string): void {
  const controller = context.trainings.get(labelId);
  if (!controller) throw new AppError('not-found', `"${context.store.label(labelId).name}" is not being synchronized.`);
  controller.abort();
}

function beginTraining(context: AppContext, labelId: string): AbortController {
  checkTrainable(context, labelId);
  const controller = new AbortController();
  context.trainings.set(labelId, controller);
  return controller;
}

async function train(
  context: AppContext,
  labelId: string,
  signal: AbortSignal,
  { seed, onProgress }: SynchronizeOptions,
): Promise<TrainingResult> {
  const { store, engine, events } = context;
  const model = requireModel(context);
  const label = store.label(labelId);
  const adapterId = usableAdapterId(context, label);
  const started = performance.now();
  const all = await collectCorrections(context, model, labelId, adapterId);
  const adapter = adapterId === null ? null : await store.adapterBytes(adapterId);
  const run = (corrections: readonly CorrectionSample[]): Promise<SynchronizeResult> =>
    engine.call(
      'training:synchronize',
      { model: { folder: model.folder }, prompts: labelPrompts(label), adapter, corrections, seed },
      {
        signal,
        onQuestion: (frameId) => context.images.withPixels(store.frame(frameId)),
        onProgress: (progress) => {
          const value = { labelId, ...progress };
          events.emit('training:progressed', value);
          onProgress?.(value);
        },
      },
    );
  const { result, corrections } = await runOnReadable(context, label, all, run);
  const kept = await keepAdapter(context, label, seed, result);
  const { validationBefore, validationAfter, caution } = result;
  return {
    labelId,
    ...kept,
    validationBefore,
    validationAfter,
    caution,
    corrections: corrections.length,
    seconds: (performance.now() - started) / 1000,
  };
}

/** Runs it with all corrections; where that fails because pictures of some cannot be read, with the others, and a caution that says so. */
async function runOnReadable(
  context: AppContext,
  label: Label,
  all: readonly CorrectionSample[],
  run: (corrections: readonly CorrectionSample[]) => Promise<SynchronizeResult>,
): Promise<{ readonly result: SynchronizeResult; readonly corrections: readonly CorrectionSample[] }> {
  try {
    return { result: await run(all), corrections: all };
  } catch (error) {
    const unreadable = await findUnreadable(context, all, error);
    const trouble = describeUnreadable(unreadable);
    if (trouble === null) throw error;
    const lost = new Set(unreadable.map(({ frame }) => frame.id));
    const corrections = all.filter(({ imageKey }) => !lost.has(imageKey));
    checkEnough(label.name, corrections.length, trouble);
    const result = await run(corrections);
    return { result: { ...result, caution: [result.caution, trouble].filter(Boolean).join(' ') }, corrections };
  }
}

async function findUnreadable(
  context: AppContext,
  corrections: readonly CorrectionSample[],
  error: unknown,
): Promise<UnreadableFrame[]> {
  const found: UnreadableFrame[] = [];
  for (const { imageKey } of corrections) {
    const frame = context.store.frame(imageKey);
    const reason = await pictureFault(context, frame, error);
    if (reason !== null) found.push({ frame, reason });
  }
  return found;
}

/** Saves what was learned, and activates it where it is better; the sentence says which. */
async function keepAdapter(
  context: AppContext,
  label: Label,
  seed: number,
  result: SynchronizeResult,
): Promise<Pick<TrainingResult, 'adapterId' | 'activated' | 'reason'>> {
  const { store, events } = context;
  const { adapter: bytes, validationBefore, validationAfter, caution } = result;
  const before = validationBefore.toFixed(3);
  if (!bytes || validationAfter <= validationBefore) {
    const reason = `Not activated: no step was better on validation than the ${before} (Dice) from before. More corrections may help.`;
    return { adapterId: null, activated: false, reason };
  }
  const adapter = await store.saveAdapter(
    {
      labelId: label.id,
      modelHash: result.modelHash,
      prompts: labelPrompts(label),
      trainRevisionIds: result.trainRevisionIds,
      validationRevisionIds: result.validationRevisionIds,
      seed,
      settings: result.settings,
      metrics: { validationBefore, validationAfter, caution },
    },
    bytes,
  );
  // For its own model it is active in any case; with another it rests.
  await store.activateAdapter(label.id, adapter.id, result.modelHash);
  events.emit('label:changed', { labelId: label.id });
  if (context.model.model?.hash !== result.modelHash) {
    const reason = `Kept: Dice on validation rose from ${before} to ${validationAfter.toFixed(3)}, but another model was chosen meanwhile. It is used when its own is chosen again.`;
    return { adapterId: adapter.id, activated: false, reason };
  }
  const reason = `Activated: Dice on validation rose from ${before} to ${validationAfter.toFixed(3)}.`;
  return { adapterId: adapter.id, activated: true, reason };
}
