// Owns the JSON of COCO instances (https://cocodataset.org/#format-data) and its reading, of our own files and of other programs'.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../common/errors.ts';
import { createMask } from '../common/mask.ts';
import type { BinaryMask } from '../common/mask.ts';
import { positions, types } from '../common/prompts.ts';
import { reviewStates, segmentAlgorithmTypes } from '../common/study.ts';
import type { ReadAnnotation, Remark } from './export-format.ts';
import { fileStem } from './file-names.ts';
import { parseJson } from './manifest.ts';
import { fillPolygons } from './outlines.ts';
import { decodeCocoRuns } from './run-length.ts';

export const instancesPath = 'annotations/instances.json';

const size = z.tuple([z.number().int().positive(), z.number().int().positive()]);
/** Compressed run lengths as text, or plain ones as numbers; size is [height, width]. */
const runsSchema = z.object({ size, counts: z.union([z.string(), z.array(z.number().int().nonnegative())]) });
const polygonsSchema = z.array(z.array(z.number()).min(6));

/** Fields beyond COCO's own carry what ties an annotation to its DICOM frame and its revision; other readers pass over them. */
export const instancesSchema = z.object({
  info: z.record(z.string(), z.unknown()).optional(),
  licenses: z.array(z.unknown()).optional(),
  categories: z.array(
    z.object({
      id: z.number().int(),
      name: z.string(),
      supercategory: z.string().nullish(),
      position: z.enum(positions).optional(),
    }),
  ),
  images: z.array(
    z.object({
      id: z.union([z.number().int(), z.string()]),
      file_name: z.string(),
      width: z.number().int().positive(),
      height: z.number().int().positive(),
      /** What was looked for in the image and is not there, as LVIS has it. */
      neg_category_ids: z.array(z.number().int()).optional(),
      /** Which annotations say so. */
      neg_annotations: z
        .array(z.object({ category_id: z.number().int(), revision_id: z.string(), tracking_uid: z.string() }))
        .optional(),
      group: z.string().optional(),
      study_instance_uid: z.string().optional(),
      series_instance_uid: z.string().optional(),
      sop_instance_uid: z.string().optional(),
      frame_number: z.number().int().positive().optional(),
    }),
  ),
  annotations: z.array(
    z.object({
      id: z.union([z.number().int(), z.string()]),
      image_id: z.union([z.number().int(), z.string()]),
      category_id: z.number().int(),
      segmentation: z.union([runsSchema, polygonsSchema]).nullish(),
      area: z.number().nullish(),
      /** [left, top, width, height] in pixels. */
      bbox: z.array(z.number()).length(4).nullish(),
      iscrowd: z.union([z.literal(0), z.literal(1)]).nullish(),
      revision_id: z.string().optional(),
      tracking_uid: z.string().optional(),
      review_state: z.enum(reviewStates).optional(),
      segment_algorithm_type: z.enum(segmentAlgorithmTypes).optional(),
    }),
  ),
});

export type CocoInstances = z.output<typeof instancesSchema>;
type CocoImage = CocoInstances['images'][number];
type CocoAnnotation = CocoInstances['annotations'][number];

/**
 * Every structure of every image in the instances files of a folder. Instances of one category in one image are one structure.
 * What has no mask, as a box alone, says that something is there and not where: it is remarked upon and passed over.
 */
export async function* readCoco(folder: string, remark: Remark = () => undefined): AsyncGenerator<ReadAnnotation> {
  for (const path of await findInstancesFiles(folder)) {
    const source = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw new AppError('not-found', `${path} cannot be read; expected COCO instances.`, { cause });
    });
    yield* readInstances(parseJson(source, path, instancesSchema, 'COCO instances'), path, remark);
  }
}

