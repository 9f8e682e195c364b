// Owns the writing of COCO instances: images/ and annotations/instances.json (https://cocodataset.org/#format-data), with run lengths, which are
// exact, or with polygons, for programs that know no other. `iscrowd` is 0 for both, since each annotation is one structure and no crowd:
// pycocotools, datumaro and FiftyOne read run lengths whatever `iscrowd` says, while trainers pass over crowds. An absent structure is named in
// the image's `neg_category_ids`, the field in which LVIS lists what was looked for and is not there.
import { countMaskPixels, maskBox } from '../common/mask.ts';
import type { BinaryMask } from '../common/mask.ts';
import { annotationMask } from './annotation-set.ts';
import type { AnnotatedFrame, AnnotationSet, ExportAnnotation } from './annotation-set.ts';
import { instancesPath, readCoco } from './coco-file.ts';
import type { CocoInstances } from './coco-file.ts';
import type { ExportFormat } from './export-format.ts';
import { countAbsent, counted, outlineLosses, scaleLosses } from './losses.ts';
import { partPolygons } from './outlines.ts';
import { encodeCocoRuns } from './run-length.ts';

type Segmentation = NonNullable<CocoInstances['annotations'][number]['segmentation']>;

export const coco = cocoFormat({
  id: 'coco',
  title: 'COCO',
  description: 'Run-length masks in one JSON file, frames as PNG; holes and separate parts survive.',
  encode(mask) {
    const { size, counts } = encodeCocoRuns(mask);
    return { size: [...size], counts };
  },
  lossesOf: absentLosses,
});

/** A polygon cannot have a hole in COCO: it is bridged. An empty mask has no polygon, and its annotation an empty list. */
export const cocoPolygons = cocoFormat({
  id: 'coco-polygons',
  title: 'COCO polygons',
  description: 'The same file with polygons, for programs that do not read run lengths.',
  encode: (mask) => partPolygons(mask).map((polygon) => [...polygon]),
  lossesOf: (set) => [...outlineLosses(set), ...absentLosses(set)],
});

interface Variant extends Pick<ExportFormat, 'id' | 'title' | 'description'> {
  readonly encode: (mask: BinaryMask) => Segmentation;
  readonly lossesOf: (set: AnnotationSet) => string[];
}

function cocoFormat({ id, title, description, encode, lossesOf }: Variant): ExportFormat {
  return {
    id,
    purpose: 'training',
    title,
    description,
    leastIoU: 1,
    describeLosses: (set) => [...lossesOf(set), ...scaleLosses(set)],
    async write({ labels, frames, pictures }, folder, progress) {
      const categories = new Map(labels.map((label, index) => [label.id, index + 1]));
      const now = new Date();
      const instances: CocoInstances = {
        info: {
          description: 'Ultrasound annotations, written by SonoSync',
          version: '1.0',
          year: now.getUTCFullYear(),
          date_created: now.toISOString(),
        },
        licenses: [],
        categories: labels.map((label) => ({
          id: categories.get(label.id) ?? 0,
          name: label.name,
          supercategory: label.type,
          position: label.position,
        })),
        images: [],
        annotations: [],
      };
      for (const annotated of frames) {
        progress.advance();
        const image = describeImage(annotated, instances.images.length + 1, categories);
        await pictures.add(`images/${image.file_name}`, annotated.frame);
        instances.images.push(image);
        for (const annotation of annotated.annotations.filter(({ reviewState }) => reviewState !== 'absent')) {
          const mask = annotationMask(annotation);
          instances.annotations.push({
            id: instances.annotations.length + 1,
            image_id: image.id,
            category_id: categories.get(annotation.labelId) ?? 0,
            segmentation: encode(mask),
            ...describeAnnotation(annotation, mask),
          });
        }
      }
      await folder.write(instancesPath, `${JSON.stringify(instances, null, 1)}\n`);
    },
    read: readCoco,
  };
}

function absentLosses(set: AnnotationSet): string[] {
  const absent = countAbsent(set);
  if (absent === 0) return [];
  return [
    `${counted(absent, 'absent annotation')}: an absent structure is listed in the image's neg_category_ids; a reader that does not know this field takes the frame for one without annotation.`,
  ];
}

function describeImage(
  { name, group, frame, annotations }: AnnotatedFrame,
  id: number,
  categories: ReadonlyMap<string, number>,
): CocoInstances['images'][number] {
  const absent = annotations.filter(({ reviewState }) => reviewState === 'absent');
  return {
    id,
    file_name: `${name}.png`,
    width: frame.width,
    height: frame.height,
    neg_category_ids: absent.map(({ labelId }) => categories.get(labelId) ?? 0),
    neg_annotations: absent.map(({ labelId, revisionId, trackingUID }) => {
      return { category_id: categories.get(labelId) ?? 0, revision_id: revisionId, tracking_uid: trackingUID };
    }),
    group,
    study_instance_uid: frame.studyInstanceUID,
    series_instance_uid: frame.seriesInstanceUID,
    sop_instance_uid: frame.sopInstanceUID,
    frame_number: frame.frameNumber,
  };
}

function describeAnnotation(annotation: ExportAnnotation, mask: BinaryMask) {
  const box = maskBox(mask);
  return {
    // Of the mask, as COCO asks; polygons with their pixel edges enclose the same.
    area: countMaskPixels(mask),
    bbox: box ? [box.x, box.y, box.width, box.height] : [0, 0, 0, 0],
    iscrowd: 0 as const,
    revision_id: annotation.revisionId,
    tracking_uid: annotation.trackingUID,
    review_state: annotation.reviewState,
    segment_algorithm_type: annotation.segmentAlgorithmType,
  };
}
