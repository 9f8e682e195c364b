// Owns the import of an M2-US data root with its masks: each set is one study, its masks are accepted MANUAL annotations of a label that
// has the set's name and prompts.
import assert from 'node:assert';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError, createAbortError } from '../common/errors.ts';
import { countMaskPixels, encodeMask } from '../common/mask.ts';
import type { Label } from '../common/study.ts';
import { listM2usSets, readM2usSample, readM2usSet } from '../files/m2us.ts';
import type { M2usSample } from '../files/m2us.ts';
import { contentHash } from './identifiers.ts';
import { importSources } from './import.ts';
import type { ImportOptions } from './import.ts';
import type { ImportLog } from './import-log.ts';
import { sourceFromFile } from './import-sources.ts';
import { findInstanceByHash } from './instances.ts';
import { addLabel, findLabelByName } from './labels.ts';
import { findFrameId } from './records.ts';
import { latestRevision, saveRevision } from './revisions.ts';
import type { Workspace } from './workspace.ts';

/** A data root, or one set of it. */
export interface M2usPlace {
  readonly root: string;
  /** Null for all sets of the root. */
  readonly set: string | null;
}

/** What a path is to M2-US: a root with a folder "segmentation", or a set's folder in it; null for anything else. */
export async function findM2us(path: string): Promise<M2usPlace | null> {
  const absolute = resolve(path);
  if (await isFolder(join(absolute, 'segmentation'))) return { root: absolute, set: null };
  const parent = dirname(absolute);
  const isSet = basename(parent) === 'segmentation' && (await isFolder(join(absolute, 'masks')));
  return isSet ? { root: dirname(parent), set: basename(absolute) } : null;
}

/** Imports the sets of a place, images and masks. A set or a file that fails is listed in `log` and does not stop the others. */
export async function importM2us(
  workspace: Workspace,
  place: M2usPlace,
  options: ImportOptions,
  log: ImportLog,
): Promise<void> {
  const sets = await listM2usSets(place.root);
  for (const { name, splits } of sets.filter((set) => place.set === null || set.name === place.set)) {
    if (options.signal?.aborted) throw createAbortError();
    try {
      const parts = await Promise.all(splits.map((split) => readM2usSet(place.root, name, split)));
      if (parts.length === 0) throw new AppError('bad-input', `${name} has neither train.txt, val.txt nor test.txt.`);
      const { position, type } = parts[0].prompts;
      const samples = parts.flatMap((part) => part.samples);
      const study = { title: name, patientKey: null, position, simulated: false };
      const sources = samples.map((sample) => sourceFromFile(sample.imagePath, true));
      await importSources(workspace, sources, { ...options, study }, log);
      const label = findLabelByName(workspace, name) ?? addLabel(workspace, { name, position, type });
      await importMasks(workspace, label, samples, options, log);
    } catch (error) {
      log.fail(join(place.root, 'segmentation', name), error);
    }
  }
}

async function importMasks(
  workspace: Workspace,
  label: Label,
  samples: readonly M2usSample[],
  options: ImportOptions,
  log: ImportLog,
): Promise<void> {
  let kept = 0;
  for (const sample of samples.filter((candidate) => candidate.maskPath !== null)) {
    if (options.signal?.aborted) throw createAbortError();
    try {
      if (!(await importMask(workspace, label, sample))) kept += 1;
    } catch (error) {
      log.fail(sample.maskPath ?? sample.file, error);
    }
  }
  if (kept > 0) {
    log.warn(`${kept} masks of ${label.name} were left out: their frames have annotations of that label already.`);
  }
}

/** False where the frame was annotated before: what a reader made is never overwritten by an import. */
async function importMask(workspace: Workspace, label: Label, sample: M2usSample): Promise<boolean> {
  const known = findInstanceByHash(workspace, contentHash(await readFile(sample.imagePath)));
  // Its image failed to import, and that is in the log already.
  if (!known) return true;
  const frameId = findFrameId(workspace, known.instance.id, 1);
  assert(frameId !== null, 'a picture has a frame');
  if (latestRevision(workspace, frameId, label.id)) return false;
  const { mask } = await readM2usSample(sample);
  if (!mask) return true;
  saveRevision(workspace, {
    frameId,
    labelId: label.id,
    parentId: null,
    proposalId: null,
    reviewState: countMaskPixels(mask) === 0 ? 'absent' : 'accepted',
    segmentAlgorithmType: 'MANUAL',
    mask: encodeMask(mask),
    gesture: 'import',
  });
  return true;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
