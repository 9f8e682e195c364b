import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMask } from '../../electron/common/mask.ts';
import { readDicom } from '../../electron/dicom/read-dicom.ts';
import { readSegmentation } from '../../electron/dicom/segmentation/read-segmentation.ts';
import type { ExportAnnotation } from '../../electron/export/annotation-set.ts';
import { describeLosses, runExport } from '../../electron/export/registry.ts';
import { askPydicom, validationErrors, withoutPydicom, withoutValidator } from '../support/dicom-tools.ts';
import { temporaryFolder, thrownBy } from '../support/workspaces.ts';
import type { TestElement } from '../dicom/write-dicom.ts';
import { annotate, duct, frameOf, hardMasks, lesion, sampleSet } from './annotation-samples.ts';
import { cineHeight, cineUID, cineWidth, discMask, emptyMaskOf, framesOf, writeCine } from './dicom-samples.ts';
import { cineSet, exported, readAll, segmentationsIn } from './segmentation-samples.ts';

describe('the segmentation of a cine', () => {
  it('is one object whose frames lie on the frames of the cine that they name', async () => {
    const folder = await exported(await cineSet());
    const [path, ...others] = await segmentationsIn(folder);
    expect(others).toEqual([]);
    const { frames, segments } = await readSegmentation(await readFile(path), path);
    expect(segments.map(({ label }) => label)).toEqual([lesion.name, duct.name]);
    const odd = Array.from({ length: 33 }, (_, index) => 2 * index + 1);
    const places = frames.map(({ segmentNumber, source }) => `${segmentNumber}:${source.frameNumber}`);
    expect(places).toEqual([...odd.map((n) => `1:${n}`), ...[10, 20, 30, 40, 50, 60].map((n) => `2:${n}`)]);
    expect(frames.every(({ source }) => source.sopInstanceUID === cineUID)).toBe(true);
  });

  it('covers exactly the pixels of the structure in the cine, frame by frame', async () => {
    const cine = await framesOf(writeCine(65));
    const folder = await exported(await cineSet());
    const [path] = await segmentationsIn(folder);
    for (const { segmentNumber, source, mask } of (await readSegmentation(await readFile(path), path)).frames) {
      const { pixels } = await cine[source.frameNumber - 1].picture();
      const bright = segmentNumber === 1 ? 1 : 0;
      expect((await mask()).data).toEqual(Uint8Array.from(pixels, (value) => (value > 150 ? bright : 1 - bright)));
    }
  });

  it.skipIf(withoutPydicom)('covers the same pixels for pydicom (skipped where it is not installed)', async () => {
    const bytes = writeCine(65);
    const folder = await exported(await cineSet(bytes));
    const original = join(folder, 'original.dcm');
    await writeFile(original, bytes);
    const [path] = await segmentationsIn(folder);
    const script = `
seg, cine = pydicom.dcmread(paths[0]), pydicom.dcmread(paths[1])
masks, bright = seg.pixel_array, cine.pixel_array > 150
agree = 0
for mask, group in zip(masks, seg.PerFrameFunctionalGroupsSequence):
    source = group.DerivationImageSequence[0].SourceImageSequence[0]
    number = group.SegmentIdentificationSequence[0].ReferencedSegmentNumber
    assert source.ReferencedSOPInstanceUID == cine.SOPInstanceUID
    frame = bright[source.ReferencedFrameNumber - 1]
    agree += int(np.array_equal(mask == 1, frame if number == 1 else ~frame))
series = seg.ReferencedSeriesSequence[0]
result = dict(frames=len(masks), agree=agree, study=seg.StudyInstanceUID == cine.StudyInstanceUID,
    patient=str(seg.PatientName), series=series.SeriesInstanceUID == cine.SeriesInstanceUID,
    instances=[i.ReferencedSOPInstanceUID for i in series.ReferencedInstanceSequence],
    position='FrameOfReferenceUID' in seg, labels=[s.SegmentLabel for s in seg.SegmentSequence],
    indices=[list(g.FrameContentSequence[0].DimensionIndexValues) for g in seg.PerFrameFunctionalGroupsSequence][-2:])`;
    expect(askPydicom(script, path, original)).toEqual({
      frames: 39,
      agree: 39,
      study: true,
      patient: 'Secretname^Anna',
      series: true,
      instances: [cineUID],
      position: false,
      labels: [lesion.name, duct.name],
      indices: [
        [2, 1, 30],
        [2, 1, 36],
      ],
    });
  });

  it('brings back absence, which has no frame, and each annotation with its own identifier', async () => {
    const set = await cineSet();
    const folder = await exported(set);
    const read = await readAll(folder);
    expect(read.filter(({ absent }) => absent)).toMatchObject([{ frameNumber: 2, label: lesion.name }]);
    expect(read).toHaveLength(set.annotations.length);
    const [path] = await segmentationsIn(folder);
    const { segments } = await readSegmentation(await readFile(path), path);
    const reviewed = segments.flatMap((segment) => segment.reviewed);
    expect(new Set(reviewed.map(({ trackingUID }) => trackingUID))).toEqual(
      new Set(set.annotations.map(({ trackingUID }) => trackingUID)),
    );
    expect(reviewed.map(({ revisionId }) => revisionId)).toContain(set.annotations[0].revisionId);
  });

  it('in which everything is absent has one empty frame, and reads back as absent', async () => {
    const [first, second] = await framesOf(writeCine(3));
    const annotations = [first, second].map((frame) =>
      annotate(frame, lesion, createMask(cineWidth, cineHeight), { mask: emptyMaskOf(frame) }),
    );
    const folder = await exported({ labels: [lesion], annotations });
    const [path] = await segmentationsIn(folder);
    expect((await readSegmentation(await readFile(path), path)).frames).toHaveLength(1);
    expect(await readAll(folder)).toMatchObject([
      { frameNumber: 1, absent: true },
      { frameNumber: 2, absent: true },
    ]);
    if (!withoutValidator) expect(validationErrors(path)).toEqual([]);
  });

  it('in which each label is absent in another picture of the series has one empty frame too', async () => {
    const [still] = await framesOf(writeCine(1));
    const [other] = await framesOf(writeCine(1, ['00080018', 'UI', `${cineUID}.2`]));
    const absent = (frame: typeof still, label: typeof lesion, trackingUID: string): ExportAnnotation =>
      annotate(frame, label, createMask(cineWidth, cineHeight), { mask: emptyMaskOf(frame), trackingUID });
    const annotations = [absent(still, duct, '2.25.71'), absent(other, lesion, '2.25.72')];
    const folder = await exported({ labels: [lesion, duct], annotations });
    expect(await segmentationsIn(folder)).toHaveLength(1);
    const read = await readAll(folder);
    expect(read.map(({ absent: isAbsent }) => isAbsent)).toEqual([true, true]);
    expect(new Set(read.map(({ trackingUID }) => trackingUID))).toEqual(new Set(['2.25.71', '2.25.72']));
  });

  it('keeps an accepted mask without a pixel apart from absence', async () => {
    const [first, second] = await framesOf(writeCine(2));
    const empty = createMask(cineWidth, cineHeight);
    const annotations = [
      annotate(first, lesion, empty, { reviewState: 'accepted' }),
      annotate(second, lesion, empty, { reviewState: 'absent' }),
    ];
    const read = await readAll(await exported({ labels: [lesion], annotations }));
    expect(read.map(({ absent }) => absent)).toEqual([false, true]);
  });
});

