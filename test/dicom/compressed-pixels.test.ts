import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDicom } from '../../electron/dicom/read-dicom.ts';
import { encode as encodePixels, runLength, startEncoders, type Encoder } from './encode-pixels.ts';
import { colorElements, imageElements, writeDicom, type Syntax, type TestElement } from './write-dicom.ts';

const width = 32;
const height = 24;
const rows: readonly TestElement[] = [
  ['00280010', 'US', height],
  ['00280011', 'US', width],
];
const grey = Uint8Array.from({ length: width * height }, (_, index) => (index * 7) % 251);
const color = Uint8Array.from({ length: width * height * 3 }, (_, index) => (index * 5) % 253);
/** Smooth, so that lossy compression stays near. */
const smooth = Uint8Array.from({ length: width * height * 3 }, (_, index) => {
  const column = Math.floor(index / 3) % width;
  return [column * 7, 255 - column * 7, 60][index % 3];
});

beforeAll(startEncoders);

function encode(encoder: Encoder, samples: Uint8Array, samplesPerPixel: 1 | 3): Uint8Array {
  return encodePixels(encoder, samples, {
    columns: width,
    rows: height,
    samplesPerPixel,
    bitsAllocated: 8,
    bitsStored: 8,
  });
}

function greyFile(syntax: Syntax, fragments: readonly Uint8Array[], ...changes: readonly TestElement[]): Uint8Array {
  return writeDicom(imageElements(...rows, ...changes, ['7FE00010', 'OB', { fragments }]), syntax);
}

function colorFile(syntax: Syntax, photometric: string, fragments: readonly Uint8Array[]): Uint8Array {
  return writeDicom(colorElements(photometric, ...rows, ['7FE00010', 'OB', { fragments }]), syntax);
}

async function firstFrame(bytes: Uint8Array) {
  return (await readDicom(bytes, 'a.dcm')).frame(1);
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, value, index) => Math.max(worst, Math.abs(value - b[index])), 0);
}

describe('run-length pixels', () => {
  const planesOf = (samples: Uint8Array) =>
    [0, 1, 2].map((channel) => samples.filter((_, index) => index % 3 === channel));

  it('come back exactly: grey, colour, and 16 bits high byte first', async () => {
    expect((await firstFrame(greyFile('rle', [runLength([grey])]))).pixels).toEqual(grey);
    expect((await firstFrame(colorFile('rle', 'RGB', [runLength(planesOf(color))]))).pixels).toEqual(color);
    const flat = new Uint8Array(width * height).fill(90);
    const deep: TestElement[] = [
      ['00280100', 'US', 16],
      ['00280101', 'US', 16],
    ];
    const picture = await firstFrame(greyFile('rle', [runLength([grey, flat])], ...deep));
    expect(largestDifference(picture.pixels, grey)).toBeLessThanOrEqual(1);
  });

  it('are refused when a segment is short, with file and frame named', async () => {
    const whole = runLength([grey]);
    const file = await readDicom(greyFile('rle', [whole, whole.subarray(0, 300)], ['00280008', 'IS', '2']), 'cut.dcm');
    expect((await file.frame(1)).pixels).toEqual(grey);
    await expect(file.frame(2)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/^cut\.dcm: frame 2 is damaged or incomplete: a run-length segment ends after/),
    });
  });
});

describe('JPEG pixels', () => {
  const jpeg = (chromaSubsampling: '4:4:4' | '4:2:0' = '4:4:4') =>
    sharp(smooth, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 100, chromaSubsampling })
      .toBuffer();
  const jfif = Buffer.from('ffe000104a46494600010100000100010000', 'hex');

  it('of luminance and chroma become RGB', async () => {
    for (const subsampling of ['4:4:4', '4:2:0'] as const) {
      const { pixels } = await firstFrame(colorFile('jpeg', 'YBR_FULL_422', [await jpeg(subsampling)]));
      expect(largestDifference(pixels, smooth)).toBeLessThanOrEqual(subsampling === '4:4:4' ? 3 : 12);
    }
  });

  it('follow the marks of their stream where the header says RGB', async () => {
    const bytes = await jpeg();
    const marked = Buffer.concat([bytes.subarray(0, 2), jfif, bytes.subarray(2)]);
    expect(
      largestDifference((await firstFrame(colorFile('jpeg', 'RGB', [marked]))).pixels, smooth),
    ).toBeLessThanOrEqual(3);
    // Without a mark the header is believed: these samples are luminance and chroma, shown as they are.
    const plain = await firstFrame(colorFile('jpeg', 'RGB', [bytes]));
    // (0, 255, 60) has a luminance of 157, and 73 of blue chroma.
    expect(Math.abs(plain.pixels[0] - 157)).toBeLessThanOrEqual(3);
    expect(Math.abs(plain.pixels[1] - 73)).toBeLessThanOrEqual(3);
  });

  it('without loss come back exactly', async () => {
    expect((await firstFrame(greyFile('jpegLossless', [encode('encodeJpeg', grey, 1)]))).pixels).toEqual(grey);
    const file = colorFile('jpegLossless', 'RGB', [encode('encodeJpeg', color, 3)]);
    expect((await firstFrame(file)).pixels).toEqual(color);
  });

  it('are put together where a frame lies in several fragments', async () => {
    const frames = [grey, grey.map((value) => 255 - value)].map((samples) => encode('encodeJpeg', samples, 1));
    const pieces = frames.flatMap((frame) => [frame.subarray(0, 100), frame.subarray(100, 200), frame.subarray(200)]);
    const even = pieces.map((piece) => (piece.length % 2 === 0 ? piece : Uint8Array.of(...piece, 0)));
    const cine = await readDicom(greyFile('jpegLossless', even, ['00280008', 'IS', '2']), 'a.dcm');
    expect((await cine.frame(1)).pixels).toEqual(grey);
    expect((await cine.frame(2)).pixels).toEqual(grey.map((value) => 255 - value));
    const single = await firstFrame(greyFile('jpegLossless', even.slice(0, 3)));
    expect(single.pixels).toEqual(grey);
  });
});

