// Owns the separation of training from what is held out: no image is trained on that is also a validation or test image of its root.
import { AppError } from '../common/errors.ts';
import { listM2usSets, readM2usPicture, readM2usSet, type M2usSplit } from '../files/m2us.ts';
import { toGray } from '../inference/preprocess.ts';
import type { JobContext } from './context.ts';
import type { DatasetItem } from './dataset-item.ts';
import { findNearDuplicates } from './near-duplicates.ts';
import { createThumbnail, type Thumbnail } from './thumbnail.ts';

/** Training images compared between two turns. */
const imagesPerTurn = 16;

export interface SeparatedItems {
  readonly items: readonly DatasetItem[];
  /** Images left out, for each set that `items` came from. */
  readonly dropped: Readonly<Record<string, number>>;
}

/**
 * Leaves out the items that match a validation or test image of any set of the root, also of sets that are not trained on: sets may share
 * images. Sets without such splits hold nothing out. Only thumbnails of the held-out images stay in memory.
 * Throws AppError naming the file where a held-out image cannot be read, and when no item is left.
 */
export async function dropHeldOutImages(
  root: string,
  items: readonly DatasetItem[],
  { turn }: Pick<JobContext<never>, 'turn'>,
): Promise<SeparatedItems> {
  const heldOut = [...(await loadThumbnails(root, 'val', turn)), ...(await loadThumbnails(root, 'test', turn))];
  const kept: DatasetItem[] = [];
  const dropped = Object.fromEntries(items.map(({ set }) => [set, 0]));
  for (let start = 0; start < items.length; start += imagesPerTurn) {
    const some = items.slice(start, start + imagesPerTurn);
    const matches = findNearDuplicates(
      some.map(({ frame }) => createThumbnail(frame)),
      heldOut,
    );
    const matched = new Set(matches.map(({ train }) => train));
    kept.push(...some.filter((_, index) => !matched.has(index)));
    for (const index of matched) dropped[some[index].set] += 1;
    await turn();
  }
  if (kept.length === 0)
    throw new AppError('bad-input', `${root}: every training image is also a validation or test image; none is left.`);
  return { items: kept, dropped };
}

/** The dropped images in words; empty where none was. */
export function describeDropped(dropped: SeparatedItems['dropped']): string {
  const counts = Object.entries(dropped).filter(([, count]) => count > 0);
  if (counts.length === 0) return '';
  const bySet = counts.map(([set, count]) => `${set} ${count}`).join(', ');
  return `Not trained on, as near-duplicates of validation or test images: ${bySet}.`;
}

/** One split of every set that has it, as thumbnails. */
async function loadThumbnails(root: string, split: M2usSplit, turn: () => Promise<void>): Promise<Thumbnail[]> {
  const thumbnails: Thumbnail[] = [];
  for (const { name, splits } of await listM2usSets(root)) {
    if (!splits.includes(split)) continue;
    for (const sample of (await readM2usSet(root, name, split)).samples) {
      const picture = await readM2usPicture(sample);
      thumbnails.push(createThumbnail({ width: picture.width, height: picture.height, gray: toGray(picture) }));
      await turn();
    }
  }
  return thumbnails;
}
