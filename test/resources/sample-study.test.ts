import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { countMaskPixels } from '../../electron/common/mask.ts';
import type { BinaryMask } from '../../electron/common/mask.ts';
import type { Picture } from '../../electron/common/picture.ts';
import { decodeImage } from '../../electron/files/image.ts';
import { decodeMaskPng } from '../../electron/files/mask-image.ts';
import { distanceToLesion } from '../../electron/setup/sample-study/lesion.ts';
import { simulateFrame } from '../../electron/setup/sample-study/frame.ts';
import { patients } from '../../electron/setup/sample-study/patients.ts';

const folder = join(import.meta.dirname, '..', '..', 'resources', 'sample-study');
const studySchema = z.object({
  simulated: z.literal(true),
  position: z.literal('breast'),
  type: z.literal('tumor'),
  patients: z.array(
    z.object({
      id: z.string(),
      mmPerPixel: z.number().positive(),
      frames: z.array(
        z.object({ image: z.string(), mask: z.string(), absent: z.boolean(), lesionAreaMm2: z.number() }),
      ),
    }),
  ),
});
const study = studySchema.parse(JSON.parse(await readFile(join(folder, 'sample-study.json'), 'utf8')));
const frames = study.patients.flatMap((patient) => patient.frames);

const readPicture = async (path: string) => decodeImage(await readFile(join(folder, path)), path);
const readMask = async (path: string) => decodeMaskPng(await readFile(join(folder, path)), path);

/** Mean grey of the pixels that `choose` picks. */
function meanGrey({ pixels, width }: Picture, choose: (column: number, row: number) => boolean): number {
  let sum = 0;
  let count = 0;
  pixels.forEach((level, i) => {
    if (!choose(i % width, Math.floor(i / width))) return;
    sum += level;
    count += 1;
  });
  return sum / count;
}

/** Pixels outside the mask, at most `reach` to the left or right of it. */
function isBeside({ width, data }: BinaryMask, column: number, row: number, reach: number): boolean {
  const start = row * width;
  const near = data.subarray(start + Math.max(0, column - reach), start + Math.min(width, column + reach + 1));
  return data[start + column] === 0 && near.includes(1);
}

describe('the sample study', () => {
  it('has at least six patients with three frames each, some without the lesion, in less than 3 MB', async () => {
    expect(study.patients.length).toBeGreaterThanOrEqual(6);
    for (const patient of study.patients) expect(patient.frames).toHaveLength(3);
    expect(frames.filter((frame) => frame.absent)).toHaveLength(2);
    const files = await readdir(folder, { recursive: true });
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3_000_000);
  });

  it.each(frames.map((frame) => [frame.image, frame] as const))('shows in %s what its mask says', async (_, frame) => {
    const [picture, mask] = [await readPicture(frame.image), await readMask(frame.mask)];
    expect(picture).toMatchObject({ width: 640, height: 480, channels: 1 });
    expect(mask).toMatchObject({ width: 640, height: 480 });
    expect(countMaskPixels(mask) === 0).toBe(frame.absent);
    if (frame.absent) return;
    const inside = meanGrey(picture, (column, row) => mask.data[row * mask.width + column] === 1);
    const beside = meanGrey(picture, (column, row) => isBeside(mask, column, row, 25));
    expect(beside).toBeGreaterThan(inside + 15);
  });

  it('is what its script makes', async () => {
    for (const [patient, plane] of [
      [0, 1],
      [3, 2],
    ]) {
      const frame = study.patients[patient].frames[plane];
      const { picture, truth } = simulateFrame(patient, plane);
      expect(await readPicture(frame.image)).toEqual(picture);
      expect(await readMask(frame.mask)).toEqual(truth);
    }
  });

  it('says how large each lesion is', async () => {
    for (const patient of study.patients) {
      for (const { mask, lesionAreaMm2 } of patient.frames) {
        expect(countMaskPixels(await readMask(mask)) * patient.mmPerPixel ** 2).toBeCloseTo(lesionAreaMm2, 1);
      }
    }
  });
});

describe('the outline of a lesion', () => {
  const [{ lesion }] = patients;

  it('is where the distance is 0: inside negative, outside positive, nowhere beyond its half axis', () => {
    expect(distanceToLesion(lesion, lesion.centreXMm, 0, lesion.centreZMm)).toBeLessThan(0);
    expect(distanceToLesion(lesion, lesion.centreXMm + 20, 0, lesion.centreZMm)).toBeGreaterThan(0);
    expect(distanceToLesion(lesion, lesion.centreXMm, lesion.halfYMm, lesion.centreZMm)).toBe(Infinity);
  });

  it('is the ellipse where it has no bumps', () => {
    const ellipse = { ...lesion, harmonics: [], rotationDegrees: 0 };
    expect(distanceToLesion(ellipse, lesion.centreXMm + lesion.halfXMm, 0, lesion.centreZMm)).toBeCloseTo(0, 10);
    expect(distanceToLesion(ellipse, lesion.centreXMm, 0, lesion.centreZMm - lesion.halfZMm - 1)).toBeCloseTo(1, 10);
  });
});
