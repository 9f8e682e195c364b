import { deflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSegmentation } from '../../../electron/dicom/segmentation/read-segmentation.ts';
import { createSegmentation } from '../../../electron/dicom/segmentation/segmentation.ts';
import type { Attributes } from '../../../electron/dicom/write/attributes.ts';
import { thrownBy } from '../../support/workspaces.ts';
import { encode, runLength, startEncoders, type Encoder } from '../encode-pixels.ts';
import { syntaxes, type Syntax } from '../write-dicom.ts';
import { encapsulate, foreign, input, segment, source } from './foreign-segmentation.ts';

const [columns, rows] = [37, 23];
const two = [segment, { ...segment, label: 'Duct', trackingUID: '2.25.2' }];
const sized = input({
  sources: [{ ...source, Columns: columns, Rows: rows }],
  segments: two,
  segmentationType: 'FRACTIONAL',
  pixelData: new Uint8Array(2 * columns * rows),
});

/** Two frames of probabilities, of which no value is like its neighbours. */
const fractions = [1, 2].map((frame) =>
  Uint8Array.from({ length: columns * rows }, (_, index) => (index * 37 * frame) % 256),
);
/** Two frames of the segments 0, 1 and 2. */
const numbers = fractions.map((values) => values.map((value) => value % 3));
const asWords = (values: Uint8Array): Uint8Array => Uint8Array.from([...values].flatMap((value) => [value, 0]));

