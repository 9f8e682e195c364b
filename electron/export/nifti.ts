// Owns NIfTI volumes: for each instance <name>.nii.gz with the annotated frames along the third axis, <name>_labels.nii.gz with a number for
// each structure, or, where masks overlap, <name>_label-<Label>.nii.gz with 0 and 1 for each, and <name>.json, which says what
// slices and numbers are. Only annotated frames are slices: in a label volume a frame that nobody looked at could not be told from one without the structure.
import { calibrationFor } from '../common/calibration.ts';
import type { ImagePoint } from '../common/geometry.ts';
import { countMaskPixels, maskBox } from '../common/mask.ts';
import { encodeNifti } from '../files/nifti.ts';
import type { NiftiDescription, NiftiSamples } from '../files/nifti.ts';
import { annotationMask, groupByFrame } from './annotation-set.ts';
import type { AnnotatedFrame, AnnotationSet, ExportAnnotation, ExportLabel } from './annotation-set.ts';
import type { ExportContent, ExportFormat } from './export-format.ts';
import type { ExportFolder } from './export-folder.ts';
import { fileNameOf, makeUnique } from './file-names.ts';
import { countOverlapping, mostLabels, paintLabelmap } from './labelmap.ts';
import { counted } from './losses.ts';
import { readNifti } from './nifti-file.ts';
import type { NiftiSidecar } from './nifti-file.ts';

export const nifti: ExportFormat = {
  id: 'nifti',
  purpose: 'archive',
  title: 'NIfTI',
  description: 'A volume of frames and one of labels for each instance, in mm where calibrated.',
  leastIoU: 1,
  describeLosses(set) {
    const instances = groupByInstance(groupByFrame(set.annotations));
    const losses = [
      'The third axis is the number of the frame: its step of 1 is no length. Columns are called left and rows back, as in an image without a place in a patient.',
    ];
    const unscaled = instances.filter(({ frames }) => chooseSpacing(frames).unit === 'unknown').length;
    if (unscaled > 0) {
      losses.push(`${counted(unscaled, 'instance')} without one calibration for all masks: spacing 1, unit unknown.`);
    }
    const split = instances.filter(({ frames }) => needsVolumes(frames)).length;
    if (split > 0)
      losses.push(`${counted(split, 'instance')} with masks that overlap: one label volume for each label.`);
    return losses;
  },
  async write(content, folder, progress) {
    for (const instance of groupByInstance(content.frames)) {
      const sidecar = await writeInstance(instance, content, folder, () => progress.advance());
      await folder.write(`${instance.name}.json`, `${JSON.stringify(sidecar, null, 1)}\n`);
    }
  },
  read: readNifti,
};

/** The annotated frames of one instance, all of one size, in the order of their numbers. */
interface AnnotatedInstance {
  readonly name: string;
  readonly frames: readonly AnnotatedFrame[];
}

function groupByInstance(frames: readonly AnnotatedFrame[]): AnnotatedInstance[] {
  const instances = [...Map.groupBy(frames, ({ frame }) => frame.sopInstanceUID).values()];
  const names = makeUnique(
    instances.map(([{ name, frame }]) => (frame.frameCount > 1 ? name.replace(/-f\d+$/, '') : name)),
  );
  return instances.map((members, index) => ({
    name: names[index],
    frames: members.toSorted((a, b) => a.frame.frameNumber - b.frame.frameNumber),
  }));
}

async function writeInstance(
  { name, frames }: AnnotatedInstance,
  { labelOf, images, version }: ExportContent,
  folder: ExportFolder,
  advance: () => void,
): Promise<NiftiSidecar> {
  const [{ frame, group }] = frames;
  const { spacing, unit, region } = chooseSpacing(frames);
  const volume = (samples: NiftiSamples): NiftiDescription => ({
    width: frame.width,
    height: frame.height,
    frames: frames.length,
    samples,
    spacing,
    unit,
    description: `SonoSync ${version}`,
  });
  const image = images ? `${name}.nii.gz` : null;
  if (image) {
    const samples = (await hasColor(frames)) ? 'rgb' : 'gray';
    await folder.write(image, await encodeNifti(volume(samples), readPictures(frames, samples, advance)));
  } else {
    frames.forEach(advance);
  }
  const labels = uniqueLabels(frames, labelOf);
  const files = await writeLabels({ name, frames }, labels, volume('labels'), folder);
  return {
    generator: 'SonoSync',
    kind: 'nifti-labels',
    image,
    axes: ['column', 'row', 'annotated frame'],
    spacing: { x: spacing[0], y: spacing[1], unit, region },
    group,
    studyInstanceUID: frame.studyInstanceUID,
    seriesInstanceUID: frame.seriesInstanceUID,
    sopInstanceUID: frame.sopInstanceUID,
    slices: frames.map((annotated) => ({ name: annotated.name, frameNumber: annotated.frame.frameNumber })),
    labels: labels.map((label, index) => ({
      name: label.name,
      position: label.position,
      object: label.type,
      ...files[index],
    })),
    annotations: frames.flatMap(({ annotations }, slice) =>
      annotations.map(({ labelId, trackingUID, revisionId, reviewState, segmentAlgorithmType }) => {
        return { slice, label: labelOf(labelId).name, trackingUID, revisionId, reviewState, segmentAlgorithmType };
      }),
    ),
  };
}

