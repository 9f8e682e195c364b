import { readdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Picture } from '../../electron/common/picture.ts';
import { readDicom } from '../../electron/dicom/read-dicom.ts';
import { decodeImage } from '../../electron/files/image.ts';
import { compareWithFiles } from '../../electron/export/verify.ts';
import { describeLosses, exportFormats, findExportFormat, runExport } from '../../electron/export/registry.ts';
import type { AnnotationSet } from '../../electron/export/annotation-set.ts';
import type { ExportOptions } from '../../electron/export/registry.ts';
import { manifestName, readManifest } from '../../electron/export/manifest.ts';
import { createMask } from '../../electron/common/mask.ts';
import { temporaryFolder, thrownBy } from '../support/workspaces.ts';
import { annotate, drawMask, frameOf, hardMasks, lesion, sampleSet } from './annotation-samples.ts';

const formats = exportFormats.map((format) => format.id);

/** All files below a folder, with forward slashes. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}

/** Where each format keeps the first frame's picture, if as it is. */
const firstPictures: Readonly<Record<string, string>> = {
  coco: 'images/frame-0.png',
  'coco-polygons': 'images/frame-0.png',
  yolo: 'images/train/frame-0.png',
  labelme: 'frame-0.png',
  png: 'images/frame-0.png',
  'png-indexed': 'images/frame-0.png',
  m2us: 'segmentation/Lesion/imgs/frame-0.png',
  seg: 'images/frame-0.dcm',
  'seg-fractional': 'images/frame-0.dcm',
  sr: 'images/frame-0.dcm',
};

/** Tables are made without a look at the frames. */
const hasPictures = (format: string) => format !== 'csv';
async function decodePicture(path: string): Promise<Picture> {
  const bytes = await readFile(path);
  return path.endsWith('.dcm') ? (await readDicom(bytes, path)).frame(1) : decodeImage(bytes, path);
}

