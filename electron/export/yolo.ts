// Owns YOLO segmentation data sets: images/<split>, labels/<split> and data.yaml (https://docs.ultralytics.com/datasets/segment/).
// A line is "class x y x y …" in shares of width and height. A mask is one line: holes and further parts are joined to the first outline by
// bridges of no width, gone over there and back, as Ultralytics' own converter joins the parts of a COCO annotation. An image in
// which nothing is has an empty label file. Splits keep patients apart.
import { z } from 'zod';
import { AppError } from '../common/errors.ts';
import { parseYaml } from '../files/yaml.ts';
import { annotationMask } from './annotation-set.ts';
import type { ExportContent, ExportFormat, ReadAnnotation, Remark } from './export-format.ts';
import { fileStem } from './file-names.ts';
import { findManifest, FrameSizes, indexPictures, listFiles, readText, stripExtension } from './folder-files.ts';
import { absentLosses, editedLosses, outlineLosses, partLosses, provenanceLoss, scaleLosses } from './losses.ts';
import { fillPolygons, wholePolygon } from './outlines.ts';
import type { Polygon } from './outlines.ts';
import { splitNames } from './splits.ts';
import type { SplitName } from './splits.ts';

export const yolo: ExportFormat = {
  id: 'yolo',
  purpose: 'training',
  title: 'YOLO segmentation',
  description: 'A text file of polygons for each frame, split by patient, as Ultralytics trains on it.',
  leastIoU: 1,
  describeLosses: (set) => [
    ...outlineLosses(set),
    ...partLosses(set, 'the parts are joined by bridges of no width, since a line of YOLO is one polygon'),
    ...absentLosses(set, 'a structure without a line is not there or was not looked for'),
    provenanceLoss(),
    ...scaleLosses(set),
    ...editedLosses(set),
  ],
  async write({ labels, frames, pictures, splits }, folder, progress) {
    const classes = new Map(labels.map((label, index) => [label.id, index]));
    const used = new Set<SplitName>();
    for (const { name, groupKey, frame, annotations } of frames) {
      progress.advance();
      const split = splits.get(groupKey) ?? 'train';
      used.add(split);
      await pictures.add(`images/${split}/${name}.png`, frame);
      const lines = annotations.flatMap((annotation) => {
        const polygon = wholePolygon(annotationMask(annotation));
        return polygon ? [writeLine(classes.get(annotation.labelId) ?? 0, polygon, frame.width, frame.height)] : [];
      });
      await folder.write(`labels/${split}/${name}.txt`, lines.join(''));
    }
    await folder.write('data.yaml', describeSet(labels, used));
  },
  read: readYolo,
};

/** Six decimals are a thousandth of a pixel in a frame of a thousand. */
function writeLine(index: number, polygon: Polygon, width: number, height: number): string {
  const shares = polygon.map((value, at) => Number((value / (at % 2 === 0 ? width : height)).toFixed(6)));
  return `${index} ${shares.join(' ')}\n`;
}

function describeSet(labels: ExportContent['labels'], used: ReadonlySet<SplitName>): string {
  // Trainers ask for both of these; with a single patient there is only one split.
  const isNeeded = (split: SplitName): boolean => split === 'train' || split === 'val';
  const standIn = splitNames.find((split) => used.has(split)) ?? 'train';
  const places = splitNames
    .filter((split) => used.has(split) || isNeeded(split))
    .map((split) =>
      used.has(split) ? `${split}: images/${split}` : `${split}: images/${standIn} # there are no others`,
    );
  const names = labels.map(({ name }, index) => `  ${index}: ${JSON.stringify(name)}`);
  return `# Written by SonoSync\n${places.join('\n')}\nnames:\n${names.join('\n')}\n`;
}

const descriptionSchema = z.object({
  names: z.union([z.array(z.coerce.string()), z.record(z.string(), z.coerce.string())]),
});

/** Text files of labels in any folder named "labels", else in all; lines of one class in one file are one structure. */
async function* readYolo(folder: string, remark: Remark = () => undefined): AsyncGenerator<ReadAnnotation> {
  const files = await listFiles(folder);
  const names = await readNames(folder, files);
  const pictures = indexPictures(files);
  const sizes = new FrameSizes(folder, await findManifest(folder));
  const texts = files.filter((file) => file.endsWith('.txt') && fileStem(file) !== 'classes');
  const labelFiles = texts.filter((file) => /(^|\/)labels\//.test(file));
  for (const file of labelFiles.length > 0 ? labelFiles : texts) {
    const structures = readLines(await readText(folder, file), file, remark);
    if (structures.size === 0) continue;
    const name = fileStem(file);
    const beside = stripExtension(file);
    const image = pictures.get(beside.replace(/(^|\/)labels\//, '$1images/')) ?? pictures.get(beside) ?? null;
    const { width, height } = await sizes.of(image, name, file);
    for (const [index, polygons] of structures) {
      const pixels = polygons.map((polygon) => polygon.map((value, at) => value * (at % 2 === 0 ? width : height)));
      const mask = fillPolygons(pixels, width, height);
      if (!mask.data.includes(1)) {
        remark(`${file}: what is drawn of class ${index} covers no pixel and was passed over.`);
        continue;
      }
      yield {
        frame: name,
        image,
        sopInstanceUID: null,
        frameNumber: 1,
        label: names.get(index) ?? `class ${index}`,
        prompts: null,
        absent: false,
        mask,
        trackingUID: null,
        revisionId: null,
      };
    }
  }
}

/** The polygons of a label file by class, in shares of width and height. */
function readLines(text: string, file: string, remark: Remark): Map<number, number[][]> {
  const structures = new Map<number, number[][]>();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const numbers = line.trim().split(/\s+/).map(Number);
    const [index, ...polygon] = numbers;
    if (numbers.some((value) => !Number.isFinite(value)) || !Number.isInteger(index) || index < 0) {
      throw new AppError('corrupt', `${file}, line ${at + 1}: expected a class and the corners of a polygon.`);
    }
    if (polygon.length === 4) {
      remark(`${file}, line ${at + 1} is a box without a mask and was passed over.`);
      continue;
    }
    if (polygon.length < 6 || polygon.length % 2 === 1) {
      throw new AppError(
        'corrupt',
        `${file}, line ${at + 1}: ${polygon.length} numbers are not the corners of a polygon.`,
      );
    }
    const polygons = structures.get(index);
    if (polygons) polygons.push(polygon);
    else structures.set(index, [polygon]);
  }
  return structures;
}

/** Names of the classes: those of a YAML file with `names`, else the lines of classes.txt; without either there are numbers only. */
async function readNames(folder: string, files: readonly string[]): Promise<ReadonlyMap<number, string>> {
  for (const file of files.filter((candidate) => /\.ya?ml$/.test(candidate))) {
    const described = descriptionSchema.safeParse(parseYaml(await readText(folder, file), file));
    if (described.success) {
      return new Map(Object.entries(described.data.names).map(([index, name]) => [Number(index), name]));
    }
  }
  const list = files.find((file) => fileStem(file) === 'classes' && file.endsWith('.txt'));
  if (!list) return new Map();
  const lines = (await readText(folder, list)).split(/\r?\n/).filter((line) => line.trim() !== '');
  return new Map(lines.map((line, index) => [index, line.trim()]));
}
