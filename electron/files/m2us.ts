// Owns the reading of M2-US data roots: `segmentation/<Set>/{imgs,masks}` and `classification/<Set>/<class>/`, each with config.yaml and lists
// train.txt, val.txt, test.txt. Layout: the PerceptGuide authors' repository; labels.csv and prompts.json are additions that spare copies.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';
import type { BinaryMask } from '../common/mask.ts';
import type { Picture } from '../common/picture.ts';
import { listFolder, readNames, stemOf, type FolderNames } from './folder-names.ts';
import { decodeImage } from './image.ts';
import {
  classIndexOf,
  readClassNames,
  readClassPair,
  readClassTable,
  readLabels,
  readList,
  readPrompts,
  type M2usPrompts,
} from './m2us-labels.ts';
import { labelsToMask, type LabelValue } from './mask-image.ts';

export const m2usSplits = ['train', 'val', 'test'] as const;
export type M2usSplit = (typeof m2usSplits)[number];

export interface M2usSetSummary {
  readonly name: string;
  /** The splits that have at least one entry, in any of the set's two folders. */
  readonly splits: readonly M2usSplit[];
}

export interface M2usSample {
  /** As in the list; classification entries carry their class folder: `1/case.png`. */
  readonly file: string;
  readonly imagePath: string;
  /** Null where the split lists the image for classification only. */
  readonly maskPath: string | null;
  /** 0 benign, 1 malignant or as the set's config.yaml says; null where the set does not say. */
  readonly classIndex: number | null;
  /** What the mask's pixel values mean; empty without a mask. */
  readonly labels: readonly LabelValue[];
}

export interface M2usSet {
  readonly name: string;
  readonly split: M2usSplit;
  readonly prompts: M2usPrompts;
  /** What the classes 0 and 1 are called; null where nobody says. */
  readonly classNames: readonly [string, string] | null;
  readonly samples: readonly M2usSample[];
}

/** The sets of a data root by name, with the splits that each has. Throws AppError('not-found') where `root` is no data root. */
export async function listM2usSets(root: string): Promise<M2usSetSummary[]> {
  const names = new Set<string>();
  let found = false;
  for (const task of ['segmentation', 'classification']) {
    const entries = await listFolder(join(root, task));
    found ||= entries !== null;
    for (const entry of entries ?? []) if (entry.isFolder && !entry.name.startsWith('.')) names.add(entry.name);
  }
  if (!found) {
    throw new AppError(
      'not-found',
      `${root} is no M2-US data root: expected a folder "segmentation" or "classification" in it.`,
    );
  }
  const sorted = [...names].sort();
  return Promise.all(sorted.map(async (name) => ({ name, splits: await splitsOf(root, name) })));
}

async function splitsOf(root: string, name: string): Promise<M2usSplit[]> {
  const splits: M2usSplit[] = [];
  for (const split of m2usSplits) {
    const lists = await Promise.all(setFolders(root, name).map((folder) => readList(join(folder, `${split}.txt`))));
    if (lists.some((list) => list !== null)) splits.push(split);
  }
  return splits;
}

function setFolders(root: string, name: string): [segmentation: string, classification: string] {
  return [join(root, 'segmentation', name), join(root, 'classification', name)];
}

/**
 * One split of a set: what its segmentation list names, joined with what its classification list names (an image that both name is one sample).
 * A class comes from labels.csv, else from the classification list of the same split, so that no task sees the other's test images.
 * As with the authors, BUSI's normal images (no tumour) are left out.
 * Throws AppError('not-found') for an unknown set or split (the message lists what there is), AppError('bad-input') for a file that is
 * missing or malformed.
 */
export async function readM2usSet(root: string, name: string, split: M2usSplit): Promise<M2usSet> {
  const summaries = await listM2usSets(root);
  const summary = summaries.find((candidate) => candidate.name === name);
  if (!summary) {
    const known = summaries.map((candidate) => candidate.name).join(', ') || 'none';
    throw new AppError('not-found', `${root} has no set "${name}"; its sets are: ${known}.`);
  }
  if (!summary.splits.includes(split)) {
    throw new AppError(
      'not-found',
      `${name} has no split "${split}"; its splits are: ${summary.splits.join(', ') || 'none'}.`,
    );
  }
  const [segmentation, classification] = setFolders(root, name);
  const there = (await listFolder(segmentation)) === null ? [classification] : [segmentation, classification];
  const prompts = await readPrompts(there, name);
  const segmented = await readSegmented(segmentation, split, await readClassNames(classification));
  const classified = await readClassified(classification, split);
  const samples = joinTasks(segmented, classified).filter(
    (sample) => name !== 'BUSI' || !sample.file.includes('normal'),
  );
  const classNames = await readClassPair(classification, prompts.type);
  return { name, split, prompts, classNames, samples };
}

