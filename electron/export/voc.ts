// Owns PASCAL VOC data sets (http://host.robots.ox.ac.uk/pascal/VOC/voc2012/htmldoc/): JPEGImages, Annotations, SegmentationClass and
// SegmentationObject as PNG with the VOC palette, and the lists of ImageSets. Object n of an annotation has the number n in SegmentationObject;
// boxes count pixels from 1, inclusive. Elements named "sonosync" carry what VOC has no word for; other readers pass over them.
import { countMaskPixels, maskBox } from '../common/mask.ts';
import type { BinaryMask } from '../common/mask.ts';
import { AppError } from '../common/errors.ts';
import { encodeJpeg } from '../files/image.ts';
import { encodeIndexedPng } from '../files/indexed-png.ts';
import { escapeXml } from '../files/xml.ts';
import { annotationMask } from './annotation-set.ts';
import type { AnnotatedFrame, ExportLabel } from './annotation-set.ts';
import type { ExportContent, ExportFormat } from './export-format.ts';
import type { ExportFolder } from './export-folder.ts';
import { mostLabels, overlapLosses, paintLabelmap, vocPalette } from './labelmap.ts';
import { scaleLosses } from './losses.ts';
import { splitNames } from './splits.ts';
import type { SplitName } from './splits.ts';
import { overlapFolder, readVoc } from './voc-file.ts';

export const voc: ExportFormat = {
  id: 'voc',
  purpose: 'training',
  title: 'Pascal VOC',
  description: 'JPEG frames, XML boxes, and label maps of classes and of objects.',
  leastIoU: 1,
  describeLosses: (set) => [
    'Frames are JPEG of quality 100, as VOC has it: grey levels differ by rounding from the originals.',
    ...overlapLosses(set, `${overlapFolder}/`),
    ...scaleLosses(set),
  ],
  async write(content, folder, progress) {
    const { labels, frames, pictures, splits } = content;
    if (labels.length > mostLabels) {
      throw new AppError('unsupported', `Pascal VOC has room for ${mostLabels} classes; these are ${labels.length}.`);
    }
    const classOf = new Map(labels.map(({ id }, index) => [id, index + 1]));
    const lists = new Map<SplitName, string[]>(splitNames.map((split) => [split, []]));
    for (const annotated of frames) {
      progress.advance();
      const { name, groupKey, frame } = annotated;
      await pictures.add(`JPEGImages/${name}.jpg`, frame, (picture) => encodeJpeg(picture, 100));
      await writeFrame(annotated, content, classOf, folder);
      lists.get(splits.get(groupKey) ?? 'train')?.push(name);
    }
    for (const [split, names] of lists) {
      const lines = names.map((name) => `${name}\n`).join('');
      for (const task of ['Segmentation', 'Main']) await folder.write(`ImageSets/${task}/${split}.txt`, lines);
    }
    await folder.write('labelmap.txt', describeClasses(labels));
  },
  read: readVoc,
};

async function writeFrame(
  { name, group, frame, annotations }: AnnotatedFrame,
  { labelOf }: ExportContent,
  classOf: ReadonlyMap<string, number>,
  folder: ExportFolder,
): Promise<void> {
  const { width, height } = frame;
  const palette = vocPalette();
  const objects = annotations
    .map((annotation) => ({ annotation, mask: annotationMask(annotation) }))
    .filter(({ mask }) => countMaskPixels(mask) > 0)
    .map((object, index) => ({ ...object, number: index + 1 }));
  const { numbers, covered } = paintLabelmap(objects, width, height);
  const classes = Uint8Array.of(0, ...objects.map(({ annotation }) => classOf.get(annotation.labelId) ?? 0));
  const map = (indices: Uint8Array) => encodeIndexedPng({ width, height, indices, palette });
  await folder.write(`SegmentationObject/${name}.png`, map(numbers));
  await folder.write(`SegmentationClass/${name}.png`, map(numbers.map((number) => classes[number])));
  for (const { mask, number } of covered) {
    const indices = mask.data.map((value) => value * number);
    await folder.write(`${overlapFolder}/${name}-${number}.png`, map(indices));
  }
  const whole = new Set(covered.map(({ number }) => number));
  const lines = [
    ...element('folder', 'JPEGImages'),
    ...element('filename', `${name}.jpg`),
    ...nested('source', element('database', 'SonoSync')),
    ...nested('size', [...element('width', width), ...element('height', height), ...element('depth', 3)]),
    ...element('segmented', 1),
    ...nested('sonosync', [
      ...element('group', group),
      ...element('studyInstanceUID', frame.studyInstanceUID),
      ...element('seriesInstanceUID', frame.seriesInstanceUID),
      ...element('sopInstanceUID', frame.sopInstanceUID),
      ...element('frameNumber', frame.frameNumber),
      ...annotations
        .filter((annotation) => objects.every((object) => object.annotation !== annotation))
        .flatMap((annotation) => nested('empty', describeAnnotation(annotation, labelOf(annotation.labelId)))),
    ]),
    ...objects.flatMap(({ annotation, mask, number }) => [
      ...nested('object', [
        ...element('name', labelOf(annotation.labelId).name),
        ...element('pose', 'Unspecified'),
        ...describeBox(mask),
        ...nested('sonosync', [
          ...describeAnnotation(annotation, labelOf(annotation.labelId)),
          ...(whole.has(number) ? element('mask', `${overlapFolder}/${name}-${number}.png`) : []),
        ]),
      ]),
    ]),
  ];
  await folder.write(`Annotations/${name}.xml`, `${nested('annotation', lines).join('\n')}\n`);
}

function describeAnnotation(annotation: AnnotatedFrame['annotations'][number], label: ExportLabel): string[] {
  return [
    ...element('label', label.name),
    ...element('position', label.position),
    ...element('object', label.type),
    ...element('trackingUID', annotation.trackingUID),
    ...element('revisionId', annotation.revisionId),
    ...element('reviewState', annotation.reviewState),
    ...element('segmentAlgorithmType', annotation.segmentAlgorithmType),
  ];
}

function describeBox(mask: BinaryMask): string[] {
  const box = maskBox(mask) ?? { x: 0, y: 0, width: 0, height: 0 };
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  const truncated = box.x === 0 || box.y === 0 || right === mask.width || bottom === mask.height;
  return [
    ...element('truncated', truncated ? 1 : 0),
    ...element('difficult', 0),
    ...nested('bndbox', [
      ...element('xmin', box.x + 1),
      ...element('ymin', box.y + 1),
      ...element('xmax', right),
      ...element('ymax', bottom),
    ]),
  ];
}

function element(name: string, value: string | number): string[] {
  return [`<${name}>${escapeXml(String(value))}</${name}>`];
}

function nested(name: string, lines: readonly string[]): string[] {
  return [`<${name}>`, ...lines.map((line) => `  ${line}`), `</${name}>`];
}

/** The classes with their colours, in the form that CVAT and Datumaro read and write beside VOC. */
function describeClasses(labels: readonly ExportLabel[]): string {
  const palette = vocPalette();
  const names = ['background', ...labels.map(({ name }) => name.replaceAll(/[:\r\n]+/g, ' ').trim())];
  const lines = names.map((name, index) => `${name}:${palette[index].join(',')}::`);
  return `# label:color_rgb:parts:actions\n${lines.join('\n')}\n`;
}
