// Owns COCO instances: images/ and annotations/instances.json (https://cocodataset.org/#format-data).
// Masks are compressed run lengths with `iscrowd` 0: pycocotools, datumaro and FiftyOne read them whatever `iscrowd` says, while trainers pass
// over crowds. An absent structure is named in the image's `neg_category_ids`, the field in which LVIS lists what was looked for and is not there.
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../common/errors.ts';
import { countMaskPixels, createMask, maskBox } from '../common/mask.ts';
import { reviewStates, segmentAlgorithmTypes } from '../common/study.ts';
import { encodePng } from '../files/image.ts';
import { annotationMask } from './annotation-set.ts';
import type { AnnotatedFrame, ExportAnnotation } from './annotation-set.ts';
import type { ExportFormat, ReadAnnotation } from './export-format.ts';
import { countAbsent, counted, scaleLosses } from './losses.ts';
import { readJson } from './manifest.ts';
import { decodeCocoRuns, encodeCocoRuns } from './run-length.ts';

const instancesPath = 'annotations/instances.json';

/** Fields beyond COCO's own carry what ties an annotation to its DICOM frame and its revision; other readers pass over them. */
const instancesSchema = z.object({
  info: z.object({ description: z.string(), version: z.string(), year: z.number().int(), date_created: z.string() }),
  licenses: z.array(z.never()),
  categories: z.array(
    z.object({ id: z.number().int(), name: z.string(), supercategory: z.string(), position: z.string() }),
  ),
  images: z.array(
    z.object({
      id: z.number().int(),
      file_name: z.string(),
      width: z.number().int(),
      height: z.number().int(),
      neg_category_ids: z.array(z.number().int()),
      group: z.string(),
      study_instance_uid: z.string(),
      series_instance_uid: z.string(),
      sop_instance_uid: z.string(),
      frame_number: z.number().int(),
    }),
  ),
  annotations: z.array(
    z.object({
      id: z.number().int(),
      image_id: z.number().int(),
      category_id: z.number().int(),
      segmentation: z.object({ size: z.tuple([z.number().int(), z.number().int()]), counts: z.string() }),
      area: z.number().int(),
      /** [left, top, width, height] in pixels. */
      bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      iscrowd: z.literal(0),
      revision_id: z.string(),
      tracking_uid: z.string(),
      review_state: z.enum(reviewStates),
      segment_algorithm_type: z.enum(segmentAlgorithmTypes),
    }),
  ),
});

type Instances = z.output<typeof instancesSchema>;

export const coco: ExportFormat = {
  id: 'coco',
  title: 'COCO',
  description:
    'One JSON file with run-length masks beside the frames as PNG. Holes and separate parts survive; pycocotools and most training code read it.',
  leastIoU: 1,
  describeLosses(set) {
    const absent = countAbsent(set);
    const losses = scaleLosses(set);
    if (absent === 0) return losses;
    return [
      `${counted(absent, 'absent annotation')}: an absent structure is listed in the image's neg_category_ids; a reader that does not know this field takes the frame for one without annotation.`,
      ...losses,
    ];
  },
  async write({ labels, frames }, folder, progress) {
    const categories = new Map(labels.map((label, index) => [label.id, index + 1]));
    const now = new Date();
    const instances: Instances = {
      info: {
        description: 'Ultrasound annotations, written by SonoSync',
        version: '1.0',
        year: now.getUTCFullYear(),
        date_created: now.toISOString(),
      },
      licenses: [],
      categories: labels.map(({ id, name, position, type }) => ({
        id: categories.get(id) ?? 0,
        name,
        supercategory: type,
        position,
      })),
      images: [],
      annotations: [],
    };
    for (const annotated of frames) {
      progress.advance();
      const image = describeImage(annotated, instances.images.length + 1, categories);
      await folder.write(`images/${image.file_name}`, await encodePng(await annotated.frame.picture()));
      instances.images.push(image);
      for (const annotation of annotated.annotations.filter(({ reviewState }) => reviewState !== 'absent')) {
        const id = instances.annotations.length + 1;
        instances.annotations.push(
          describeAnnotation(annotation, id, image.id, categories.get(annotation.labelId) ?? 0),
        );
      }
    }
    await folder.write(instancesPath, `${JSON.stringify(instances, null, 1)}\n`);
  },
  read: readInstances,
};

function describeImage(
  { name, group, frame, annotations }: AnnotatedFrame,
  id: number,
  categories: ReadonlyMap<string, number>,
): Instances['images'][number] {
  return {
    id,
    file_name: `${name}.png`,
    width: frame.width,
    height: frame.height,
    neg_category_ids: annotations
      .filter(({ reviewState }) => reviewState === 'absent')
      .map(({ labelId }) => categories.get(labelId) ?? 0),
    group,
    study_instance_uid: frame.studyInstanceUID,
    series_instance_uid: frame.seriesInstanceUID,
    sop_instance_uid: frame.sopInstanceUID,
    frame_number: frame.frameNumber,
  };
}

function describeAnnotation(
  annotation: ExportAnnotation,
  id: number,
  imageId: number,
  categoryId: number,
): Instances['annotations'][number] {
  const mask = annotationMask(annotation);
  const box = maskBox(mask);
  const { size, counts } = encodeCocoRuns(mask);
  return {
    id,
    image_id: imageId,
    category_id: categoryId,
    segmentation: { size: [...size], counts },
    area: countMaskPixels(mask),
    bbox: box ? [box.x, box.y, box.width, box.height] : [0, 0, 0, 0],
    iscrowd: 0,
    revision_id: annotation.revisionId,
    tracking_uid: annotation.trackingUID,
    review_state: annotation.reviewState,
    segment_algorithm_type: annotation.segmentAlgorithmType,
  };
}

async function* readInstances(folder: string): AsyncGenerator<ReadAnnotation> {
  const path = join(folder, ...instancesPath.split('/'));
  const instances = await readJson(path, instancesSchema, "SonoSync's form of COCO instances");
  const images = new Map(instances.images.map((image) => [image.id, image]));
  const names = new Map(instances.categories.map((category) => [category.id, category.name]));
  const categoryName = (id: number) => {
    const name = names.get(id);
    if (name === undefined) throw new AppError('corrupt', `${path} has no category ${id}.`);
    return name;
  };
  for (const image of instances.images) {
    for (const categoryId of image.neg_category_ids) {
      yield {
        sopInstanceUID: image.sop_instance_uid,
        frameNumber: image.frame_number,
        label: categoryName(categoryId),
        absent: true,
        mask: createMask(image.width, image.height),
      };
    }
  }
  for (const annotation of instances.annotations) {
    const image = images.get(annotation.image_id);
    if (!image) throw new AppError('corrupt', `${path}: annotation ${annotation.id} is of no image in the file.`);
    yield {
      sopInstanceUID: image.sop_instance_uid,
      frameNumber: image.frame_number,
      label: categoryName(annotation.category_id),
      absent: false,
      mask: decodeCocoRuns(annotation.segmentation),
    };
  }
}
