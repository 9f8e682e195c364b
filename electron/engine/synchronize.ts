// Owns the way from the protocol's request to a synchronization and back: corrections are split and decoded, what was learned becomes an
// adapter file.
import type { CorrectionSample, SynchronizeProgress, SynchronizeRequest } from '../common/engine-protocol.ts';
import type { SynchronizeResult } from '../common/engine-protocol.ts';
import { AppError } from '../common/errors.ts';
import { decodeMask } from '../common/mask.ts';
import { serializeAdapter } from '../inference/adapter.ts';
import type { LoadedModel } from '../inference/loaded-model.ts';
import { toGray } from '../inference/preprocess.ts';
import type { JobContext } from '../training/context.ts';
import type { CorrectedFrame } from '../training/feature-cache.ts';
import { boundCorrections } from '../training/sample-bound.ts';
import { synchronizeDefaults, synchronizeProjections } from '../training/synchronize.ts';
import { splitCorrections } from '../training/validation-split.ts';

/**
 * Trains a label's projections on its corrections; the step graph runs on `provider`. Throws AppError('bad-input') below four
 * corrections or for a frame without pixels, 'conflict' for an adapter of another model, AbortError when cancelled.
 */
export async function synchronize(
  model: LoadedModel,
  provider: string,
  request: SynchronizeRequest,
  context: JobContext<SynchronizeProgress>,
): Promise<SynchronizeResult> {
  const split = splitCorrections(request.corrections, request.seed);
  const { config } = model.runner.network;
  const { train, validation, note } = boundCorrections(
    split,
    synchronizeDefaults,
    { config, flip: model.flip },
    request.seed,
  );
  const prompts = { ...request.prompts, task: 'segmentation' } as const;
  const outcome = await synchronizeProjections(
    model,
    {
      prompts,
      train: train.map(toCorrectedFrame),
      validation: validation.map(toCorrectedFrame),
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

function toCorrectedFrame({ image, mask }: CorrectionSample): CorrectedFrame {
  const { width, height, channels, pixels } = image;
  if (pixels?.length !== width * height * channels) {
    const found = pixels ? `${pixels.length} samples` : 'none';
    throw new AppError(
      'bad-input',
      `A corrected frame needs ${width}×${height}×${channels} samples; it came with ${found}.`,
    );
  }
  return {
    frame: { width, height, gray: toGray({ width, height, channels, pixels }) },
    mask: decodeMask(mask, width, height),
  };
}