async function readSegmented(
  folder: string,
  split: M2usSplit,
  classNames: ReadonlyMap<string, number>,
): Promise<M2usSample[]> {
  const listPath = join(folder, `${split}.txt`);
  const list = await readList(listPath);
  if (list === null) return [];
  const labels = await readLabels(folder);
  const images = await readNames(join(folder, 'imgs'));
  const masks = await readNames(join(folder, 'masks'));
  const classes = await readClassTable(folder, classNames);
  return list.map(([file, line]): M2usSample => {
    const image = images.find(file);
    const mask = masks.find(file);
    if (image === null || mask === null) {
      const missing = image === null ? 'imgs' : 'masks';
      throw new AppError('bad-input', `${listPath}, line ${line}: "${file}" is not in ${join(folder, missing)}.`);
    }
    return {
      file,
      imagePath: join(folder, 'imgs', image),
      maskPath: join(folder, 'masks', mask),
      classIndex: classes?.get(file) ?? null,
      labels,
    };
  });
}

async function readClassified(folder: string, split: M2usSplit): Promise<M2usSample[]> {
  const listPath = join(folder, `${split}.txt`);
  const list = await readList(listPath);
  if (list === null) return [];
  const names = await readClassNames(folder);
  const folders = new Map<string, FolderNames>();
  const samples: M2usSample[] = [];
  for (const [file, line] of list) {
    const [classFolder, ...rest] = file.split(/[/\\]/);
    const classIndex = classIndexOf(classFolder, names);
    if (classIndex === null || rest.length !== 1) {
      throw new AppError('bad-input', `${listPath}, line ${line}: expected "class/file", found "${file}".`);
    }
    const known = folders.get(classFolder) ?? (await readNames(join(folder, classFolder)));
    folders.set(classFolder, known);
    const image = known.find(rest[0]);
    if (image === null) {
      throw new AppError('bad-input', `${listPath}, line ${line}: "${file}" is not in ${folder}.`);
    }
    samples.push({ file, imagePath: join(folder, classFolder, image), maskPath: null, classIndex, labels: [] });
  }
  return samples;
}

/** One sample for an image that both tasks list, told by its name without extension; the segmentation's copy of the image is kept. */
function joinTasks(segmented: readonly M2usSample[], classified: readonly M2usSample[]): M2usSample[] {
  const classes = new Map(classified.map((sample) => [stemOf(sample.imagePath), sample.classIndex]));
  const stems = new Set(segmented.map((sample) => stemOf(sample.imagePath)));
  return [
    ...segmented.map((sample) => ({
      ...sample,
      classIndex: sample.classIndex ?? classes.get(stemOf(sample.imagePath)) ?? null,
    })),
    ...classified.filter((sample) => !stems.has(stemOf(sample.imagePath))),
  ];
}

/**
 * A sample's picture and its foreground: every label with an index above 0, together.
 * Throws AppError('bad-input') that names both files when their sizes differ.
 */
export async function readM2usSample(sample: M2usSample): Promise<{ picture: Picture; mask: BinaryMask | null }> {
  const picture = await readM2usPicture(sample);
  if (sample.maskPath === null) return { picture, mask: null };
  const maskPicture = await readPicture(sample.maskPath);
  if (maskPicture.width !== picture.width || maskPicture.height !== picture.height) {
    throw new AppError(
      'bad-input',
      `${sample.maskPath} has ${maskPicture.width}×${maskPicture.height} pixels, its image ${sample.imagePath} ${picture.width}×${picture.height}; they have to agree.`,
    );
  }
  return { picture, mask: labelsToMask(maskPicture, sample.labels, sample.maskPath) };
}

/** A sample's picture alone. */
export function readM2usPicture(sample: M2usSample): Promise<Picture> {
  return readPicture(sample.imagePath);
}

async function readPicture(path: string): Promise<Picture> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new AppError('not-found', `${path} cannot be read.`, { cause });
  });
  return decodeImage(bytes, path);
}