const labelmap = { SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.7', SegmentationType: 'LABELMAP' };

async function compressed(syntax: Syntax, frames: readonly Uint8Array[], change: Attributes = {}): Promise<Uint8Array> {
  const plain = await foreign(createSegmentation(sized), { ...change, PixelData: Uint8Array.of(0, 0) });
  return encapsulate(plain, syntaxes[syntax], ...frames);
}

const shape = { columns, rows, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8 } as const;
const withoutLoss: readonly (readonly [Syntax, Encoder])[] = [
  ['jpegLossless', 'encodeJpeg'],
  ['jpegLs', 'encodeJpegLs'],
  ['jpeg2000', 'encodeJpeg2000'],
  ['htj2k', 'encodeHtJpeg2000'],
];

beforeAll(startEncoders);

describe.each(withoutLoss)('segments compressed as %s', (syntax, encoder) => {
  const settings = syntax === 'jpegLossless' ? { predictor: 1 } : {};

  it('give their probabilities without a change', async () => {
    const frames = fractions.map((values) => encode(encoder, values, shape, settings));
    const read = await readSegmentation(await compressed(syntax, frames), 'seg.dcm');
    for (const [index, frame] of read.frames.entries()) {
      const values = (await frame.probabilities()).map((value) => Math.round(255 * value));
      expect([...values]).toEqual([...fractions[index]]);
      expect((await frame.mask()).data).toEqual(fractions[index].map((value) => Number(value >= 128)));
    }
    expect(read.frames.map((frame) => frame.source.frameNumber)).toEqual([3, 7]);
  });

  it.each([8, 16] as const)('give the segments of a label map of %i bits', async (bits) => {
    const frames = numbers.map((values) =>
      encode(
        encoder,
        bits === 8 ? values : asWords(values),
        { ...shape, bitsAllocated: bits, bitsStored: bits },
        settings,
      ),
    );
    const change = { ...labelmap, BitsAllocated: bits, BitsStored: bits, HighBit: bits - 1 };
    const read = await readSegmentation(await compressed(syntax, frames, change), 'seg.dcm');
    expect(read.frames.map(({ segmentNumber, source: { frameNumber } }) => [segmentNumber, frameNumber])).toEqual([
      [1, 3],
      [2, 3],
      [1, 7],
      [2, 7],
    ]);
    for (const [index, { segmentNumber, mask }] of read.frames.entries()) {
      const expected = numbers[Math.floor(index / 2)].map((value) => Number(value === segmentNumber));
      expect((await mask()).data).toEqual(expected);
    }
  });
});

describe('segments compressed without a codec', () => {
  it('may be run-length coded, bytes, words and single bits', async () => {
    const read = async (frames: readonly Uint8Array[], change: Attributes) =>
      readSegmentation(await compressed('rle', frames, change), 'seg.dcm');
    const bytes = await read(
      fractions.map((values) => runLength([values])),
      {},
    );
    expect([...(await bytes.frames[1].probabilities())].map((value) => Math.round(255 * value))).toEqual([
      ...fractions[1],
    ]);
    const high = new Uint8Array(columns * rows);
    const words = await read(
      numbers.map((values) => runLength([high, values])),
      { ...labelmap, BitsAllocated: 16, BitsStored: 16 },
    );
    expect((await words.frames[1].mask()).data).toEqual(numbers[0].map((value) => Number(value === 2)));
    const bits = numbers.map((values) => {
      const packed = new Uint8Array(Math.ceil(values.length / 8));
      for (const [index, value] of values.entries()) if (value === 1) packed[index >> 3] |= 1 << (index & 7);
      return runLength([packed]);
    });
    const single = await read(bits, { SegmentationType: 'BINARY', BitsAllocated: 1, BitsStored: 1, HighBit: 0 });
    expect((await single.frames[1].mask()).data).toEqual(numbers[1].map((value) => Number(value === 1)));
  });

  it('may lie in a deflated data set', async () => {
    const plain = Buffer.from(await foreign(createSegmentation({ ...sized, pixelData: Buffer.concat(fractions) })));
    const meta = 132 + 12 + plain.readUInt32LE(140);
    const name = Buffer.from('1.2.840.10008.1.2.1.99');
    const length = Buffer.from([2, 0, 0, 0, 0x55, 0x4c, 4, 0, 8 + name.length, 0, 0, 0]);
    const element = Buffer.concat([Buffer.from([2, 0, 0x10, 0, 0x55, 0x49, name.length, 0]), name]);
    const file = Buffer.concat([plain.subarray(0, 132), length, element, deflateRawSync(plain.subarray(meta))]);
    const read = await readSegmentation(new Uint8Array(file), 'seg.dcm');
    expect([...(await read.frames[0].probabilities())].map((value) => Math.round(255 * value))).toEqual([
      ...fractions[0],
    ]);
  });
});

describe('compressed segments that cannot be trusted', () => {
  it('are refused where segment numbers may have lost something, and where single bits are compressed as pictures', async () => {
    const frames = numbers.map((values) => encode('encodeJpegLs', values, shape));
    const near = await compressed('jpegLsNear', frames, { ...labelmap });
    const bits = await compressed('jpegLs', frames, { SegmentationType: 'BINARY', BitsAllocated: 1, BitsStored: 1 });
    for (const [file, words] of [
      [near, 'seg.dcm: numbers of segments may not be compressed with loss'],
      [bits, 'seg.dcm: segments of single bits'],
    ] as const) {
      expect(await thrownBy(() => readSegmentation(file, 'seg.dcm'))).toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining(words),
      });
    }
  });

  it('are refused by frame where a stream is damaged, or of another size than the file says', async () => {
    const whole = fractions.map((values) => encode('encodeJpeg2000', values, shape));
    const cut = await readSegmentation(await compressed('jpeg2000', [whole[0], whole[1].subarray(0, 30)]), 'seg.dcm');
    expect((await cut.frames[0].probabilities()).length).toBe(columns * rows);
    expect(await thrownBy(() => cut.frames[1].mask())).toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/^seg.dcm: frame 2 cannot be decompressed/),
    });
    const small = encode('encodeJpegLs', fractions[0].subarray(0, columns * 5), { ...shape, rows: 5 });
    const other = await readSegmentation(await compressed('jpegLs', [small, small]), 'seg.dcm');
    expect(await thrownBy(() => other.frames[0].mask())).toMatchObject({
      message: expect.stringContaining(`the stream is of ${columns}×5 pixels`),
    });
  });
});
