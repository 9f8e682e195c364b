// Owns plain PNG files: images/<frame>.png, masks/<label>/<frame>.png (0 and 255) and index.json, which says what each file is.
import { join } from 'node:path';
import { z } from 'zod';
import { encodeMaskPng } from '../files/image.ts';
import { decodeMaskPng } from '../files/mask-image.ts';
import { annotationMask } from './annotation-set.ts';
import type { ExportFormat, ReadAnnotation } from './export-format.ts';
import { fileNameOf, fileStem, makeUnique } from './file-names.ts';
import { listFiles, readBytes } from './folder-files.ts';
import { scaleLosses } from './losses.ts';
import { readJson } from './manifest.ts';
import { annotationSchema, frameSchema, indexLabelSchema, indexName } from './png-index.ts';

const indexSchema = z.object({
  labels: z.array(indexLabelSchema.extend({ folder: z.string() })),
  frames: z.array(
    frameSchema.extend({
      /** The mask is black all over where the structure is absent. */
      annotations: z.array(annotationSchema.extend({ mask: z.string() })),
    }),
  ),
});

type Index = z.output<typeof indexSchema>;

export const png: ExportFormat = {
  id: 'png',
  purpose: 'training',
  title: 'PNG masks',
  description: 'A black and white picture of each mask beside the frames, with an index.',
  leastIoU: 1,
  describeLosses: scaleLosses,
  async write({ labels, frames, labelOf, pictures }, folder, progress) {
    const folders = makeUnique(labels.map(({ name }) => fileNameOf(name, 'label')));
    const folderOf = new Map(labels.map((label, index) => [label.id, `masks/${folders[index]}`]));
    const index: Index = {
      labels: labels.map(({ id, name, color, position, type }) => ({
        name,
        color,
        position,
        object: type,
        folder: folderOf.get(id) ?? '',
      })),
      frames: [],
    };
    for (const { name, group, frame, annotations } of frames) {
      progress.advance();
      const image = `images/${name}.png`;
      await pictures.add(image, frame);
      const entries: Index['frames'][number]['annotations'] = [];
      for (const annotation of annotations) {
        const mask = `${folderOf.get(annotation.labelId)}/${name}.png`;
        await folder.write(mask, await encodeMaskPng(annotationMask(annotation)));
        const { reviewState, segmentAlgorithmType, revisionId, trackingUID, labelId } = annotation;
        const label = labelOf(labelId).name;
        entries.push({ label, mask, reviewState, segmentAlgorithmType, revisionId, trackingUID });
      }
      const { width, height, studyInstanceUID, seriesInstanceUID, sopInstanceUID, frameNumber } = frame;
      index.frames.push({
        image,
        width,
        height,
        group,
        studyInstanceUID,
        seriesInstanceUID,
        sopInstanceUID,
        frameNumber,
        annotations: entries,
      });
    }
    await folder.write(indexName, `${JSON.stringify(index, null, 1)}\n`);
  },
  read: readMasks,
};

async function* readMasks(folder: string): AsyncGenerator<ReadAnnotation> {
  const files = await listFiles(folder);
  if (!files.includes(indexName)) {
    yield* readOthers(folder, files);
    return;
  }
  const index = await readJson(join(folder, indexName), indexSchema, "SonoSync's index of PNG masks");
  const promptsOf = new Map(index.labels.map(({ name, position, object }) => [name, { position, type: object }]));
  for (const { image, sopInstanceUID, frameNumber, annotations } of index.frames) {
    for (const { label, mask: path, reviewState, trackingUID, revisionId } of annotations) {
      const mask = await decodeMaskPng(await readBytes(folder, path), join(folder, path));
      yield {
        frame: fileStem(image),
        image,
        sopInstanceUID,
        frameNumber,
        label,
        prompts: promptsOf.get(label) ?? null,
        absent: reviewState === 'absent' && !mask.data.includes(1),
        mask,
        trackingUID,
        revisionId,
      };
    }
  }
}

/** Masks of another program: masks/<label>/<frame>.png, masks/<frame>.png, or <frame>_mask.png beside the frame. */
async function* readOthers(folder: string, files: readonly string[]): AsyncGenerator<ReadAnnotation> {
  for (const path of files.filter((file) => /\.(png|bmp|tiff?)$/i.test(file))) {
    const [, label, frame] =
      /(?:^|\/)masks?\/(?:([^/]+)\/)?([^/]+)\.[a-z]+$/i.exec(path) ?? /()([^/]+)[-_]mask\.[a-z]+$/i.exec(path) ?? [];
    if (frame === undefined) continue;
    const mask = await decodeMaskPng(await readBytes(folder, path), join(folder, path));
    yield {
      frame,
      image: null,
      sopInstanceUID: null,
      frameNumber: 1,
      label: label || 'mask',
      prompts: null,
      absent: !mask.data.includes(1),
      mask,
      trackingUID: null,
      revisionId: null,
    };
  }
}
