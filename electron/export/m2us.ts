// Owns M2-US data roots: segmentation/<Label>/{imgs,masks}, config.yaml, prompts.json and train, val and test lists, the layout of the
// PerceptGuide authors, which pre-training and evaluation read. Reading back goes through the reader that they use.
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { countMaskPixels } from '../common/mask.ts';
import { encodeMaskPng, encodePng } from '../files/image.ts';
import { listM2usSets, readM2usSample, readM2usSet } from '../files/m2us.ts';
import { annotationMask } from './annotation-set.ts';
import type { ExportLabel } from './annotation-set.ts';
import type { ExportContent, ExportFormat, ReadAnnotation } from './export-format.ts';
import type { ExportFolder } from './export-folder.ts';
import { fileNameOf, fileStem, makeUnique } from './file-names.ts';
import { absentLosses, editedLosses, provenanceLoss, scaleLosses } from './losses.ts';
import { splitNames } from './splits.ts';
import type { SplitName } from './splits.ts';

export const m2us: ExportFormat = {
  id: 'm2us',
  purpose: 'training',
  title: 'M2-US',
  description: 'A data root for training: a set for each label, split by patient.',
  needsImages: true,
  leastIoU: 1,
  describeLosses(set) {
    return [
      ...absentLosses(set, 'an absent structure is an empty mask, which the format has no word of its own for'),
      provenanceLoss(),
      ...scaleLosses(set),
      ...editedLosses(set),
    ];
  },
  async write(content, folder, progress) {
    const folders = setFolders(content.labels);
    const lists = new Map(content.labels.map((label) => [label.id, emptyLists()]));
    for (const { name, groupKey, frame, annotations } of content.frames) {
      progress.advance();
      const image = await encodePng(await frame.picture());
      const split = content.splits.get(groupKey) ?? 'train';
      for (const annotation of annotations) {
        const set = folders.get(annotation.labelId);
        await folder.write(`${set}/imgs/${name}.png`, image);
        await folder.write(`${set}/masks/${name}.png`, await encodeMaskPng(annotationMask(annotation)));
        lists.get(annotation.labelId)?.[split].push(`${name}.png`);
      }
    }
    await writeSetFiles(content, folders, lists, folder);
  },
  read: readSets,
};

type Lists = Record<SplitName, string[]>;

function emptyLists(): Lists {
  return { train: [], val: [], test: [] };
}

/** The folder of each label by its id. */
function setFolders(labels: readonly ExportLabel[]): ReadonlyMap<string, string> {
  const names = setNames(labels);
  return new Map(labels.map((label, index) => [label.id, `segmentation/${names[index]}`]));
}

/** Readers know the public BUSI set by its name and pass over its pictures called "normal"; a label of that name is not that set. */
function setNames(labels: readonly { readonly name: string }[]): string[] {
  const names = labels.map(({ name }) => fileNameOf(name, 'label'));
  return makeUnique(names.map((name) => (name === 'BUSI' ? 'BUSI-label' : name)));
}

async function writeSetFiles(
  { labels }: ExportContent,
  folders: ReadonlyMap<string, string>,
  lists: ReadonlyMap<string, Lists>,
  folder: ExportFolder,
): Promise<void> {
  for (const { id, name, position, type } of labels) {
    const set = folders.get(id);
    // A line is "label index:name:pixel value", so that a colon in the name would end it.
    await folder.write(`${set}/config.yaml`, `0:background:0\n1:${name.replaceAll(/[:\r\n]+/g, ' ').trim()}:255\n`);
    await folder.write(`${set}/prompts.json`, `${JSON.stringify({ position, object: type, label: name }, null, 1)}\n`);
    for (const split of splitNames) {
      await folder.write(`${set}/${split}.txt`, (lists.get(id)?.[split] ?? []).map((file) => `${file}\n`).join(''));
    }
  }
}

/** A set is named after its label as far as a folder's name goes; its prompts.json says the whole name, where SonoSync wrote it. */
async function* readSets(root: string): AsyncGenerator<ReadAnnotation> {
  for (const { name, splits } of await listM2usSets(root)) {
    const label = await readLabelName(join(root, 'segmentation', name, 'prompts.json'));
    for (const split of splits) {
      const { prompts, samples } = await readM2usSet(root, name, split);
      for (const sample of samples) {
        const { mask } = await readM2usSample(sample);
        if (!mask) continue;
        yield {
          frame: fileStem(sample.file),
          image: relative(root, sample.imagePath).replaceAll('\\', '/'),
          sopInstanceUID: null,
          frameNumber: 1,
          label: label ?? name,
          prompts,
          absent: countMaskPixels(mask) === 0,
          mask,
          trackingUID: null,
          revisionId: null,
        };
      }
    }
  }
}

async function readLabelName(path: string): Promise<string | null> {
  const source = await readFile(path, 'utf8').catch(() => null);
  if (source === null) return null;
  return z.object({ label: z.string().optional() }).parse(JSON.parse(source)).label ?? null;
}