describe('a segmentation', () => {
  it.skipIf(withoutValidator)('is valid for dciodvfy (skipped where it is not installed)', async () => {
    const folder = await exported(await cineSet());
    for (const path of await segmentationsIn(folder)) expect(validationErrors(path)).toEqual([]);
    const pictures = await exported(sampleSet());
    const images = (await readdir(join(pictures, 'images'))).map((name) => join(pictures, 'images', name));
    for (const path of [...(await segmentationsIn(pictures)), ...images]) expect(validationErrors(path)).toEqual([]);
  });

  it('of the single images of a series is one object that refers to each', async () => {
    const mask = hardMasks['a hole'];
    const series = { studyInstanceUID: '2.25.5', seriesInstanceUID: '2.25.6' };
    const annotations = [1, 2, 3].map((number) => annotate(frameOf(number, mask, series), lesion, mask));
    const other = annotate(frameOf(4, hardMasks['one pixel'], series), lesion, hardMasks['one pixel']);
    const paths = await segmentationsIn(await exported({ labels: [lesion], annotations: [...annotations, other] }));
    const found = await Promise.all(paths.map(async (path) => readSegmentation(await readFile(path), path)));
    expect(found).toHaveLength(2);
    const three = found.find(({ frames }) => frames.length === 3);
    expect(three?.frames.map(({ source }) => source.sopInstanceUID)).toEqual(['2.25.31', '2.25.32', '2.25.33']);
  });

  it('says who made each segment, and with which network', async () => {
    const [first, second] = await framesOf(writeCine(2));
    const algorithm = { modelId: 'starter', modelHash: 'ab'.repeat(32), adapterHash: 'cd'.repeat(32) };
    const annotations = [
      annotate(first, lesion, discMask(1), { segmentAlgorithmType: 'AUTOMATIC', algorithm }),
      annotate(second, lesion, discMask(2), { segmentAlgorithmType: 'SEMIAUTOMATIC', algorithm }),
      annotate(second, duct, discMask(2), { segmentAlgorithmType: 'MANUAL' }),
    ];
    const folder = await exported({ labels: [lesion, duct], annotations });
    const [path] = await segmentationsIn(folder);
    const { segments } = await readSegmentation(await readFile(path), path);
    expect(segments.map(({ segmentAlgorithmType }) => segmentAlgorithmType)).toEqual(['SEMIAUTOMATIC', 'MANUAL']);
    if (withoutPydicom) return;
    const script = `
seg = pydicom.dcmread(paths[0])
one, two = seg.SegmentSequence
algorithm = one.SegmentationAlgorithmIdentificationSequence[0]
result = [one.SegmentAlgorithmName, algorithm.AlgorithmParameters, 'SegmentAlgorithmName' in two, str(seg.ContentCreatorName),
    seg.SegmentsOverlap, one.SegmentedPropertyTypeCodeSequence[0].CodeMeaning, one.AnatomicRegionSequence[0].CodeMeaning]`;
    expect(askPydicom(script, path)).toEqual([
      'starter',
      `model sha256 ${'ab'.repeat(32)}; adapter sha256 ${'cd'.repeat(32)}`,
      false,
      'A. Reader',
      'YES',
      'Lesion',
      'Breast',
    ]);
  });

  it.each([
    ['ISO_IR 100', Buffer.from('M\u00fcller^J\u00f6rg', 'latin1'), 'Müller^Jörg'],
    ['ISO_IR 192', Buffer.from('山田^太郎', 'utf8'), '山田^太郎'],
    [
      'ISO 2022 IR 13\\ISO 2022 IR 87',
      Buffer.from('\u00D4\u00CF\u00C0\u00DE^\u00C0\u00DB\u00B3=\u001B$B;3ED\u001B(J^\u001B$BB@O:\u001B(J', 'latin1'),
      'ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎',
    ],
  ])('takes over the patient from a source in %s', async (characterSet, name, expected) => {
    const bytes = writeCine(1, ['00080005', 'CS', characterSet], ['00100010', 'PN', new Uint8Array(name)]);
    const [frame] = await framesOf(bytes);
    const label = { ...lesion, name: `Läsion ${'über '.repeat(14)}\\ 病変` };
    const folder = await exported({ labels: [label], annotations: [annotate(frame, label, discMask(1))] });
    expect((await readAll(folder)).map((read) => read.label)).toEqual([label.name]);
    const [path] = await segmentationsIn(folder);
    if (!withoutValidator) expect(validationErrors(path)).toEqual([]);
    if (withoutPydicom) return;
    const script =
      'seg = pydicom.dcmread(paths[0])\nresult = [str(seg.PatientName), seg.SegmentSequence[0].TrackingID]';
    expect(askPydicom(script, path)).toEqual([expected, label.name]);
  });
});

