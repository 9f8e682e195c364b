// Owns tables: measurements.csv with a line of figures for each annotation, for people and statistics programs, and masks.csv with its run lengths,
// so that it can come back. They are two files since a spreadsheet that saves the first would cut cells of 32,767 characters.
import { z } from 'zod';
import { describeRefusal } from '../common/calibration.ts';
import { AppError } from '../common/errors.ts';
import { measureRegion } from '../common/mask-measures.ts';
import type { ShapeMeasures } from '../common/mask-measures.ts';
import { maskToRuns, runsToMask } from '../common/mask.ts';
import { positions, types } from '../common/prompts.ts';
import { reviewStates } from '../common/study.ts';
import { formatCsv, parseCsv } from '../files/csv.ts';
import type { CsvValue } from '../files/csv.ts';
import { annotationMask } from './annotation-set.ts';
import type { AnnotatedFrame, ExportAnnotation, ExportLabel } from './annotation-set.ts';
import type { ExportFormat, ReadAnnotation } from './export-format.ts';
import { listFiles, readText } from './folder-files.ts';

const measurementsName = 'measurements.csv';
const masksName = 'masks.csv';

export const csv: ExportFormat = {
  id: 'csv',
  purpose: 'measurement',
  title: 'CSV measurements',
  description: 'A table of areas, axes and positions in pixels and mm, and one with the masks.',
  leastIoU: 1,
  describeLosses: () => [`The frames' pictures are not in it. Masks are run lengths in ${masksName}, row by row.`],
  async write({ frames, labelOf }, folder, progress) {
    const figures: CsvValue[][] = [];
    const masks: CsvValue[][] = [];
    for (const annotated of frames) {
      progress.advance();
      for (const annotation of annotated.annotations) {
        const label = labelOf(annotation.labelId);
        figures.push([...identify(annotated, annotation, label), ...measure(annotation)]);
        masks.push([...identify(annotated, annotation, label), ...describeMask(annotation)]);
      }
    }
    await folder.write(measurementsName, formatCsv([...identityColumns, ...measureColumns], figures));
    await folder.write(masksName, formatCsv([...identityColumns, ...maskColumns], masks));
  },
  read: readMasks,
};

const identityColumns = [
  'frame',
  'group',
  'study_instance_uid',
  'series_instance_uid',
  'sop_instance_uid',
  'frame_number',
  'label',
  'position',
  'object',
  'review_state',
  'segment_algorithm_type',
  'reader',
  'created_at',
  'tracking_uid',
  'revision_id',
] as const;

function identify(
  { name, group, frame }: AnnotatedFrame,
  annotation: ExportAnnotation,
  label: ExportLabel,
): CsvValue[] {
  return [
    name,
    group,
    frame.studyInstanceUID,
    frame.seriesInstanceUID,
    frame.sopInstanceUID,
    frame.frameNumber,
    label.name,
    label.position,
    label.type,
    annotation.reviewState,
    annotation.segmentAlgorithmType,
    annotation.reader,
    annotation.createdAt,
    annotation.trackingUID,
    annotation.revisionId,
  ];
}

/** Units are in the names. Circumference and the ellipse's axes are those of the ellipse with the same second moments. */
const shapeColumns = [
  ['area', '2'],
  ['perimeter', ''],
  ['long_axis', ''],
  ['short_axis', ''],
  ['ellipse_major_axis', ''],
  ['ellipse_minor_axis', ''],
  ['circumference', ''],
  ['equivalent_diameter', ''],
] as const;

const measureColumns = [
  'frame_width_px',
  'frame_height_px',
  'centroid_x_px',
  'centroid_y_px',
  'box_left_px',
  'box_top_px',
  'box_width_px',
  'box_height_px',
  ...['px', 'mm'].flatMap((unit) => shapeColumns.map(([name, power]) => `${name}_${unit}${power}`)),
  'calibration_region',
  'x_mm_per_px',
  'y_mm_per_px',
  'not_calibrated_because',
];

function measure(annotation: ExportAnnotation): CsvValue[] {
  const { width, height, regions } = annotation.frame;
  const measures = measureRegion(annotationMask(annotation), regions);
  if (!measures) return [width, height, ...measureColumns.slice(2).map(() => null)];
  const { centroid, box, inPixels, inMillimetres, region, refusal } = measures;
  const scale = regions.find((candidate) => candidate.number === region);
  return [
    width,
    height,
    round(centroid.x),
    round(centroid.y),
    box.x,
    box.y,
    box.width,
    box.height,
    ...listShape(inPixels),
    ...listShape(inMillimetres),
    region,
    scale?.physicalDeltaXMm ?? null,
    scale?.physicalDeltaYMm ?? null,
    refusal && describeRefusal(refusal),
  ];
}

function listShape(shape: ShapeMeasures | null): CsvValue[] {
  if (!shape) return shapeColumns.map(() => null);
  const { area, perimeter, longAxis, shortAxis, ellipse, equivalentDiameter } = shape;
  const { majorAxis, minorAxis, circumference } = ellipse;
  return [area, perimeter, longAxis, shortAxis, majorAxis, minorAxis, circumference, equivalentDiameter].map(round);
}

/** A tenth of a micrometre is far below what can be drawn. */
function round(value: number): number {
  return Number(value.toFixed(4));
}

const maskColumns = ['width', 'height', 'runs'] as const;

function describeMask(annotation: ExportAnnotation): CsvValue[] {
  const mask = annotationMask(annotation);
  return [mask.width, mask.height, maskToRuns(mask).join(' ')];
}

const count = z.coerce.number().int().nonnegative();
const rowSchema = z.object({
  frame: z.string().min(1),
  sop_instance_uid: z.string().min(1),
  frame_number: z.coerce.number().int().positive(),
  label: z.string().min(1),
  position: z.enum(positions),
  object: z.enum(types),
  review_state: z.enum(reviewStates),
  tracking_uid: z.string(),
  revision_id: z.string(),
  width: count,
  height: count,
  runs: z.string(),
});

/** Masks from any masks.csv below the folder. */
async function* readMasks(folder: string): AsyncGenerator<ReadAnnotation> {
  for (const path of (await listFiles(folder)).filter((file) => /(^|\/)masks\.csv$/.test(file))) {
    for (const [index, record] of parseCsv(await readText(folder, path), path).entries()) {
      const parsed = rowSchema.safeParse(record);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        throw new AppError('corrupt', `${path}, record ${index + 1}, ${issue.path.join('.')}: ${issue.message}.`);
      }
      const row = parsed.data;
      const runs = row.runs.split(' ').map(Number);
      if (runs.some((run) => !Number.isInteger(run) || run < 0)) {
        throw new AppError('corrupt', `${path}, record ${index + 1}: its runs are not all whole numbers.`);
      }
      yield {
        frame: row.frame,
        image: null,
        sopInstanceUID: row.sop_instance_uid,
        frameNumber: row.frame_number,
        label: row.label,
        prompts: { position: row.position, type: row.object },
        absent: row.review_state === 'absent',
        mask: runsToMask(runs, row.width, row.height),
        trackingUID: row.tracking_uid,
        revisionId: row.revision_id,
      };
    }
  }
}
