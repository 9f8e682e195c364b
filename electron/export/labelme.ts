// Owns LabelMe annotations: <frame>.png and <frame>.json with polygons (https://github.com/wkentaro/labelme).
// Conventions: (0, 0) is the outer corner of the first pixel, as on LabelMe's canvas, so that corners of pixel edges are whole numbers. Each part of
// a mask is a polygon of its own, clockwise on the screen, in the order of the parts' uppermost edges; the parts of one mask have one group_id.
// LabelMe knows no holes: each is joined to the outline around it by a bridge of no width. What ties an annotation to its DICOM
// frame and its revision lies in fields named "sonosync", which LabelMe keeps when it saves.
import { z } from 'zod';
import { createMask } from '../common/mask.ts';
import { positions, types } from '../common/prompts.ts';
import { reviewStates, segmentAlgorithmTypes } from '../common/study.ts';
import { annotationMask } from './annotation-set.ts';
import type { AnnotatedFrame, ExportLabel } from './annotation-set.ts';
import type { ExportFormat, ReadAnnotation, Remark } from './export-format.ts';
import { fileStem } from './file-names.ts';
import { listFiles, readText } from './folder-files.ts';
import { fillShape } from './labelme-shapes.ts';
import { outlineLosses, scaleLosses } from './losses.ts';
import { parseJson } from './manifest.ts';
import { partPolygons, toPoints } from './outlines.ts';

const annotationSchema = z.object({
  trackingUID: z.string(),
  revisionId: z.string(),
  reviewState: z.enum(reviewStates),
  segmentAlgorithmType: z.enum(segmentAlgorithmTypes),
});

const shapeSchema = z.object({
  label: z.string(),
  points: z.array(z.tuple([z.number(), z.number()])),
  group_id: z.number().int().nullish(),
  description: z.string().nullish(),
  shape_type: z.string().default('polygon'),
  flags: z.record(z.string(), z.boolean()).nullish(),
  /** Base64 of a PNG, for shapes of type "mask". */
  mask: z.string().nullish(),
  sonosync: annotationSchema.optional(),
});

const labelSchema = z.object({ name: z.string(), position: z.enum(positions), object: z.enum(types) });

const fileSchema = z.object({
  version: z.string().optional(),
  flags: z.record(z.string(), z.unknown()).nullish(),
  shapes: z.array(shapeSchema),
  imagePath: z.string(),
  imageData: z.string().nullish(),
  imageHeight: z.number().int().positive(),
  imageWidth: z.number().int().positive(),
  sonosync: z
    .object({
      studyInstanceUID: z.string(),
      seriesInstanceUID: z.string(),
      sopInstanceUID: z.string(),
      frameNumber: z.number().int().positive(),
      labels: z.array(labelSchema),
      /** Structures that were looked for and are not there, and those whose mask has no pixel. */
      empty: z.array(annotationSchema.extend({ label: z.string() })),
    })
    .optional(),
});

type LabelMeFile = z.output<typeof fileSchema>;
type LabelMeShape = z.output<typeof shapeSchema>;

export const labelme: ExportFormat = {
  id: 'labelme',
  purpose: 'training',
  title: 'LabelMe',
  description: 'A JSON file of polygons beside each frame, to edit in LabelMe.',
  leastIoU: 1,
  describeLosses: (set) => [...outlineLosses(set), ...scaleLosses(set)],
  async write({ frames, labelOf, pictures }, folder, progress) {
    for (const annotated of frames) {
      progress.advance();
      const { name, frame } = annotated;
      await pictures.add(`${name}.png`, frame);
      await folder.write(`${name}.json`, `${JSON.stringify(describeFrame(annotated, labelOf), null, 1)}\n`);
    }
  },
  read: readLabelMe,
};

function describeFrame(
  { name, frame, annotations }: AnnotatedFrame,
  labelOf: (labelId: string) => ExportLabel,
): LabelMeFile {
  const shapes: LabelMeShape[] = [];
  const empty: NonNullable<LabelMeFile['sonosync']>['empty'] = [];
  annotations.forEach((annotation, index) => {
    const { trackingUID, revisionId, reviewState, segmentAlgorithmType } = annotation;
    const sonosync = { trackingUID, revisionId, reviewState, segmentAlgorithmType };
    const label = labelOf(annotation.labelId).name;
    const polygons = partPolygons(annotationMask(annotation));
    if (polygons.length === 0) empty.push({ label, ...sonosync });
    for (const polygon of polygons) {
      shapes.push({
        label,
        points: toPoints(polygon).map(({ x, y }) => [x, y]),
        group_id: polygons.length > 1 ? index + 1 : null,
        description: '',
        shape_type: 'polygon',
        flags: {},
        mask: null,
        sonosync,
      });
    }
  });
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID, frameNumber, width, height } = frame;
  const labels = annotations.map(({ labelId }) => labelOf(labelId));
  return {
    version: '5.5.0',
    flags: {},
    shapes,
    imagePath: `${name}.png`,
    imageData: null,
    imageHeight: height,
    imageWidth: width,
    sonosync: {
      studyInstanceUID,
      seriesInstanceUID,
      sopInstanceUID,
      frameNumber,
      labels: labels.map((label) => ({ name: label.name, position: label.position, object: label.type })),
      empty,
    },
  };
}

/** Shapes of one label in one file are one structure. Shapes without an area are remarked upon and passed over. */
async function* readLabelMe(folder: string, remark: Remark = () => undefined): AsyncGenerator<ReadAnnotation> {
  for (const path of (await listFiles(folder)).filter((file) => file.endsWith('.json'))) {
    const source = await readText(folder, path);
    if (!source.includes('"shapes"') || !source.includes('"imageHeight"')) continue;
    const file = parseJson(source, path, fileSchema, 'a LabelMe annotation');
    const frame = {
      frame: fileStem(path),
      image: file.imagePath.replaceAll('\\', '/'),
      sopInstanceUID: file.sonosync?.sopInstanceUID ?? null,
      frameNumber: file.sonosync?.frameNumber ?? 1,
    };
    const promptsOf = new Map(
      file.sonosync?.labels.map((each) => [each.name, { position: each.position, type: each.object }]),
    );
    for (const [label, shapes] of Map.groupBy(file.shapes, (shape) => shape.label)) {
      const mask = createMask(file.imageWidth, file.imageHeight);
      for (const shape of shapes) await fillShape(mask, shape, path, remark);
      // A point or a line says that something is there and not where; what is empty or absent is told apart, below.
      if (!mask.data.includes(1)) {
        remark(`${path}: "${label}" outlines no pixel and was passed over.`);
        continue;
      }
      const origins = new Map(shapes.map(({ sonosync }) => [sonosync?.revisionId, sonosync]));
      const origin = origins.size === 1 ? shapes[0].sonosync : undefined;
      yield {
        ...frame,
        label,
        prompts: promptsOf.get(label) ?? null,
        absent: false,
        mask,
        trackingUID: origin?.trackingUID ?? null,
        revisionId: origin?.revisionId ?? null,
      };
    }
    const drawn = new Set(file.shapes.map(({ label }) => label));
    for (const { label, trackingUID, revisionId, reviewState } of file.sonosync?.empty ?? []) {
      // Someone drew in LabelMe what was not there before.
      if (drawn.has(label)) continue;
      yield {
        ...frame,
        label,
        prompts: promptsOf.get(label) ?? null,
        absent: reviewState === 'absent',
        mask: createMask(file.imageWidth, file.imageHeight),
        trackingUID,
        revisionId,
      };
    }
  }
}
