import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as reader from 'nifti-reader-js';
import { describe, expect, it } from 'vitest';
import { createMask } from '../../electron/common/mask.ts';
import type { Picture } from '../../electron/common/picture.ts';
import { nifti } from '../../electron/export/nifti.ts';
import { runExport } from '../../electron/export/registry.ts';
import { decodeNifti, encodeNifti } from '../../electron/files/nifti.ts';
import type { NiftiDescription } from '../../electron/files/nifti.ts';
import { temporaryFolder, thrownBy } from '../support/workspaces.ts';
import { annotate, drawMask, duct, frameOf, lesion, noise } from './annotation-samples.ts';
import { readAll, writeFolder } from './foreign-files.ts';

const size = createMask(9, 6);
const region = {
  number: 1,
  spatialFormat: 1,
  dataType: 1,
  unitsX: 3,
  unitsY: 3,
  minX0: 0,
  minY0: 0,
  maxX1: 8,
  maxY1: 5,
  physicalDeltaXMm: 0.25,
  physicalDeltaYMm: 0.125,
  highPriority: false,
};
const cine = { sopInstanceUID: '2.25.777', frameCount: 65, fileName: null, regions: [region] };
const spot = { ...size, data: size.data.with(1 * 9 + 7, 1) };

/** A file as an independent reader sees it. */
async function open(path: string) {
  const bytes = await readFile(path);
  const packed = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  expect(reader.isCompressed(packed)).toBe(true);
  const file = reader.decompress(packed) as ArrayBuffer;
  expect(reader.isNIFTI1(file)).toBe(true);
  const header = reader.readHeader(file);
  return { header, values: new Uint8Array(reader.readImage(header, file)) };
}

async function exportCine(change: object = {}, changeOfLast: object = change): Promise<string> {
  const folder = join(temporaryFolder(), 'out');
  const frames = [change, changeOfLast].map((changed, index) =>
    frameOf(90, size, { ...cine, ...changed, frameNumber: [2, 11][index] }),
  );
  const annotations = [
    annotate(frames[0], lesion, { ...size, data: size.data.with(0, 1) }),
    annotate(frames[1], lesion, spot),
    annotate(frames[1], duct, { ...size, data: size.data.with(53, 1) }),
  ];
  await runExport('nifti', { labels: [lesion, duct], annotations }, folder);
  return folder;
}