/** JSON files of the folder and of its annotations/ that have images, annotations and categories. */
export async function findInstancesFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const place of [folder, join(folder, 'annotations')]) {
    const names = await readdir(place).catch((): string[] => []);
    for (const name of names.filter((candidate) => candidate.endsWith('.json')).sort()) {
      const start = await readFile(join(place, name), 'utf8').catch(() => '');
      if (['"images"', '"annotations"', '"categories"'].every((key) => start.includes(key)))
        found.push(join(place, name));
    }
  }
  return found;
}

function* readInstances(instances: CocoInstances, path: string, remark: Remark): Generator<ReadAnnotation> {
  const categories = new Map(instances.categories.map((category) => [category.id, category]));
  const category = (id: number) => {
    const found = categories.get(id);
    if (found === undefined) throw new AppError('corrupt', `${path} has no category ${id}.`);
    const type = types.find((known) => known === found.supercategory);
    return { label: found.name, prompts: found.position && type ? { position: found.position, type } : null };
  };
  const members = groupByStructure(instances, path);
  for (const image of instances.images) {
    const frame = describeFrame(image);
    for (const id of image.neg_category_ids ?? []) {
      const mask = createMask(image.width, image.height);
      const origin = image.neg_annotations?.find(({ category_id }) => category_id === id);
      yield {
        ...frame,
        ...category(id),
        absent: true,
        mask,
        trackingUID: origin?.tracking_uid ?? null,
        revisionId: origin?.revision_id ?? null,
      };
    }
    for (const [id, annotations] of members.get(image.id) ?? []) {
      const shaped = annotations.flatMap((annotation) => {
        const mask = decodeSegmentation(annotation, image, path);
        // An empty mask of our own is a revision that says so.
        if (mask && (annotation.revision_id !== undefined || mask.data.includes(1))) return [{ annotation, mask }];
        const what = annotation.bbox ? 'is a box without a mask' : 'has no mask';
        remark(`${path}: annotation ${annotation.id} ${what} and was passed over.`);
        return [];
      });
      if (shaped.length === 0) continue;
      const only = shaped.length === 1 ? shaped[0].annotation : null;
      yield {
        ...frame,
        ...category(id),
        absent: false,
        mask: shaped.map(({ mask }) => mask).reduce(union),
        trackingUID: only?.tracking_uid ?? null,
        revisionId: only?.revision_id ?? null,
      };
    }
  }
}

/** Annotations by image and, in it, by category. */
function groupByStructure({ images, annotations }: CocoInstances, path: string) {
  const members = new Map(images.map((image) => [image.id, new Map<number, CocoAnnotation[]>()]));
  for (const annotation of annotations) {
    const ofImage = members.get(annotation.image_id);
    if (!ofImage) throw new AppError('corrupt', `${path}: annotation ${annotation.id} is of no image in the file.`);
    const list = ofImage.get(annotation.category_id);
    if (list) list.push(annotation);
    else ofImage.set(annotation.category_id, [annotation]);
  }
  return members;
}

function describeFrame(image: CocoImage) {
  return {
    frame: fileStem(image.file_name),
    image: image.file_name,
    sopInstanceUID: image.sop_instance_uid ?? null,
    frameNumber: image.frame_number ?? 1,
  };
}

/** Null where there is none. */
function decodeSegmentation({ id, segmentation }: CocoAnnotation, image: CocoImage, path: string): BinaryMask | null {
  const { width, height } = image;
  if (Array.isArray(segmentation)) return fillPolygons(segmentation, width, height);
  if (!segmentation) return null;
  if (segmentation.size[0] !== height || segmentation.size[1] !== width) {
    const [rows, columns] = segmentation.size;
    throw new AppError(
      'corrupt',
      `${path}: the mask of annotation ${id} has ${columns}×${rows} pixels; its image has ${width}×${height}.`,
    );
  }
  return decodeCocoRuns(segmentation);
}

function union(a: BinaryMask, b: BinaryMask): BinaryMask {
  return { ...a, data: a.data.map((value, index) => value | b.data[index]) };
}