describe('JPEG-LS pixels', () => {
  it('come back exactly, interleaved or with a scan for each colour', async () => {
    expect((await firstFrame(greyFile('jpegLs', [encode('encodeJpegLs', grey, 1)]))).pixels).toEqual(grey);
    const together = colorFile('jpegLs', 'RGB', [encode('encodeJpegLs', color, 3)]);
    expect((await firstFrame(together)).pixels).toEqual(color);
    const apart = colorFile('jpegLs', 'RGB', [separateScans(color)]);
    expect((await firstFrame(apart)).pixels).toEqual(color);
  });

  it('are read as RGB where the header does not say what three samples are', async () => {
    const file = await readDicom(colorFile('jpegLs', '', [encode('encodeJpegLs', color, 3)]), 'a.dcm');
    expect((await file.frame(1)).pixels).toEqual(color);
    expect(file.warnings).toEqual([expect.stringContaining('Photometric Interpretation is missing')]);
  });
});

describe('JPEG 2000 pixels', () => {
  it('come back exactly, with and without the transformation of colours, plain and high-throughput', async () => {
    for (const [syntax, encoder] of [
      ['jpeg2000', 'encodeJpeg2000'],
      ['htj2k', 'encodeHtJpeg2000'],
    ] as const) {
      expect((await firstFrame(greyFile(syntax, [encode(encoder, grey, 1)]))).pixels).toEqual(grey);
      const stream = encode(encoder, color, 3);
      // The stream was transformed whatever the header says of it.
      for (const photometric of ['YBR_RCT', 'RGB', 'YBR_FULL']) {
        const { pixels } = await firstFrame(colorFile(syntax, photometric, [stream]));
        expect(pixels, `${syntax} ${photometric}`).toEqual(color);
      }
    }
  });
});

describe('compressed streams that are cut', () => {
  it('are refused with file and frame named, and leave the decoder fit for the next', async () => {
    for (const [syntax, encoder] of [
      ['jpegLossless', 'encodeJpeg'],
      ['jpegLs', 'encodeJpegLs'],
      ['jpeg2000', 'encodeJpeg2000'],
    ] as const) {
      const whole = encode(encoder, grey, 1);
      for (const share of [0.02, 0.3, 0.6, 0.9]) {
        const cut = whole.subarray(0, Math.floor((whole.length * share) / 2) * 2);
        const file = await readDicom(greyFile(syntax, [whole, cut], ['00280008', 'IS', '2']), 'cut.dcm');
        await expect(file.frame(2), `${syntax} ${share}`).rejects.toMatchObject({
          code: 'bad-input',
          message: expect.stringMatching(/^cut\.dcm: frame 2 is damaged or incomplete/),
        });
        expect((await file.frame(1)).pixels).toEqual(grey);
      }
    }
  });

  it('leave the frames before them, and a warning that counts both', async () => {
    const [one, other] = [grey, grey.map((value) => 255 - value)].map((samples) => encode('encodeJpegLs', samples, 1));
    const cine = greyFile('jpegLs', [one, other], ['00280008', 'IS', '3']);
    const missing = await readDicom(cine, 'cine.dcm');
    expect(missing.frameCount).toBe(2);
    expect(missing.warnings).toEqual([expect.stringContaining('the header promises 3 frames, 2 are whole')]);
    expect((await missing.frame(2)).pixels).toEqual(grey.map((value) => 255 - value));
    await expect(missing.frame(3)).rejects.toThrow(/cine\.dcm has frames 1 to 2/);
    const inside = await readDicom(cine.subarray(0, -20), 'cine.dcm');
    expect(inside.frameCount).toBe(1);
    expect(inside.warnings[0]).toContain('The file ends inside fragment 2 of its pixel data');
    expect((await inside.frame(1)).pixels).toEqual(grey);
    const single = greyFile('jpegLs', [one]);
    await expect(readDicom(single.subarray(0, -20), 'cut.dcm')).rejects.toThrow(/^cut\.dcm is cut short/);
    const unclosed = await readDicom(single.subarray(0, -8), 'open.dcm');
    expect(unclosed.warnings).toEqual(['The pixel data end without their delimiter.']);
    expect((await unclosed.frame(1)).pixels).toEqual(grey);
  });
});

/** A JPEG-LS stream whose three components follow each other in scans of their own, spliced from three grey streams. */
function separateScans(samples: Uint8Array): Uint8Array {
  const scans = [0, 1, 2].map((channel) => {
    const stream = encode(
      'encodeJpegLs',
      samples.filter((_, index) => index % 3 === channel),
      1,
    );
    const start = Buffer.from(stream).indexOf(Buffer.of(0xff, 0xda));
    const scan = Uint8Array.from(stream.subarray(start, stream.length - 2));
    // FF DA, length, number of components, component.
    scan[5] = channel + 1;
    return scan;
  });
  const frame = Buffer.of(0xff, 0xf7, 0, 17, 8, 0, height, 0, width, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0);
  return new Uint8Array(Buffer.concat([Buffer.of(0xff, 0xd8), frame, ...scans, Buffer.of(0xff, 0xd9)]));
}
