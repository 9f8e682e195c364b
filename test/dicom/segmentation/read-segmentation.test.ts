import { existsSync, readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { codeOfPrompts, promptsOfCode } from '../../../electron/common/codes.ts';
import { packMask } from '../../../electron/dicom/segmentation/bits.ts';
import { readSegmentation } from '../../../electron/dicom/segmentation/read-segmentation.ts';
import { createSegmentation } from '../../../electron/dicom/segmentation/segmentation.ts';
import type { Segment, SegmentationInput } from '../../../electron/dicom/segmentation/segmentation-input.ts';
import type { Attributes } from '../../../electron/dicom/write/attributes.ts';
import type { SourceImage } from '../../../electron/dicom/write/source-image.ts';
import { writePart10 } from '../../../electron/dicom/write/write-part10.ts';
import { thrownBy } from '../../support/workspaces.ts';

const [width, height] = [4, 2];
const source: SourceImage = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.3.1',
  SOPInstanceUID: '1.2.3.4',
  SeriesInstanceUID: '1.2.3.1',
  StudyInstanceUID: '1.2.3',
  Rows: height,
  Columns: width,
  NumberOfFrames: 9,
  FrameOfReferenceUID: null,
  patientAndStudy: { StudyInstanceUID: '1.2.3', PatientName: 'A^B', PatientID: '1' },
  lossyCompression: { LossyImageCompression: '00' },
};
const segment: Segment = {
  label: 'Lesion',
  code: codeOfPrompts('breast', 'tumor'),
  color: '#0072B2',
  segmentAlgorithmType: 'MANUAL',
  algorithms: [],
  trackingUID: '2.25.1',
  annotations: [],
};
const masks = [Uint8Array.of(1, 0, 0, 1, 0, 0, 0, 0), Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 1)];

function binary(): Uint8Array {
  const bits = new Uint8Array(2);
  masks.forEach((data, index) => packMask({ width, height, data }, bits, index * width * height));
  return bits;
}

/** Frames 3 and 7 of the source. */
function input(change: Partial<SegmentationInput> = {}): SegmentationInput {
  return {
    SOPInstanceUID: '1.2.5',
    SeriesInstanceUID: '1.2.5.1',
    SeriesNumber: 1,
    InstanceNumber: 1,
    SeriesDescription: 'Segmentations',
    created: new Date('2026-01-02T03:04:05.678Z'),
    version: '1.2.3',
    ContentCreatorName: null,
    sources: [source],
    segments: [segment],
    frames: [3, 7].map((frameNumber) => ({ segmentNumber: 1, source: 0, frameNumber })),
    segmentsOverlap: false,
    segmentationType: 'BINARY',
    pixelData: binary(),
    ...change,
  };
}

/** As another program would have written it: without our private elements, and with `change`. */
async function foreign(attributes: Attributes, change: Attributes = {}): Promise<Uint8Array> {
  const segments = attributes.SegmentSequence as readonly Attributes[]; // createSegmentation makes items
  const plain = segments.map(({ SonoSyncLabelName: _name, SonoSyncAnnotationSequence: _list, ...rest }) => rest);
  return writePart10({ ...attributes, SegmentSequence: plain, ...change });
}

/** The same file with another transfer syntax and one fragment for its pixel data, which are the last element. */
function encapsulate(file: Uint8Array, syntax: string, frame: Uint8Array): Uint8Array {
  const bytes = Buffer.from(file);
  const meta = 132 + 12 + bytes.readUInt32LE(140);
  const pixels = bytes.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]));
  const uid = Buffer.from(syntax.length % 2 === 0 ? syntax : `${syntax}\0`, 'latin1');
  const element = Buffer.concat([Buffer.from([2, 0, 0x10, 0, 0x55, 0x49, uid.length, 0]), uid]);
  const length = Buffer.from([2, 0, 0, 0, 0x55, 0x4c, 4, 0, element.length, 0, 0, 0]);
  const item = (content: Uint8Array) =>
    Buffer.concat([Buffer.from([0xfe, 0xff, 0, 0xe0, content.length, 0, 0, 0]), content]);
  const fragment = frame.length % 2 === 0 ? frame : Uint8Array.of(...frame, 0);
  const open = Buffer.from([0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  const head = [bytes.subarray(0, 132), length, element, bytes.subarray(meta, pixels)];
  return new Uint8Array(Buffer.concat([...head, open, item(new Uint8Array(0)), item(fragment), end]));
}

function functionalGroups(attributes: Attributes): readonly Attributes[] {
  return attributes.PerFrameFunctionalGroupsSequence as readonly Attributes[]; // createSegmentation makes items
}

describe("another program's segmentation", () => {
  it('gives its masks with the frames that they lie on, and what its codes say', async () => {
    const read = readSegmentation(await foreign(createSegmentation(input())), 'seg.dcm');
    expect(read.segments).toMatchObject([{ segmentNumber: 1, label: 'Lesion', reviewed: [] }]);
    expect(read.frames.map((frame) => frame.source)).toEqual([
      { sopInstanceUID: '1.2.3.4', frameNumber: 3 },
      { sopInstanceUID: '1.2.3.4', frameNumber: 7 },
    ]);
    expect(read.frames.map((frame) => frame.mask().data)).toEqual(masks);
    expect([...read.frames[1].probabilities()]).toEqual([...masks[1]]);
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
    const read = readSegmentation(await foreign(attributes, change), 'seg.dcm');
    expect(read.frames.map(({ segmentNumber }) => segmentNumber)).toEqual([1, 1]);
  });

  it('may be FRACTIONAL: its probabilities are kept, and half of the greatest value is in the mask', async () => {
    const pixelData = Uint8Array.of(0, 127, 128, 255, 1, 2, 3, 4, 255, 0, 0, 0, 0, 0, 0, 200);
    const attributes = createSegmentation(input({ segmentationType: 'FRACTIONAL', pixelData }));
    expect(attributes).toMatchObject({ BitsAllocated: 8, SegmentationFractionalType: 'PROBABILITY' });
    const read = readSegmentation(await foreign(attributes), 'seg.dcm');
    expect([...read.frames[0].mask().data]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
    expect([...read.frames[1].mask().data]).toEqual([1, 0, 0, 0, 0, 0, 0, 1]);
    const probabilities = read.frames[0].probabilities();
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
      const read = readSegmentation(file, 'seg.dcm');
      expect(read.frames.map((frame) => [frame.segmentNumber, frame.source.frameNumber])).toEqual([
        [1, 3],
        [2, 3],
        [2, 7],
      ]);
      expect([...read.frames[1].mask().data]).toEqual([0, 0, 0, 1, 0, 0, 0, 1]);
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
      const read = readSegmentation(encapsulate(plain, syntax, frame), 'seg.dcm');
      expect([...read.frames[0].mask().data]).toEqual(expected);
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
      (name) => {
        const { frames, segments } = readSegmentation(new Uint8Array(readFileSync(`${examples}/${name}`)), name);
        expect(frames).toHaveLength(1);
        expect(segments[0].code?.type.codeMeaning).toMatch(/liver/i);
        expect(frames[0].source.sopInstanceUID).toBe('1.2.392.200103.20080913.113635.2.2009.6.22.21.43.10.23433.1');
        // As pydicom counts them.
        expect(frames[0].mask().data.reduce((sum, value) => sum + value, 0)).toBe(36_233);
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