describe.each(formats)('the export %s', (format) => {
  it('carries every mask and says that they were read back', async () => {
    const folder = join(temporaryFolder(), 'out', 'new');
    const set = sampleSet();
    const result = await runExport(format, set, folder);
    expect(result).toMatchObject({ format, folder, annotations: set.annotations.length, verified: true });
    expect(result.files.toSorted()).toEqual((await listFiles(folder)).toSorted());
    expect(result.fidelity).toMatchObject({ minIoU: 1, meanIoU: 1 });
    expect(await compareWithFiles(set, findExportFormat(format), folder)).toEqual({
      minIoU: 1,
      meanIoU: 1,
      inexact: [],
    });
  });

  it.skipIf(!(format in firstPictures))('writes the frames without a change', async () => {
    const folder = join(temporaryFolder(), 'out');
    const set = sampleSet();
    await runExport(format, set, folder);
    const image = await decodePicture(join(folder, firstPictures[format]));
    expect(image).toEqual(await set.annotations[0].frame.picture());
  });

  it('carries a cine of 65 frames, each with a mask of its own', async () => {
    const size = createMask(12, 9);
    const annotations = Array.from({ length: 65 }, (_, index) => {
      const frame = frameOf(7, size, {
        sopInstanceUID: '2.25.65',
        frameCount: 65,
        frameNumber: index + 1,
        fileName: 'cine.png',
      });
      return annotate(frame, lesion, { ...size, data: size.data.map((_value, at) => (at % 65 <= index ? 1 : 0)) });
    });
    const folder = join(temporaryFolder(), 'out');
    const { fidelity } = await runExport(format, { labels: [lesion], annotations }, folder);
    expect([fidelity.minIoU, fidelity.meanIoU]).toEqual([1, 1]);
  });

  it('keeps a record of revisions, labels and the hashes of all files, and no key of a patient', async () => {
    const folder = join(temporaryFolder(), 'out');
    const set = sampleSet();
    const { files, fidelity } = await runExport(format, set, folder);
    const manifest = await readManifest(folder);
    expect(manifest).toMatchObject({ format, state: 'complete', verified: true, fidelity });
    expect(manifest.annotations.map((annotation) => annotation.revisionId).toSorted()).toEqual(
      set.annotations.map((annotation) => annotation.revisionId).toSorted(),
    );
    expect(manifest.labels[0]).toEqual({ name: 'Lesion', color: '#0072B2', position: 'breast', object: 'tumor' });
    expect(manifest.files.map((file) => file.path)).toEqual(files.filter((file) => file !== manifestName));
    for (const { path, sha256, bytes } of manifest.files) {
      const content = await readFile(join(folder, path));
      expect(content.length).toBe(bytes);
      expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
      expect(content.includes('secret-key')).toBe(false);
    }
    expect(JSON.stringify(manifest)).not.toContain('secret-key');
  });

  it('is the same on a second run, but for dates', async () => {
    const [one, two] = [join(temporaryFolder(), 'one'), join(temporaryFolder(), 'two')];
    await runExport(format, sampleSet(), one);
    await runExport(format, sampleSet(), two);
    const hashes = async (folder: string) =>
      (await readManifest(folder)).files.filter(({ path }) => !path.endsWith('instances.json'));
    expect(await hashes(one)).toEqual(await hashes(two));
  });

  it('is withdrawn when a file does not read back as it was written', async () => {
    const parent = temporaryFolder();
    const files = (): string[] =>
      readdirSync(parent, { recursive: true, encoding: 'utf8' }).filter(
        (file) => /\.\w+$/.test(file) && !file.endsWith(manifestName),
      );
    let damaged = '';
    const onProgress: ExportOptions['onProgress'] = (done, _total, phase) => {
      if (phase !== 'checking' || done > 0) return;
      [damaged] = files().toSorted();
      writeFileSync(join(parent, damaged), 'other bytes');
    };
    expect(await thrownBy(() => runExport(format, sampleSet(), join(parent, 'out'), { onProgress }))).toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(`${basename(damaged)} reads back other than it was written`),
    });
    expect(files()).toEqual([]);
  });

  it('is told from annotations with another mask, one fewer and one more', async () => {
    const folder = join(temporaryFolder(), 'out');
    const set = sampleSet();
    await runExport(format, set, folder);
    const compare = (annotations: AnnotationSet['annotations']) =>
      thrownBy(() => compareWithFiles({ ...set, annotations }, findExportFormat(format), folder));
    const [first, ...others] = set.annotations;
    // One pixel less.
    const mask = { ...hardMasks['a hole'], data: hardMasks['a hole'].data.with(8, 0) };
    expect(await compare([annotate(first.frame, lesion, mask), ...others])).toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('other than it was written'),
    });
    expect(await compare(others)).toMatchObject({ message: expect.stringContaining('was not exported') });
    const more = annotate(frameOf(500, mask), lesion, mask);
    expect(await compare([...set.annotations, more])).toMatchObject({
      message: expect.stringContaining('1 masks are missing'),
    });
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const parent = temporaryFolder();
    const controller = new AbortController();
    const cancelled = runExport(format, sampleSet(), join(parent, 'cancelled'), {
      signal: controller.signal,
      onProgress: (done) => done === 3 && controller.abort(),
    });
    expect(await thrownBy(() => cancelled)).toMatchObject({ name: 'AbortError' });
    expect(await readdir(parent)).toEqual([]);
  });

  it.skipIf(!hasPictures(format))('leaves nothing behind when a frame cannot be read', async () => {
    const parent = temporaryFolder();
    const set = sampleSet();
    const broken = { ...set.annotations[4].frame, picture: () => Promise.reject(new Error('unreadable')) };
    const annotations = [...set.annotations.slice(0, 4), { ...set.annotations[4], frame: broken }];
    const failed = runExport(format, { ...set, annotations }, join(parent, 'failed'));
    expect(await thrownBy(() => failed)).toMatchObject({ message: 'unreadable' });
    expect(await readdir(parent)).toEqual([]);
  });
});

describe('the folder of an export', () => {
  it('may be there and empty', async () => {
    const folder = temporaryFolder();
    expect(await runExport('png', sampleSet(), folder)).toMatchObject({ folder, verified: true });
  });

  it('is refused when it holds anything else, which stays as it is', async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, 'notes.txt'), 'mine');
    expect(await thrownBy(() => runExport('coco', sampleSet(), folder))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(folder),
    });
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  it('gets a subfolder when it is that of an earlier export', async () => {
    const folder = join(temporaryFolder(), 'out');
    await runExport('coco', sampleSet(), folder);
    const before = await readFile(join(folder, manifestName));
    expect(await runExport('m2us', sampleSet(), folder)).toMatchObject({ folder: join(folder, 'export-2') });
    expect(await runExport('coco', sampleSet(), folder)).toMatchObject({ folder: join(folder, 'export-3') });
    expect(await readFile(join(folder, manifestName))).toEqual(before);
  });

  it('is refused when it is a file', async () => {
    const file = join(temporaryFolder(), 'file');
    await writeFile(file, '');
    for (const folder of [file, join(file, 'below')]) {
      expect(await thrownBy(() => runExport('coco', sampleSet(), folder))).toMatchObject({
        code: 'bad-input',
        message: expect.stringContaining('expected a folder'),
      });
    }
  });

  it('is refused when its record is not one of SonoSync', async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, manifestName), '{"generator":"other"}');
    expect(await thrownBy(() => runExport('coco', sampleSet(), folder))).toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(manifestName),
    });
  });
});

