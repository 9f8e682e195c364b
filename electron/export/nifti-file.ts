// Owns the reading of NIfTI label volumes: ours by the JSON beside them, others' by their names and numbers.
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../common/errors.ts';
import type { BinaryMask } from '../common/mask.ts';
import { positions, types } from '../common/prompts.ts';
import { reviewStates, segmentAlgorithmTypes } from '../common/study.ts';
import { decodeNifti } from '../files/nifti.ts';
import type { NiftiVolume } from '../files/nifti.ts';
import type { ReadAnnotation, Remark } from './export-format.ts';
import { listFiles, readBytes, readText } from './folder-files.ts';
import { parseJson } from './manifest.ts';

const sidecarSchema = z.object({
  generator: z.literal('SonoSync'),
  kind: z.literal('nifti-labels'),
  image: z.string().nullable(),
  axes: z.array(z.string()),
  spacing: z.object({
    x: z.number(),
    y: z.number(),
    unit: z.enum(['mm', 'unknown']),
    /** Of the ultrasound region that gives the spacing. */
    region: z.number().int().nullable(),
  }),
  group: z.string(),
  studyInstanceUID: z.string(),
  seriesInstanceUID: z.string(),
  sopInstanceUID: z.string(),
  slices: z.array(z.object({ name: z.string(), frameNumber: z.number().int().positive() })),
  labels: z.array(
    z.object({
      name: z.string(),
      position: z.enum(positions),
      object: z.enum(types),
      /** The volume and the number in it that stand for this label. */
      file: z.string(),
      number: z.number().int().positive(),
    }),
  ),
  annotations: z.array(
    z.object({
      slice: z.number().int().nonnegative(),
      label: z.string(),
      trackingUID: z.string(),
      revisionId: z.string(),
      reviewState: z.enum(reviewStates),
      segmentAlgorithmType: z.enum(segmentAlgorithmTypes),
    }),
  ),
});

export type NiftiSidecar = z.output<typeof sidecarSchema>;

/** Label volumes of the folder. What is neither of ours nor looks like labels is passed over; numbers without a name are remarked upon. */
export async function* readNifti(folder: string, remark: Remark = () => undefined): AsyncGenerator<ReadAnnotation> {
  const files = await listFiles(folder);
  const described = new Set<string>();
  for (const path of files.filter((file) => file.endsWith('.json'))) {
    const source = await readText(folder, path);
    if (!source.includes('"nifti-labels"')) continue;
    const sidecar = parseJson(source, path, sidecarSchema, "SonoSync's description of a NIfTI volume");
    const place = path.slice(0, path.lastIndexOf('/') + 1);
    if (sidecar.image) described.add(`${place}${sidecar.image}`);
    for (const { file } of sidecar.labels) described.add(`${place}${file}`);
    yield* readDescribed(folder, place, sidecar, remark);
  }
  for (const path of files.filter((file) => /\.nii(\.gz)?$/.test(file) && !described.has(file))) {
    yield* readOther(folder, path, remark);
  }
}

async function* readDescribed(
  folder: string,
  place: string,
  sidecar: NiftiSidecar,
  remark: Remark,
): AsyncGenerator<ReadAnnotation> {
  const known = new Map(sidecar.annotations.map((each) => [`${each.slice} ${each.label}`, each]));
  for (const [file, labels] of Map.groupBy(sidecar.labels, (label) => label.file)) {
    const volume = await readVolume(folder, `${place}${file}`);
    if (volume.frames !== sidecar.slices.length) {
      throw new AppError(
        'corrupt',
        `${join(folder, place, file)} has ${volume.frames} slices; its description names ${sidecar.slices.length}.`,
      );
    }
    const numbers = new Set(labels.map(({ number }) => number));
    const unnamed = distinctNumbers(volume).filter((value) => !numbers.has(value));
    if (unnamed.length > 0) remark(`${place}${file} has pixels of ${unnamed.join(', ')}, which no label stands for.`);
    for (const [slice, { name, frameNumber }] of sidecar.slices.entries()) {
      for (const label of labels) {
        const annotation = known.get(`${slice} ${label.name}`);
        const mask = maskOfSlice(volume, slice, label.number);
        // A structure that nobody looked for in this frame, and nobody drew since.
        if (!annotation && !mask.data.includes(1)) continue;
        yield {
          frame: name,
          image: null,
          sopInstanceUID: sidecar.sopInstanceUID,
          frameNumber,
          label: label.name,
          prompts: { position: label.position, type: label.object },
          absent: annotation?.reviewState === 'absent' && !mask.data.includes(1),
          mask,
          trackingUID: annotation?.trackingUID ?? null,
          revisionId: annotation?.revisionId ?? null,
        };
      }
    }
  }
}

/** Whole numbers under a name or in a folder that says "label", "seg" or "mask", or marked as labels, are labels "label 1", "label 2" … */
async function* readOther(folder: string, path: string, remark: Remark): AsyncGenerator<ReadAnnotation> {
  const volume = await readVolume(folder, path).catch((error: unknown) => {
    // Pictures in colour lie beside their labels.
    if (error instanceof AppError && error.code === 'unsupported') remark(`${error.message} It was passed over.`);
    else throw error;
  });
  if (!volume) return;
  const named = /label|seg|mask/i.test(path);
  const values = named || volume.isLabels ? distinctNumbers(volume) : [];
  if (values.some((value) => !Number.isInteger(value) || value < 0)) return;
  const stem = path.replace(/^.*\//, '').replace(/\.nii(\.gz)?$/, '');
  const frame = stem.replace(/[-_.]?(labels?|seg(mentation)?|masks?)$/i, '') || stem;
  for (let slice = 0; slice < volume.frames; slice += 1) {
    for (const value of values) {
      const mask = maskOfSlice(volume, slice, value);
      if (!mask.data.includes(1)) continue;
      yield {
        frame,
        image: null,
        sopInstanceUID: null,
        frameNumber: slice + 1,
        label: `label ${value}`,
        prompts: null,
        absent: false,
        mask,
        trackingUID: null,
        revisionId: null,
      };
    }
  }
}

async function readVolume(folder: string, path: string): Promise<NiftiVolume> {
  return decodeNifti(await readBytes(folder, path), join(folder, ...path.split('/')));
}

/** The numbers that occur, without the background's 0, in their order. */
function distinctNumbers({ values }: NiftiVolume): number[] {
  const found = new Set<number>();
  let last = 0;
  for (let i = 0; i < values.length; i += 1) {
    if (values[i] !== last) found.add((last = values[i]));
  }
  found.delete(0);
  return [...found].sort((a, b) => a - b);
}

function maskOfSlice({ width, height, values }: NiftiVolume, slice: number, number: number): BinaryMask {
  const start = slice * width * height;
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i += 1) if (values[start + i] === number) data[i] = 1;
  return { width, height, data };
}