describe('a frame that nothing can refer to as it is', () => {
  it.each<readonly [string, readonly TestElement[]]>([
    ['whose file shares its SOPInstanceUID with another', [['00080018', 'UI', '1.2.3.99']]],
    ['whose file has no series', [['0020000E', 'UI', '']]],
  ])('%s is written as an image of its own, and comes back under its own name', async (_which, changes) => {
    const frames = (await framesOf(writeCine(4))).map((frame) => ({
      ...frame,
      original: () => Promise.resolve(writeCine(4, ...changes)),
    }));
    const annotations = [annotate(frames[1], lesion, discMask(2)), annotate(frames[3], lesion, discMask(4))];
    const folder = await exported({ labels: [lesion], annotations });
    const images = await readdir(join(folder, 'images'));
    expect(images).toHaveLength(2);
    for (const name of images) {
      const path = join(folder, 'images', name);
      const picture = await (await readDicom(await readFile(path), path)).frame(1);
      const frame = frames[name.endsWith('f2.dcm') ? 1 : 3];
      expect(picture.pixels).toEqual((await frame.picture()).pixels);
      if (!withoutValidator) expect(validationErrors(path)).toEqual([]);
    }
    const read = await readAll(folder);
    expect(read.map(({ sopInstanceUID, frameNumber }) => [sopInstanceUID, frameNumber])).toEqual([
      [cineUID, 2],
      [cineUID, 4],
    ]);
  });

  it('is refused where no pictures are wanted', async () => {
    const mask = hardMasks['one pixel'];
    const set = { labels: [lesion], annotations: [annotate(frameOf(1, mask), lesion, mask)] };
    const refused = runExport('seg', set, join(temporaryFolder(), 'out'), { images: false });
    expect(await thrownBy(() => refused)).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('frame-1 is no DICOM image'),
    });
  });
});