describe('what formats lose', () => {
  const region = {
    number: 1,
    spatialFormat: 1,
    dataType: 1,
    unitsX: 3,
    unitsY: 3,
    minX0: 0,
    minY0: 0,
    maxX1: 5,
    maxY1: 5,
    physicalDeltaXMm: 0.1,
    physicalDeltaYMm: 0.1,
    highPriority: false,
  };
  const mask = drawMask('.#', '#.');

  it('is nothing for plain accepted masks as COCO or PNG', () => {
    const set = { labels: [lesion], annotations: [annotate(frameOf(1, mask), lesion, mask)] };
    expect(describeLosses('coco', set)).toEqual([]);
    expect(describeLosses('png', set)).toEqual([]);
    expect(describeLosses('m2us', set).join(' ')).toContain('Revisions');
  });

  it('is said of what stands beside the masks, which the record keeps', async () => {
    const frame = frameOf(1, mask);
    const classification = {
      classes: [{ name: 'benign', probability: 0.75 }, { name: 'malignant', probability: 0.25 }],
      calibration: { expectedCalibrationError: 0.1, validationCases: 20, prevalence: 0.5, auc: 0.8 },
    }; // prettier-ignore
    const measurement = {
      id: 'm1', trackingUID: '2.25.5', labelId: lesion.id, frame, kind: 'length' as const,
      points: [{ x: 0, y: 0 }, { x: 2, y: 1 }], reader: 'A. Reader', createdAt: '2026-01-02T03:04:05.678Z',
    }; // prettier-ignore
    const annotations = [annotate(frame, lesion, mask, { classification })];
    const set = { labels: [lesion], annotations, measurements: [measurement] };
    expect(describeLosses('png', set)).toEqual([
      expect.stringContaining('1 measurement by hand'),
      expect.stringContaining('class of 1 annotation'),
    ]);
    expect(describeLosses('sr', set).join()).not.toContain('by hand: kept');
    const folder = join(temporaryFolder(), 'out');
    await runExport('png', set, folder);
    const { annotations: recorded, measurements } = await readManifest(folder);
    expect(recorded[0].classification).toEqual(classification);
    expect(measurements).toMatchObject([
      { label: 'Lesion', kind: 'length', revisionId: 'm1', points: measurement.points },
    ]);
  });

  it('is said of absent structures, of scale and of edited annotations', () => {
    const frame = frameOf(1, mask, { regions: [region], pixelAspectRatio: 0.5 });
    const set = {
      labels: [lesion],
      annotations: [
        annotate(frame, lesion, createMask(2, 2)),
        annotate(frameOf(2, mask), lesion, mask, { reviewState: 'edited' }),
      ],
    };
    expect(describeLosses('coco', set)).toEqual([
      expect.stringContaining('1 absent annotation: '),
      expect.stringContaining('physical scale (mm) of 1 frame '),
      expect.stringContaining('not square'),
    ]);
    expect(describeLosses('png', set)).toHaveLength(2);
    expect(describeLosses('m2us', set).join('\n')).toContain('1 edited annotation cannot be told from accepted ones');
  });
});

describe('an export that cannot be', () => {
  it('is refused without annotations, before a folder is made', async () => {
    const folder = join(temporaryFolder(), 'out');
    const failure = await thrownBy(() => runExport('coco', { labels: [lesion], annotations: [] }, folder));
    expect(failure).toMatchObject({ code: 'bad-input', message: expect.stringContaining('nothing to export') });
    expect(await readdir(join(folder, '..'))).toEqual([]);
  });

  it('is refused for an unknown format, naming the formats there are', async () => {
    const failure = await thrownBy(() => runExport('dicom-rt', sampleSet(), temporaryFolder()));
    expect(failure).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('coco, coco-polygons, yolo'),
    });
  });
});
