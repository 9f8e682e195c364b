import { existsSync, readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { promptsOfCode } from '../../../electron/common/codes.ts';
import { readSegmentation } from '../../../electron/dicom/segmentation/read-segmentation.ts';
import { createSegmentation } from '../../../electron/dicom/segmentation/segmentation.ts';
import type { SegmentationInput } from '../../../electron/dicom/segmentation/segmentation-input.ts';
import { thrownBy } from '../../support/workspaces.ts';
import { encapsulate, foreign, functionalGroups, input, masks, segment, source } from './foreign-segmentation.ts';

describe("another program's segmentation", () => {
  it('gives its masks with the frames that they lie on, and what its codes say', async () => {
    const read = await readSegmentation(await foreign(createSegmentation(input())), 'seg.dcm');
    expect(read.segments).toMatchObject([{ segmentNumber: 1, label: 'Lesion', reviewed: [] }]);
    expect(read.frames.map((frame) => frame.source)).toEqual([
      { sopInstanceUID: '1.2.3.4', frameNumber: 3 },
      { sopInstanceUID: '1.2.3.4', frameNumber: 7 },
    ]);
    expect(await Promise.all(read.frames.map(async (frame) => (await frame.mask()).data))).toEqual(masks);
    expect([...(await read.frames[1].probabilities())]).toEqual([...masks[1]]);
    const [{ code }] = read.segments;
    expect(code && promptsOfCode(code)).toEqual({ position: 'breast', type: 'tumor' });
  });

  it('may say once for all frames which segment they show', async () => {
    const attributes = createSegmentation(input());
    const perFrame = functionalGroups(attributes).map(({ SegmentIdentificationSequence: _one, ...rest }) => rest);
    const change = {
      PerFrameFunctionalGroupsSequence: perFrame,
      SharedFunctionalGroupsSequence: [{ SegmentIdentificationSequence: [{ ReferencedSegmentNumber: 1 }] }],
    };
    const read = await readSegmentation(await foreign(attributes, change), 'seg.dcm');
    expect(read.frames.map(({ segmentNumber }) => segmentNumber)).toEqual([1, 1]);
  });

  it('may be FRACTIONAL: its probabilities are kept, and half of the greatest value is in the mask', async () => {
    const pixelData = Uint8Array.of(0, 127, 128, 255, 1, 2, 3, 4, 255, 0, 0, 0, 0, 0, 0, 200);
    const attributes = createSegmentation(input({ segmentationType: 'FRACTIONAL', pixelData }));
    expect(attributes).toMatchObject({ BitsAllocated: 8, SegmentationFractionalType: 'PROBABILITY' });
    const read = await readSegmentation(await foreign(attributes), 'seg.dcm');
    expect([...(await read.frames[0].mask()).data]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
    expect([...(await read.frames[1].mask()).data]).toEqual([1, 0, 0, 0, 0, 0, 0, 1]);
    const probabilities = await read.frames[0].probabilities();
    expect(probabilities[1]).toBeCloseTo(127 / 255, 6);
    expect(probabilities[3]).toBe(1);
  });

  it('may be a label map, of 8 or 16 bits: a frame has each segment that occurs in it', async () => {
    const two = { ...segment, label: 'Duct', trackingUID: '2.25.2' };
    const attributes = createSegmentation(input({ segments: [segment, two] }));
    const values = [0, 1, 1, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 2, 2];
    const change = { SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.7', SegmentationType: 'LABELMAP' };
    const bytes = Uint8Array.from(values);
    const words = Uint8Array.from(values.flatMap((value) => [value, 0]));
    for (const [bits, PixelData] of [
      [8, bytes],
      [16, words],
    ] as const) {
      const file = await foreign(attributes, { ...change, BitsAllocated: bits, BitsStored: bits, PixelData });
      const read = await readSegmentation(file, 'seg.dcm');
      expect(read.frames.map((frame) => [frame.segmentNumber, frame.source.frameNumber])).toEqual([
        [1, 3],
        [2, 3],
        [2, 7],
      ]);
      expect([...(await read.frames[1].mask()).data]).toEqual([0, 0, 0, 1, 0, 0, 0, 1]);
    }
  });

  it('may be in fragments, plain, deflated or run-length coded', async () => {
    const values = Uint8Array.of(0, 1, 1, 2, 0, 0, 0, 2);
    const labels = createSegmentation(input({ segments: [segment, { ...segment, label: 'Duct' }] }));
    const map = { SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.7', SegmentationType: 'LABELMAP', BitsAllocated: 8 };
    const one = { NumberOfFrames: 1, PerFrameFunctionalGroupsSequence: functionalGroups(labels).slice(0, 1) };
    // A run of 8 literal bytes in one segment that begins behind the header of 64 bytes.
    const runs = Uint8Array.from([1, 0, 0, 0, 64, 0, 0, 0, ...new Uint8Array(56), 7, ...values, 128]);
    const bits = Uint8Array.of(0b0000_1001);
    const cases = [
      ['1.2.840.10008.1.2.1.98', {}, bits, [1, 0, 0, 1, 0, 0, 0, 0]],
      ['1.2.840.10008.1.2.8.1', {}, deflateRawSync(bits), [1, 0, 0, 1, 0, 0, 0, 0]],
      ['1.2.840.10008.1.2.5', map, runs, [0, 1, 1, 0, 0, 0, 0, 0]],
    ] as const;
    for (const [syntax, change, frame, expected] of cases) {
      const plain = await foreign(labels, { ...one, ...change, PixelData: Uint8Array.of(0, 0) });
      const read = await readSegmentation(encapsulate(plain, syntax, frame), 'seg.dcm');
      expect([...(await read.frames[0].mask()).data]).toEqual(expected);
    }
  });

  it('is refused where its frames name no source, or the file is cut short or something else', async () => {
    const attributes = createSegmentation(input());
    const perFrame = functionalGroups(attributes).map(({ DerivationImageSequence: _source, ...rest }) => rest);
    const lost = await foreign(attributes, { PerFrameFunctionalGroupsSequence: perFrame });
    const short = await foreign(attributes, { PixelData: Uint8Array.of(1, 0), NumberOfFrames: 3 });
    const other = await foreign(attributes, { SOPClassUID: '1.2.840.10008.5.1.4.1.1.6.1' });
    const undescribed = await foreign(attributes, {
      SegmentSequence: [{ SegmentNumber: 5, SegmentLabel: 'Other' }],
    });
    const messages = [
      [lost, 'unsupported', 'seg.dcm: frame 1 names 0 source images'],
      [short, 'bad-input', '2 bytes of pixel data where 3 are needed'],
      [other, 'bad-input', 'seg.dcm is not a DICOM segmentation'],
      [undescribed, 'bad-input', 'a frame of segment 1, which it does not describe'],
    ] as const;
    for (const [bytes, code, message] of messages) {
      expect(await thrownBy(() => readSegmentation(bytes, 'seg.dcm'))).toMatchObject({
        code,
        message: expect.stringContaining(message),
      });
    }
  });
});

/** Debian's pydicom has a liver out of a CT, written by another program, with one frame of three left. */
const examples = '/usr/lib/python3/dist-packages/pydicom/data/test_files';

describe.skipIf(!existsSync(`${examples}/liver_1frame.dcm`))(
  "pydicom's example (skipped where it is not installed)",
  () => {
    it.each(['liver_1frame.dcm', 'liver_expb_1frame.dcm'])(
      '%s, little or big endian, gives its pixels and its source',
      async (name) => {
        const { frames, segments } = await readSegmentation(new Uint8Array(readFileSync(`${examples}/${name}`)), name);
        expect(frames).toHaveLength(1);
        expect(segments[0].code?.type.codeMeaning).toMatch(/liver/i);
        expect(frames[0].source.sopInstanceUID).toBe('1.2.392.200103.20080913.113635.2.2009.6.22.21.43.10.23433.1');
        // As pydicom counts them.
        expect((await frames[0].mask()).data.reduce((sum, value) => sum + value, 0)).toBe(36_233);
      },
    );
  },
);

describe('a segmentation that contradicts itself', () => {
  const frame = { segmentNumber: 1, source: 0, frameNumber: 3 };
  it.each<readonly [string, Partial<SegmentationInput>, RegExp]>([
    ['without a frame', { frames: [] }, /a source, a segment and a frame/],
    ['with a frame of no segment', { frames: [{ ...frame, segmentNumber: 2 }, frame] }, /segment that is described/],
    ['with a frame past the end', { frames: [{ ...frame, frameNumber: 10 }, frame] }, /lies on a source frame/],
    ['with a frame twice', { frames: [frame, frame] }, /one frame at most/],
    ['with pixels missing', { pixelData: new Uint8Array(1) }, /2 bytes, not 1/],
    ['with sources of two studies', { sources: [source, { ...source, StudyInstanceUID: '1.9' }] }, /of one study/],
    ['with sources of two sizes', { sources: [source, { ...source, Rows: 3 }] }, /have the size/],
    ['with a source twice', { sources: [source, source] }, /there once/],
    [
      'with an algorithm that has no name',
      { segments: [{ ...segment, segmentAlgorithmType: 'AUTOMATIC' }] },
      /names its algorithm/,
    ],
  ])('%s is not made', (_what, change, rule) => {
    expect(() => createSegmentation(input(change))).toThrow(rule);
  });
});
