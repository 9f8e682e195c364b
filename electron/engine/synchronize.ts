// Owns the way from the protocol's request to a synchronization and back: corrections are split and read, what was learned becomes an
// adapter file.
import type { CorrectionSample, SynchronizeRequest } from '../common/engine-protocol.ts';
import type { SynchronizeResult } from '../common/engine-protocol.ts';
import { decodeMask } from '../common/mask.ts';
import { serializeAdapter } from '../inference/adapter.ts';
import type { LoadedModel } from '../inference/loaded-model.ts';
import type { CorrectionSource } from '../training/feature-cache.ts';
import { boundCorrections } from '../training/sample-bound.ts';
import { synchronizeDefaults, synchronizeProjections } from '../training/synchronize.ts';
import { splitCorrections } from '../training/validation-split.ts';
import { AskedFrames } from './asked-frames.ts';
import type { EngineContext } from './queue.ts';

/**
 * Trains a label's projections on its corrections; the step graph runs on `provider`. Throws AppError('bad-input') below four
 * corrections or for a frame without pixels, what the host throws that is asked for one, 'conflict' for an adapter of another model, AbortError when cancelled.
 */
export async function synchronize(
  model: LoadedModel,
  provider: string,
  request: SynchronizeRequest,
  context: EngineContext<'training:synchronize'>,
): Promise<SynchronizeResult> {
  const split = splitCorrections(request.corrections, request.seed);
  const { config } = model.runner.network;
  const { train, validation, note } = boundCorrections(
    split,
    synchronizeDefaults,
    { config, flip: model.flip },
    request.seed,
  );
  const frames = new AskedFrames(context.ask);
  const sourceOf =
    ({ imageKey, mask }: CorrectionSample): CorrectionSource =>
    async () => {
      const frame = await frames.read(imageKey);
      return { frame, mask: decodeMask(mask, frame.width, frame.height) };
    };
  const prompts = { ...request.prompts, task: 'segmentation' } as const;
  const outcome = await synchronizeProjections(
    model,
    {
      prompts,
      train: train.map(sourceOf),
      validation: validation.map(sourceOf),
      start: model.projections(request.adapter),
      secondLook: { possible: model.manifest.secondLook === true, before: model.looksAgain(request.adapter) },
      seed: request.seed,
      provider,
    },
    context,
  );
  const record = {
    modelHash: model.hash,
    prompts,
    trainRevisionIds: train.map(({ revisionId }) => revisionId),
    validationRevisionIds: validation.map(({ revisionId }) => revisionId),
    seed: request.seed,
    settings: { ...synchronizeDefaults, views: outcome.views, secondLook: outcome.secondLook },
    validationBefore: outcome.validationBefore,
    validationAfter: outcome.validationAfter,
  };
  const { weights } = model.runner.network;
  return {
    adapter: outcome.projections ? serializeAdapter(weights, outcome.projections, record) : null,
    validationBefore: record.validationBefore,
    validationAfter: record.validationAfter,
    caution: [split.caution, note].filter(Boolean).join(' ') || null,
    trainRevisionIds: record.trainRevisionIds,
    validationRevisionIds: record.validationRevisionIds,
    history: outcome.history,
    settings: record.settings,
    trainableParameters: outcome.trainableParameters,
    modelHash: model.hash,
    seconds: outcome.seconds,
  };
}