describe('NIfTI', () => {
  it('says mm only where the scale of every annotated frame is the same', async () => {
    const spacingOf = async (folder: string): Promise<unknown> => {
      const sidecar = (await readdir(folder)).find((name) => /^[0-9a-f]{12}.*\.json$/.test(name))!;
      return (JSON.parse(await readFile(join(folder, sidecar), 'utf8')) as { spacing: unknown }).spacing;
    };
    expect(await spacingOf(await exportCine())).toMatchObject({ x: 0.25, y: 0.125, unit: 'mm' });
    const deeper = { regions: [{ ...region, physicalDeltaYMm: 0.25 }] };
    expect(await spacingOf(await exportCine({}, deeper))).toMatchObject({ unit: 'unknown', region: null });
  });

  it('opens in an independent reader with spacing in mm, columns to the left, rows to the back, and every voxel', async () => {
    const folder = await exportCine();
    const name = (await readFile(join(folder, 'sonosync-export.json'), 'utf8')).match(
      /"name": "([0-9a-f]{12})-f02"/,
    )?.[1];
    const { header, values } = await open(join(folder, `${name}_labels.nii.gz`));
    expect(header.dims.slice(0, 4)).toEqual([3, 9, 6, 2]);
    expect(header.pixDims.slice(1, 4)).toEqual([0.25, 0.125, 1]);
    expect(header.xyzt_units & 7).toBe(reader.NIFTI1.UNITS_MM);
    expect(header.datatypeCode).toBe(reader.NIFTI1.TYPE_UINT8);
    expect(header.affine).toEqual([[-0.25, 0, 0, 0], [0, -0.125, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]); // prettier-ignore
    expect([header.qform_code, header.sform_code]).toEqual([1, 1]);
    const fromQuaternion = header.convertNiftiQFormToNiftiSForm(
      header.quatern_b, header.quatern_c, header.quatern_d, header.qoffset_x, header.qoffset_y, header.qoffset_z,
      header.pixDims[1], header.pixDims[2], header.pixDims[3], header.pixDims[0],
    ); // prettier-ignore
    expect(fromQuaternion.map((row) => row.map((value) => value + 0))).toEqual(
      header.affine.map((row) => row.map((value) => value + 0)),
    );
    expect(header.convertNiftiSFormToNEMA(header.affine)).toBe('XYZ--+');
    expect(values).toHaveLength(9 * 6 * 2);
    // Column 0, row 0 of the first slice; column 7, row 1 of the second; its last pixel.
    expect([...values.entries()].filter(([, value]) => value > 0)).toEqual([[0, 1], [54 + 9 + 7, 1], [107, 2]]); // prettier-ignore
    const image = await open(join(folder, `${name}.nii.gz`));
    expect(image.header.datatypeCode).toBe(reader.NIFTI1.TYPE_UINT8);
    expect([...image.values.subarray(54)]).toEqual([...noise(9, 6, 1, 90).pixels]);
  });

  it('says that a unit is unknown where nothing is calibrated, and keeps the shape of pixels', async () => {
    const folder = await exportCine({
      regions: [],
      pixelAspectRatio: 1.5,
      sopInstanceUID: '2.25.5',
      fileName: 'a.png',
    });
    const { header } = await open(join(folder, 'a_labels.nii.gz'));
    expect(header.pixDims.slice(1, 4)).toEqual([1, 1.5, 1]);
    expect(header.xyzt_units & 7).toBe(reader.NIFTI1.UNITS_UNKNOWN);
  });

  it('has a volume for each label where masks overlap, colour as RGB, and reads back', async () => {
    const folder = join(temporaryFolder(), 'out');
    const frame = frameOf(1, spot);
    const annotations = [annotate(frame, lesion, spot), annotate(frame, duct, spot)];
    const { files, fidelity } = await runExport('nifti', { labels: [lesion, duct], annotations }, folder);
    expect(files).toContain('frame-1_label-Lesion.nii.gz');
    expect(files).toContain('frame-1_label-Duct-left-2.nii.gz');
    expect(fidelity).toMatchObject({ minIoU: 1, lost: expect.arrayContaining([expect.stringContaining('overlap')]) });
    const { header, values } = await open(join(folder, 'frame-1.nii.gz'));
    expect(header.datatypeCode).toBe(reader.NIFTI1.TYPE_RGB24);
    expect(values).toEqual(noise(9, 6, 3, 1).pixels);
  });

  it('has all frames in colour where some are, grey ones as equal parts', async () => {
    const [gray, color] = [noise(9, 6, 1, 3), noise(9, 6, 3, 4)];
    for (const [first, last] of [
      [gray, color],
      [color, gray],
    ]) {
      const folder = await exportCine({ picture: async () => first }, { picture: async () => last });
      const image = (await readdir(folder)).find((name) => /^[^_]*\.nii\.gz$/.test(name))!;
      const { header, values } = await open(join(folder, image));
      expect(header.datatypeCode).toBe(reader.NIFTI1.TYPE_RGB24);
      const widened = ({ channels, pixels }: Picture) =>
        channels === 3 ? [...pixels] : [...pixels].flatMap((value) => [value, value, value]);
      expect([...values]).toEqual([...widened(first), ...widened(last)]);
    }
  });

  it('carries a cine of 65 frames, each with its own mask', async () => {
    const folder = join(temporaryFolder(), 'out');
    const annotations = Array.from({ length: 65 }, (_, index) =>
      annotate(frameOf(90, size, { ...cine, frameNumber: index + 1 }), lesion, {
        ...size,
        data: size.data.with(index % 54, 1),
      }),
    );
    expect(await runExport('nifti', { labels: [lesion], annotations: annotations.toReversed() }, folder)).toMatchObject(
      {
        annotations: 65,
        fidelity: { minIoU: 1 },
      },
    );
    const { found } = await readAll(nifti, folder);
    expect(found.map(({ frameNumber }) => frameNumber)).toEqual(annotations.map(({ frame }) => frame.frameNumber));
  });

  it('reads labels of another program, and passes over what are no labels', async () => {
    const volume = (samples: NiftiDescription['samples'], ...slices: number[][]) =>
      encodeNifti(
        { width: 2, height: 2, frames: slices.length, samples, spacing: [1, 1], unit: 'mm', description: '' },
        slices.map((slice) => Uint8Array.from(slice)),
      );
    const folder = await writeFolder({
      'imagesTr/a_0000.nii.gz': await volume('gray', [1, 2, 3, 4]),
      'labelsTr/a.nii.gz': await volume('labels', [0, 3, 0, 0], [1, 0, 0, 1]),
      'a_scan.nii.gz': await volume(
        'rgb',
        Array.from({ length: 12 }, (_, index) => index),
      ),
    });
    const { found, remarks } = await readAll(nifti, folder);
    expect(remarks).toEqual([expect.stringContaining('a_scan.nii.gz')]);
    expect(found.map(({ frame, frameNumber, label }) => [frame, frameNumber, label])).toEqual([
      ['a', 1, 'label 3'],
      ['a', 2, 'label 1'],
    ]);
    expect(found[1].mask).toEqual(drawMask('#.', '.#'));
  });

  it('reads both orders of bytes, plain files, and a slope', async () => {
    const file = Buffer.alloc(352 + 8);
    file.writeInt32BE(348, 0);
    [2, 2, 2].forEach((value, index) => file.writeInt16BE(value, 40 + 2 * index));
    file.writeInt16BE(4, 70);
    file.writeFloatBE(352, 108);
    file.writeFloatBE(0.5, 112);
    file.write('n+1', 344);
    [0, 2, 4, -2].forEach((value, index) => file.writeInt16BE(value, 352 + 2 * index));
    expect(decodeNifti(file, 'a.nii')).toMatchObject({ width: 2, height: 2, frames: 1, isLabels: false });
    expect(Array.from(decodeNifti(file, 'a.nii').values)).toEqual([0, 1, 2, -1]);
  });

  it('refuses what is damaged or no NIfTI, naming the file', async () => {
    const whole = await encodeNifti(
      { width: 40, height: 40, frames: 1, samples: 'labels', spacing: [1, 1], unit: 'mm', description: '' },
      [Uint8Array.from({ length: 1600 }, (_, index) => (index * 37) % 251)],
    );
    for (const bytes of [new Uint8Array(400), whole.slice(0, -30), Uint8Array.of(1)]) {
      expect(await thrownBy(() => decodeNifti(bytes, 'x.nii.gz'))).toMatchObject({
        code: 'bad-input',
        message: expect.stringContaining('x.nii.gz'),
      });
    }
  });
});
