import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMask } from '../../electron/common/mask.ts';
import type { BinaryMask } from '../../electron/common/mask.ts';
import { readSegmentation } from '../../electron/dicom/segmentation/read-segmentation.ts';
import type { AnnotationSet, ExportAnnotation, ProposalProbabilities } from '../../electron/export/annotation-set.ts';
import { annotationMask } from '../../electron/export/annotation-set.ts';
import { readManifest } from '../../electron/export/manifest.ts';
import { describeLosses, runExport } from '../../electron/export/registry.ts';
import { segFractional } from '../../electron/export/seg-fractional.ts';
import { readSegmentations } from '../../electron/export/seg.ts';
import { askPydicom, validationErrors, withoutPydicom, withoutValidator } from '../support/dicom-tools.ts';
import { temporaryFolder, thrownBy } from '../support/workspaces.ts';
import { annotate, duct, lesion, sampleSet } from './annotation-samples.ts';
import { cineHeight, cineWidth, discMask, framesOf, writeCine } from './dicom-samples.ts';

/** What a network may say of a mask: from 128 up inside, below it outside, another value in every pixel. */
function valuesOf({ data }: BinaryMask, seed: number): Uint8Array {
  return data.map((value, index) => (value === 1 ? 128 : 0) + ((index * 7 + seed) % 128));
}

function proposed(mask: BinaryMask, seed: number, iou = 1): ExportAnnotation['proposal'] {
  const said: ProposalProbabilities = { values: valuesOf(mask, seed), iou };
  return { isUnchanged: true, probabilities: () => Promise.resolve(said) };
}

const algorithm = { modelId: 'starter', modelHash: 'ab'.repeat(32), adapterHash: null };

/** Accepted as proposed in frame 1, corrected in 2, drawn by hand in 3, absent in 4, of a network that is gone in 5. */
async function mixedSet(): Promise<AnnotationSet> {
  const frames = await framesOf(writeCine(5));
  const mask = (index: number): BinaryMask => discMask(index + 1);
  const by = { algorithm, segmentAlgorithmType: 'SEMIAUTOMATIC' as const };
  const gone = { isUnchanged: true, probabilities: null };
  return {
    labels: [lesion],
    annotations: [
      annotate(frames[0], lesion, mask(0), {
        ...by,
        segmentAlgorithmType: 'AUTOMATIC',
        proposal: proposed(mask(0), 1),
      }),
      annotate(frames[1], lesion, mask(1), { ...by, proposal: { ...proposed(mask(7), 2)!, isUnchanged: false } }),
      annotate(frames[2], lesion, mask(2), { segmentAlgorithmType: 'MANUAL' }),
      annotate(frames[3], lesion, createMask(cineWidth, cineHeight), { ...by, proposal: proposed(mask(3), 4) }),
      annotate(frames[4], lesion, mask(4), { ...by, proposal: gone }),
    ],
  };
}

async function exported(set: AnnotationSet) {
  const folder = join(temporaryFolder(), 'out');
  const { fidelity, files } = await runExport('seg-fractional', set, folder, { version: '1.2.3' });
  const paths = async (name: string): Promise<string[]> =>
    (await readdir(join(folder, name))).toSorted().map((file) => join(folder, name, file));
  return { folder, fidelity, files, probabilities: await paths('probabilities'), masks: await paths('segmentations') };
}

async function readFirst(paths: readonly string[]) {
  return readSegmentation(new Uint8Array(await readFile(paths[0])), paths[0]);
}

