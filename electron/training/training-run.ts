// Owns a pre-training run's folder: the checkpoint that a call resumes from, written whole or not at all.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, messageOf } from '../common/errors.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import type { InputSpec } from '../inference/preprocess.ts';
import { readSafetensors, serializeSafetensors } from '../nn/safetensors.ts';
import type { PerceptGuideConfig } from '../../models/perceptguide/config.ts';
import { parameterShapes } from '../../models/perceptguide/parameters.ts';
import { NetworkState } from './network-state.ts';
import { pretrainDefaults, type TrainingCounts } from './pretrain.ts';

/** What a run is, and how far it has come. */
export interface TrainingRun {
  readonly config: PerceptGuideConfig;
  readonly spec: InputSpec;
  readonly seed: number;
  readonly counts: TrainingCounts;
  /** Minutes of training over all calls, and the hash of the model that it started from, if any. */
  readonly minutes: number;
  readonly startedFrom: string | null;
}

/** Earlier runs trained one decoder at a time and counted the steps of each. */
interface StoredRun extends Omit<TrainingRun, 'counts'> {
  readonly counts:
    TrainingCounts | { readonly step: number; readonly segmentation: number; readonly classification: number };
}

/**
 * Moments that have seen more steps than the correction counts make smaller steps, never larger ones, and only for a while: the decoder
 * that was trained less gives the count.
 */
function currentCounts(counts: StoredRun['counts']): TrainingCounts {
  if ('moments' in counts) return counts;
  return { step: counts.step, moments: Math.min(counts.segmentation, counts.classification) };
}

const fileName = 'checkpoint.safetensors';

/** Writes parameters, moments and averages in float32, with the run's record in the metadata. */
export async function saveCheckpoint(folder: string, run: TrainingRun, state: NetworkState): Promise<void> {
  const bytes = serializeSafetensors(state.toTensors(), { metadata: { run: JSON.stringify(run) } });
  await writeFileAtomic(join(folder, fileName), bytes);
}

/** The run in a folder, or null when it holds none. Throws AppError('corrupt') naming the file when it cannot be resumed. */
export async function loadCheckpoint(folder: string): Promise<{ run: TrainingRun; state: NetworkState } | null> {
  const path = join(folder, fileName);
  if (!existsSync(path)) return null;
  const { metadata, tensors } = await readSafetensors(path);
  if (!metadata.run) throw new AppError('corrupt', `${path} holds no training run: its metadata has no "run".`);
  const stored = JSON.parse(metadata.run) as StoredRun; // written by saveCheckpoint; the tensors are checked by name and shape below
  const run = { ...stored, counts: currentCounts(stored.counts) };
  try {
    const averaged = Math.floor(run.counts.step / pretrainDefaults.averageEvery);
    return { run, state: NetworkState.fromTensors(tensors, parameterShapes(run.config).keys(), averaged) };
  } catch (cause) {
    throw new AppError('corrupt', `${path} cannot be resumed: ${messageOf(cause)}`, { cause });
  }
}
