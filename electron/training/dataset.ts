// Owns an M2-US root in memory: the grey frames and true masks of one split of some sets, ready to be sampled.
import { toGray } from '../inference/preprocess.ts';
import { AppError } from '../common/errors.ts';
import { listM2usSets, readM2usSample, readM2usSet, type M2usSplit } from '../files/m2us.ts';
import type { DatasetItem } from './dataset-item.ts';

export interface Dataset {
  readonly items: readonly DatasetItem[];
  /** Sets that have no such split, and classes that are left out, in words. */
  readonly skipped: readonly string[];
}

/** Reads the named sets, or all. Throws AppError naming the file at fault, or the root when no set of it has the split. */
export async function loadDataset(
  root: string,
  split: M2usSplit,
  options: { sets?: readonly string[]; signal?: AbortSignal } = {},
): Promise<Dataset> {
  const items: DatasetItem[] = [];
  const skipped: string[] = [];
  for (const name of options.sets ?? (await listM2usSets(root)).map((set) => set.name)) {
    try {
      const set = await loadSet(root, name, split, options.signal);
      items.push(...set.items);
      if (set.others > 0) skipped.push(`${name}: ${set.others} images of a third class are used without a class.`);
    } catch (error) {
      if (options.sets || !(error instanceof AppError) || error.code !== 'not-found') throw error;
      skipped.push(error.message);
    }
  }
  if (items.length === 0)
    throw new AppError('bad-input', `${root}: no set has a ${split} split. ${skipped.join(' ')}`.trim());
  return { items, skipped };
}

async function loadSet(
  root: string,
  name: string,
  split: M2usSplit,
  signal?: AbortSignal,
): Promise<{ readonly items: readonly DatasetItem[]; readonly others: number }> {
  const set = await readM2usSet(root, name, split);
  const tellsMalignancy = set.classNames?.[0] === 'benign' && set.classNames[1] === 'malignant';
  const items: DatasetItem[] = [];
  let others = 0;
  for (const sample of set.samples) {
    signal?.throwIfAborted();
    const { picture, mask } = await readM2usSample(sample);
    // The network tells two classes apart.
    const isOther = sample.classIndex !== null && sample.classIndex > 1;
    if (isOther) others += 1;
    items.push({
      set: name,
      file: sample.file,
      frame: { width: picture.width, height: picture.height, gray: toGray(picture) },
      mask,
      position: set.prompts.position,
      type: set.prompts.type,
      classIndex: isOther ? null : sample.classIndex,
      tellsMalignancy,
      // The layout has no place for it.
      spacingMm: null,
    });
  }
  return { items, others };
}
