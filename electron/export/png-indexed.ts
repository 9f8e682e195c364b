// Owns PNG label maps: images/<frame>.png, labels/<frame>.png with a palette in the colours of the labels, and index.json, which says what each
// number is. Number n is the n-th label of the index, 0 is background. Masks that another covers lie whole in overlap/<label>/<frame>.png.
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../common/errors.ts';
import { encodeMaskPng } from '../files/image.ts';
import { decodeIndexedPng, encodeIndexedPng } from '../files/indexed-png.ts';
import { decodeMaskPng } from '../files/mask-image.ts';
import { annotationMask } from './annotation-set.ts';
import type { ExportLabel } from './annotation-set.ts';
import type { ExportFormat, ReadAnnotation, Remark } from './export-format.ts';
import { fileNameOf, fileStem, makeUnique } from './file-names.ts';
import { readBytes } from './folder-files.ts';
import { maskOfNumber, mostLabels, overlapLosses, paintLabelmap } from './labelmap.ts';
import { scaleLosses } from './losses.ts';
import { readJson } from './manifest.ts';
import { annotationSchema, frameSchema, indexLabelSchema, indexName } from './png-index.ts';

const indexSchema = z.object({
  kind: z.literal('label-maps'),
  labels: z.array(indexLabelSchema.extend({ number: z.number().int().positive() })),
  frames: z.array(
    frameSchema.extend({
      map: z.string(),
      annotations: z.array(annotationSchema.extend({ whole: z.string().nullable() })),
    }),
  ),
});

type Index = z.output<typeof indexSchema>;

export const pngIndexed: ExportFormat = {
  id: 'png-indexed',
  purpose: 'training',
  title: 'PNG label maps',
  description: 'One picture for each frame in the colours of the labels, with an index.',
  leastIoU: 1,
  describeLosses: (set) => [...overlapLosses(set, 'overlap/'), ...scaleLosses(set)],
  async write({ labels, frames, labelOf, pictures }, folder, progress) {
    if (labels.length > mostLabels) {
      throw new AppError('unsupported', `A PNG has room for ${mostLabels} labels; these are ${labels.length}.`);
    }
    const folders = makeUnique(labels.map(({ name }) => fileNameOf(name, 'label')));
    const numberOf = new Map(labels.map(({ id }, index) => [id, index + 1]));
    const palette = [[0, 0, 0] as const, ...labels.map(({ color }) => colorOf(color))];
    const index: Index = {
      kind: 'label-maps',
      labels: labels.map(({ name, color, position, type }, at) => ({
        name,
        color,
        position,
        object: type,
        number: at + 1,
      })),
      frames: [],
    };
    for (const { name, group, frame, annotations } of frames) {
      progress.advance();
      const { width, height } = frame;
      const image = `images/${name}.png`;
      const map = `labels/${name}.png`;
      await pictures.add(image, frame);
      const masks = annotations.map((annotation) => {
        return { annotation, mask: annotationMask(annotation), number: numberOf.get(annotation.labelId) ?? 0 };
      });
      const { numbers, covered } = paintLabelmap(masks, width, height);
      await folder.write(map, encodeIndexedPng({ width, height, indices: numbers, palette }));
      const whole = new Map<unknown, string>();
      for (const { annotation, mask, number } of covered) {
        const path = `overlap/${folders[number - 1]}/${name}.png`;
        await folder.write(path, await encodeMaskPng(mask));
        whole.set(annotation, path);
      }
      index.frames.push({
        image,
        map,
        width,
        height,
        group,
        studyInstanceUID: frame.studyInstanceUID,
        seriesInstanceUID: frame.seriesInstanceUID,
        sopInstanceUID: frame.sopInstanceUID,
        frameNumber: frame.frameNumber,
        annotations: annotations.map((annotation) => ({
          label: labelOf(annotation.labelId).name,
          reviewState: annotation.reviewState,
          segmentAlgorithmType: annotation.segmentAlgorithmType,
          revisionId: annotation.revisionId,
          trackingUID: annotation.trackingUID,
          whole: whole.get(annotation) ?? null,
        })),
      });
    }
    await folder.write(indexName, `${JSON.stringify(index, null, 1)}\n`);
  },
  read: readMaps,
};

/** '#0072B2' -> its red, green and blue. */
function colorOf(color: ExportLabel['color']): readonly [number, number, number] {
  const value = /^#[0-9a-f]{6}$/i.test(color) ? Number.parseInt(color.slice(1), 16) : 0xffffff;
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

async function* readMaps(folder: string, remark: Remark = () => undefined): AsyncGenerator<ReadAnnotation> {
  const index = await readJson(join(folder, indexName), indexSchema, "SonoSync's index of PNG label maps");
  for (const { image, map, sopInstanceUID, frameNumber, annotations } of index.frames) {
    const { width, height, indices } = decodeIndexedPng(await readBytes(folder, map), join(folder, map));
    const unnamed = [...new Set(indices)].filter((value) => value > index.labels.length);
    if (unnamed.length > 0) remark(`${map} has pixels of ${unnamed.join(', ')}, which no label stands for.`);
    const known = new Map(annotations.map((annotation) => [annotation.label, annotation]));
    for (const { name, position, object, number } of index.labels) {
      const annotation = known.get(name);
      const whole = annotation?.whole;
      const mask = whole
        ? await decodeMaskPng(await readBytes(folder, whole), join(folder, whole))
        : maskOfNumber(indices, number, width, height);
      // Nobody looked for it in this frame, and nobody drew it since.
      if (!annotation && !mask.data.includes(1)) continue;
      yield {
        frame: fileStem(image),
        image,
        sopInstanceUID,
        frameNumber,
        label: name,
        prompts: { position, type: object },
        absent: annotation?.reviewState === 'absent' && !mask.data.includes(1),
        mask,
        trackingUID: annotation?.trackingUID ?? null,
        revisionId: annotation?.revisionId ?? null,
      };
    }
  }
}