describe('a cine that says too little of how many frames it has', () => {
  it.each([
    ['states no number', ''],
    ['states fewer than were found', '2'],
  ])('and %s is referred to in every frame that was found', async (_which, stated) => {
    const frames = (await framesOf(writeCine(4))).map((frame) => ({
      ...frame,
      original: () => Promise.resolve(writeCine(4, ['00280008', 'IS', stated])),
    }));
    const annotations = [1, 2, 4].map((number) => annotate(frames[number - 1], lesion, discMask(number)));
    const folder = await exported({ labels: [lesion], annotations });
    // One source, not one for each frame.
    expect(await segmentationsIn(folder)).toHaveLength(1);
    expect((await readAll(folder)).map(({ sopInstanceUID, frameNumber }) => [sopInstanceUID, frameNumber])).toEqual([
      [cineUID, 1],
      [cineUID, 2],
      [cineUID, 4],
    ]);
  });
});

describe('what a segmentation loses', () => {
  it('is said of absence, of mixed ways of drawing and of pictures, and is nothing for plain masks on DICOM', async () => {
    const [first, second] = await framesOf(writeCine(2));
    const plain = annotate(first, lesion, discMask(1));
    expect(describeLosses('seg', { labels: [lesion], annotations: [plain] })).toEqual([]);
    const mask = hardMasks['one pixel'];
    const annotations = [
      plain,
      annotate(second, lesion, createMask(cineWidth, cineHeight), { segmentAlgorithmType: 'MANUAL' }),
      annotate(frameOf(1, mask), lesion, mask),
    ];
    expect(describeLosses('seg', { labels: [lesion], annotations })).toEqual([
      expect.stringContaining('1 absent annotation: '),
      expect.stringContaining('1 label with masks drawn by hand and masks that were proposed'),
      expect.stringContaining('1 frame of pictures that are not DICOM'),
    ]);
  });
});

describe('a thousand frames', () => {
  it('are exported with progress, and leave nothing behind when they are cancelled', async () => {
    const frames = await framesOf(writeCine(1000));
    const annotations = frames.map((frame) => annotate(frame, lesion, discMask(frame.frameNumber)));
    const parent = temporaryFolder();
    const told: number[] = [];
    const controller = new AbortController();
    const cancelled = runExport('seg', { labels: [lesion], annotations }, join(parent, 'out'), {
      signal: controller.signal,
      // The order comes from elsewhere, while the export is at work.
      onProgress: (done) => void (told.push(done) === 5 && setTimeout(() => controller.abort(), 1)),
    });
    expect(await thrownBy(() => cancelled)).toMatchObject({ name: 'AbortError' });
    expect(told.length).toBeLessThan(1000);
    expect(await readdir(parent)).toEqual([]);
    const { fidelity } = await runExport('seg', { labels: [lesion], annotations }, join(parent, 'out'));
    expect(fidelity.minIoU).toBe(1);
  });
});

describe.skipIf(process.env.SONOSYNC_DATA === undefined)('real ultrasound (skipped without SONOSYNC_DATA)', () => {
  const folder = join(process.env.SONOSYNC_DATA ?? '', 'dicom');
  it.each(['OBXXXX1A.dcm', 'US1_J2KR.dcm', 'examples_ybr_color.dcm', 'JPGLosslessP14SV1_1s_1f_8b.dcm', 'color-pl.dcm'])(
    '%s gets a segmentation and a report that are valid and belong to its study',
    async (name) => {
      const [first, ...others] = await framesOf(new Uint8Array(await readFile(join(folder, name))));
      const last = others.at(-1) ?? first;
      const annotations = [...new Set([first, last])].map((frame) => {
        const mask = createMask(frame.width, frame.height);
        for (let row = 100; row < 180; row += 1) mask.data.fill(1, row * frame.width + 90, row * frame.width + 200);
        return annotate(frame, lesion, mask);
      });
      const out = join(temporaryFolder(), 'out');
      const { files, fidelity } = await runExport('sr', { labels: [lesion], annotations }, out);
      expect(fidelity).toMatchObject({ minIoU: 1, lost: [] });
      const objects = files.filter((file) => file.endsWith('.dcm'));
      expect(objects).toHaveLength(2);
      if (withoutValidator) return;
      for (const file of objects) {
        // One original has identifiers of no registered root; what refers to it has to repeat them.
        const errors = validationErrors(join(out, file)).filter((line) => !line.includes('"999.999.2.1994'));
        expect([file, ...errors]).toEqual([file]);
      }
    },
  );
});