/** The volumes of the labels: one for all where no two masks share a pixel, else one for each. Returns where each label is, as what number. */
async function writeLabels(
  { name, frames }: AnnotatedInstance,
  labels: readonly ExportLabel[],
  volume: NiftiDescription,
  folder: ExportFolder,
): Promise<{ file: string; number: number }[]> {
  const numberOf = new Map(labels.map(({ id }, index) => [id, index + 1]));
  const slicesOf = function* (chosen: (labelId: string) => number | null) {
    for (const { frame, annotations } of frames) {
      const masks = annotations.flatMap((annotation) => {
        const number = chosen(annotation.labelId);
        return number === null ? [] : [{ annotation, mask: annotationMask(annotation), number }];
      });
      yield paintLabelmap(masks, frame.width, frame.height).numbers;
    }
  };
  if (!needsVolumes(frames)) {
    const file = `${name}_labels.nii.gz`;
    await folder.write(
      file,
      await encodeNifti(
        volume,
        slicesOf((labelId) => numberOf.get(labelId) ?? null),
      ),
    );
    return labels.map((_, index) => ({ file, number: index + 1 }));
  }
  const names = makeUnique(labels.map((label) => fileNameOf(label.name, 'label')));
  for (const [index, { id }] of labels.entries()) {
    const slices = slicesOf((labelId) => (labelId === id ? 1 : null));
    await folder.write(`${name}_label-${names[index]}.nii.gz`, await encodeNifti(volume, slices));
  }
  return names.map((label) => ({ file: `${name}_label-${label}.nii.gz`, number: 1 }));
}

/** In a cine some frames may have colour and others none; a volume is of one kind. */
async function hasColor(frames: readonly AnnotatedFrame[]): Promise<boolean> {
  for (const { frame } of frames) if ((await frame.picture()).channels === 3) return true;
  return false;
}

async function* readPictures(
  frames: readonly AnnotatedFrame[],
  samples: 'gray' | 'rgb',
  advance: () => void,
): AsyncGenerator<Uint8Array> {
  for (const { frame } of frames) {
    advance();
    const { channels, pixels } = await frame.picture();
    yield samples === 'rgb' && channels === 1 ? tripled(pixels) : pixels;
  }
}

/** Grey as equal parts of red, green and blue. */
function tripled(gray: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(3 * gray.length);
  gray.forEach((value, index) => pixels.fill(value, 3 * index, 3 * index + 3));
  return pixels;
}

function uniqueLabels(frames: readonly AnnotatedFrame[], labelOf: ExportContent['labelOf']): ExportLabel[] {
  const ids = new Set(frames.flatMap(({ annotations }) => annotations.map(({ labelId }) => labelId)));
  return [...ids].map(labelOf);
}

function needsVolumes(frames: readonly AnnotatedFrame[]): boolean {
  const annotations = frames.flatMap((annotated) => annotated.annotations);
  const labels = new Set(annotations.map(({ labelId }) => labelId));
  return labels.size > mostLabels || countOverlapping({ labels: [], annotations } satisfies AnnotationSet) > 0;
}

/** Millimetres where one scale holds for every mask of the instance, in its own frame, else the shape of a pixel with its unit unknown. */
function chooseSpacing(frames: readonly AnnotatedFrame[]): {
  readonly spacing: readonly [number, number];
  readonly unit: NiftiDescription['unit'];
  readonly region: number | null;
} {
  const unknown = { spacing: [1, frames[0].frame.pixelAspectRatio], unit: 'unknown', region: null } as const;
  const calibrations = frames.flatMap(({ frame, annotations }) => {
    const corners = annotations.flatMap(maskCorners);
    return corners.length === 0 ? [] : [calibrationFor(frame.regions, corners).calibration];
  });
  const [first] = calibrations;
  if (!first) return unknown;
  const isOne = calibrations.every((other) => other?.xMm === first.xMm && other.yMm === first.yMm);
  return isOne ? { spacing: [first.xMm, first.yMm], unit: 'mm', region: first.region } : unknown;
}

/** The centres of the corner pixels of the mask's box; none of an empty one. */
function maskCorners(annotation: ExportAnnotation): ImagePoint[] {
  const mask = annotationMask(annotation);
  const box = countMaskPixels(mask) > 0 ? maskBox(mask) : null;
  if (!box) return [];
  const [left, top, right, bottom] = [box.x + 0.5, box.y + 0.5, box.x + box.width - 0.5, box.y + box.height - 0.5];
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: left, y: bottom },
    { x: right, y: bottom },
  ];
}