describe('a segmentation with probabilities', () => {
  it('has the very values of the network, and those of 0 and 1 where no network spoke', async () => {
    const set = await mixedSet();
    const { segmentationType, frames } = await readFirst((await exported(set)).probabilities);
    expect(segmentationType).toBe('FRACTIONAL');
    expect(frames.map(({ source }) => source.frameNumber)).toEqual([1, 2, 3, 5]);
    const full = (mask: BinaryMask): Uint8Array => mask.data.map((value) => 255 * value);
    const expected = [valuesOf(discMask(1), 1), valuesOf(discMask(8), 2), full(discMask(3)), full(discMask(5))];
    for (const [index, frame] of frames.entries()) {
      const wrong = (await frame.probabilities()).filter(
        (value, at) => Math.abs(value - expected[index][at] / 255) > 1e-6,
      );
      expect(wrong).toHaveLength(0);
    }
    // Where nobody corrected anything, half of the values give the mask that was accepted.
    expect(await frames[0].mask()).toEqual(annotationMask(set.annotations[0]));
  });

  it('has the masks beside it, exactly, and these come back', async () => {
    const set = await mixedSet();
    const { folder, fidelity, masks } = await exported(set);
    expect(fidelity).toMatchObject({ minIoU: 1, meanIoU: 1 });
    expect((await readFirst(masks)).segmentationType).toBe('BINARY');
    const read = [];
    for await (const annotation of segFractional.read(folder)) read.push(annotation);
    expect(read.map(({ frameNumber, absent, revisionId }) => [frameNumber, absent, revisionId])).toEqual(
      set.annotations.map(({ frame, reviewState, revisionId }) => [
        frame.frameNumber,
        reviewState === 'absent',
        revisionId,
      ]),
    );
    expect(read.map(({ mask }) => mask)).toEqual(set.annotations.map(annotationMask));
    expect((await readManifest(folder)).files.map(({ path }) => path.split('/')[0])).toEqual([
      'probabilities',
      'segmentations',
    ]);
  });

  it('names a revision only where the values are those of its mask, and the network as what drew them', async () => {
    const set = await mixedSet();
    const { probabilities } = await exported(set);
    const { segments } = await readFirst(probabilities);
    const [one, two, three, four, five] = set.annotations.map(({ revisionId }) => revisionId);
    expect(segments[0].reviewed.map(({ revisionId }) => revisionId)).toEqual([one, null, three, four, five]);
    expect(two).not.toBeNull();
    expect(segments[0].reviewed.map(({ segmentAlgorithmType }) => segmentAlgorithmType)).toEqual([
      'AUTOMATIC',
      'AUTOMATIC',
      'MANUAL',
      'SEMIAUTOMATIC',
      'SEMIAUTOMATIC',
    ]);
    // Alone, as another program's files, it says nothing of a correction either.
    const alone = [];
    for await (const annotation of readSegmentations(join(probabilities[0], '..'))) alone.push(annotation);
    expect(alone.find(({ frameNumber }) => frameNumber === 2)).toMatchObject({ revisionId: null });
  });

  it('says beforehand what is no probability or not that of the mask, and afterwards what was not repeated', async () => {
    const set = await mixedSet();
    const said = describeLosses('seg-fractional', set);
    expect(said).toContainEqual(expect.stringMatching(/^1 mask without a proposal: .* 0 and 1/));
    expect(said).toContainEqual(expect.stringMatching(/^1 mask of a network that is not installed/));
    expect(said).toContainEqual(expect.stringMatching(/^1 corrected mask: .* of the proposal, not of the correction/));
    expect((await exported(set)).fidelity.lost).toEqual(said);
    const [first] = set.annotations;
    const other = { ...first, proposal: proposed(discMask(9), 3, 0.25) };
    const { fidelity } = await exported({ ...set, annotations: [other] });
    expect(fidelity.lost).toEqual([expect.stringMatching(/^1 proposal: asked again, .* \(IoU 0\.2500 at worst\)/)]);
  });

  it('is another object where the network says something else, and the same otherwise', async () => {
    const set = await mixedSet();
    const change = (seed: number): AnnotationSet => ({
      ...set,
      annotations: set.annotations.map((each, at) =>
        at > 0 ? each : { ...each, proposal: proposed(discMask(1), seed) },
      ),
    });
    const uids = [];
    for (const seed of [1, 1, 5]) {
      const { probabilities, masks } = await exported(change(seed));
      uids.push([(await readFirst(probabilities)).sopInstanceUID, (await readFirst(masks)).sopInstanceUID]);
    }
    expect(uids[1]).toEqual(uids[0]);
    expect(uids[2][0]).not.toBe(uids[0][0]);
    expect(uids[2][1]).toBe(uids[0][1]);
    expect(uids[0][0]).not.toBe(uids[0][1]);
  });

  it.skipIf(withoutValidator)('is valid for dciodvfy (skipped where it is not installed)', async () => {
    const cine = await exported(await mixedSet());
    const pictures = await exported(sampleSet());
    const paths = [cine, pictures].flatMap(({ probabilities, masks }) => [...probabilities, ...masks]);
    expect(paths.length).toBeGreaterThan(8);
    for (const path of paths) expect([path, ...validationErrors(path)]).toEqual([path]);
  });

  it.skipIf(withoutPydicom)('has the same values for pydicom (skipped where it is not installed)', async () => {
    const set = await mixedSet();
    const two = annotate(set.annotations[0].frame, duct, discMask(1), { proposal: proposed(discMask(1), 9) });
    const { probabilities } = await exported({ labels: [lesion, duct], annotations: [...set.annotations, two] });
    const script = `
seg = pydicom.dcmread(paths[0])
result = dict(type=seg.SegmentationType, fraction=seg.SegmentationFractionalType, most=seg.MaximumFractionalValue,
    overlap=seg.SegmentsOverlap, bits=[seg.BitsAllocated, seg.BitsStored, seg.HighBit], shape=list(seg.pixel_array.shape),
    first=seg.pixel_array[0].flatten().tolist(), drawn=seg.pixel_array[2].flatten().tolist())`;
    expect(askPydicom(script, probabilities[0])).toEqual({
      type: 'FRACTIONAL',
      fraction: 'PROBABILITY',
      most: 255,
      overlap: 'YES',
      bits: [8, 8, 7],
      shape: [5, cineHeight, cineWidth],
      first: [...valuesOf(discMask(1), 1)],
      drawn: [...discMask(3).data].map((value) => 255 * value),
    });
  });

  it('ends with the network, and leaves nothing where that fails or the reader cancels', async () => {
    const set = await mixedSet();
    const folder = temporaryFolder();
    const controller = new AbortController();
    const failing = { isUnchanged: true, probabilities: () => Promise.reject(new Error('no engine')) };
    const waiting = {
      isUnchanged: true,
      probabilities: (signal?: AbortSignal) =>
        new Promise<never>((_, reject) => {
          signal?.addEventListener('abort', () => reject(new DOMException('Cancelled.', 'AbortError')));
          controller.abort();
        }),
    };
    const run = (proposal: ExportAnnotation['proposal']) =>
      runExport(
        'seg-fractional',
        { ...set, annotations: set.annotations.map((each, at) => (at === 1 ? { ...each, proposal } : each)) },
        join(folder, 'out'),
        { signal: controller.signal },
      );
    expect(await thrownBy(() => run(failing))).toMatchObject({ message: 'no engine' });
    expect(await readdir(folder)).toEqual([]);
    expect(await thrownBy(() => run(waiting))).toMatchObject({ name: 'AbortError' });
    expect(await readdir(folder)).toEqual([]);
  });
});
