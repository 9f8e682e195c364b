// Owns one small file for each valid combination of transfer syntax, photometric interpretation and depth, with what it shows. Two frames
// each: the second has its colours, or its grey levels, turned around.
import sharp from 'sharp';
import { deflateRawSync } from 'node:zlib';
import { bytePlanes, encode, runLength, words, type Encoder, type EncoderSettings } from './encode-pixels.ts';
import { colorElements, imageElements, writeDeflated, writeDicom, type TestElement } from './write-dicom.ts';

export interface PixelSample {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly channels: 1 | 3;
  /** Both frames as displayed. */
  readonly shown: readonly [Uint8Array, Uint8Array];
  /** Furthest that a displayed level may be off: 0 where nothing is lost. */
  readonly tolerance: number;
}

export const sampleColumns = 24;
export const sampleRows = 16;
const pixelCount = sampleColumns * sampleRows;

interface Depth {
  readonly allocated: 8 | 16;
  readonly stored: number;
  readonly signed?: boolean;
}

/** Stored values of both frames, pixel by pixel, and what they show. */
interface Content {
  readonly name: string;
  readonly photometric: string;
  readonly samplesPerPixel: 1 | 3;
  readonly depth: Depth;
  readonly stored: readonly [readonly number[], readonly number[]];
  readonly shown: readonly [Uint8Array, Uint8Array];
  readonly elements: readonly TestElement[];
}

const eight: Depth = { allocated: 8, stored: 8 };
const seven: Depth = { allocated: 8, stored: 7 };
const eightOfSixteen: Depth = { allocated: 16, stored: 8 };
const twelve: Depth = { allocated: 16, stored: 12 };
const sixteen: Depth = { allocated: 16, stored: 16 };
const signedEight: Depth = { allocated: 8, stored: 8, signed: true };
const signedTwelve: Depth = { allocated: 16, stored: 12, signed: true };
const signedSixteen: Depth = { allocated: 16, stored: 16, signed: true };

/** A slope over the picture from 0 to 1, another for each channel; smooth, so that lossy coding stays near. */
function slope(pixel: number, channel: number): number {
  const [x, y] = [(pixel % sampleColumns) / (sampleColumns - 1), Math.floor(pixel / sampleColumns) / (sampleRows - 1)];
  return [(x + y) / 2, 1 - (x + 2 * y) / 3, 0.25 + (x - y) / 4][channel];
}

function grey(depth: Depth, photometric = 'MONOCHROME2'): Content {
  const full = 2 ** depth.stored - 1;
  const low = depth.signed ? -(2 ** (depth.stored - 1)) : 0;
  const levels = Array.from({ length: pixelCount }, (_, pixel) => Math.round(slope(pixel, 0) * full));
  const show = (values: readonly number[]) => {
    const shown = values.map((value) => Math.round((value * 255) / full));
    return Uint8Array.from(photometric === 'MONOCHROME1' ? shown.map((level) => 255 - level) : shown);
  };
  const turned = levels.map((value) => full - value);
  return {
    name: `${photometric} ${depth.stored} of ${depth.allocated} bits${depth.signed ? ' signed' : ''}`,
    photometric,
    samplesPerPixel: 1,
    depth,
    stored: [levels.map((value) => value + low), turned.map((value) => value + low)],
    shown: [show(levels), show(turned)],
    elements: [],
  };
}

/** Indices into 64 entries, red up, green down, blue up and down; of 16 bits the indices begin at 1000. */
function palette(depth: Depth, entryBits: 8 | 16): Content {
  const first = depth.allocated === 16 ? 1000 : 0;
  const entries = Array.from({ length: 64 }, (_, index) => [index * 4, 255 - index * 3, Math.abs(index - 32) * 7]);
  const index = Array.from({ length: pixelCount }, (_, pixel) => Math.round(slope(pixel, 0) * 63));
  const table = (channel: number) => {
    const values = entries.map((entry) => entry[channel]);
    return entryBits === 16 ? words(...values.map((value) => value * 257)) : Uint8Array.from(values);
  };
  const show = (indices: readonly number[]) => Uint8Array.from(indices.flatMap((value) => entries[value]));
  const turned = index.map((value) => 63 - value);
  const descriptor = [64, first, entryBits];
  return {
    name: `PALETTE COLOR ${depth.allocated} bits, entries of ${entryBits}`,
    photometric: 'PALETTE COLOR',
    samplesPerPixel: 1,
    depth,
    stored: [index.map((value) => value + first), turned.map((value) => value + first)],
    shown: [show(index), show(turned)],
    elements: [
      ...(['00281101', '00281102', '00281103'] as const).map((tag): TestElement => [tag, 'US', descriptor]),
      ...(['00281201', '00281202', '00281203'] as const).map((tag, channel): TestElement => [
        tag,
        'OW',
        table(channel),
      ]),
    ],
  };
}

const toYbr = ([red, green, blue]: readonly number[]) => [
  0.299 * red + 0.587 * green + 0.114 * blue,
  128 - 0.168736 * red - 0.331264 * green + 0.5 * blue,
  128 + 0.5 * red - 0.418688 * green - 0.081312 * blue,
];

/** RGB, or the same in luminance and chroma where `photometric` says so. */
function color(photometric: string, depth: Depth = eight): Content {
  const scale = 2 ** (depth.stored - 8);
  const levels = Array.from({ length: pixelCount }, (_, pixel) =>
    [0, 1, 2].map((channel) => Math.round(slope(pixel, channel) * 255)),
  );
  const turned = levels.map(([red, green, blue]) => [blue, red, green]);
  const isYbr = photometric.startsWith('YBR_FULL') || photometric.startsWith('YBR_PARTIAL');
  const store = (pixels: readonly (readonly number[])[]) =>
    pixels.flatMap((pixel) => (isYbr ? toYbr(pixel).map(Math.round) : pixel.map((level) => level * scale)));
  return {
    name: `${photometric} ${depth.stored} bits`,
    photometric,
    samplesPerPixel: 3,
    depth,
    stored: [store(levels), store(turned)],
    shown: [Uint8Array.from(levels.flat()), Uint8Array.from(turned.flat())],
    elements: [],
  };
}

const toBytes = (values: readonly number[], { allocated }: Depth) =>
  allocated === 16 ? words(...values) : Uint8Array.from(values, (value) => value & 0xff);

function toPlanes(samples: readonly number[]): number[] {
  return [0, 1, 2].flatMap((channel) => samples.filter((_, index) => index % 3 === channel));
}

/** Luminance of two neighbours, then the chroma that they share; within the range of video for YBR_PARTIAL_422. */
function subsample(content: Content): Content {
  const isPartial = content.photometric === 'YBR_PARTIAL_422';
  const luma = (value: number) => Math.round(isPartial ? 16 + (value * 219) / 255 : value);
  const chroma = (one: number, two: number) => {
    const mean = (one + two) / 2;
    return Math.round(isPartial ? 128 + ((mean - 128) * 224) / 255 : mean);
  };
  const pairs = (samples: readonly number[]) =>
    Array.from({ length: pixelCount / 2 }, (_, pair) => {
      const [y1, b1, r1, y2, b2, r2] = samples.slice(pair * 6, pair * 6 + 6);
      return [luma(y1), luma(y2), chroma(b1, b2), chroma(r1, r2)];
    }).flat();
  return { ...content, stored: [pairs(content.stored[0]), pairs(content.stored[1])] };
}

function elementsOf(content: Content, pixelData: TestElement, ...changes: readonly TestElement[]): TestElement[] {
  const { depth, photometric, samplesPerPixel } = content;
  const all: TestElement[] = [
    ['00080060', 'CS', 'US'],
    ['00280004', 'CS', photometric],
    ['00280008', 'IS', '2'],
    ['00280010', 'US', sampleRows],
    ['00280011', 'US', sampleColumns],
    ['00280100', 'US', depth.allocated],
    ['00280101', 'US', depth.stored],
    ['00280102', 'US', depth.stored - 1],
    ['00280103', 'US', depth.signed ? 1 : 0],
    ...content.elements,
    ...changes,
    pixelData,
  ];
  return samplesPerPixel === 3 ? colorElements(photometric, ...all) : imageElements(...all);
}

function sample(syntaxName: string, content: Content, bytes: Uint8Array, tolerance: number): PixelSample {
  const channels = content.samplesPerPixel === 3 || content.photometric === 'PALETTE COLOR' ? 3 : 1;
  return { name: `${syntaxName}: ${content.name}`, bytes, channels, shown: content.shown, tolerance };
}

/** Uncompressed, in each of the four encodings of the data set. */
function nativeSamples(): PixelSample[] {
  const planar: TestElement = ['00280006', 'US', 1];
  const ybr = [subsample(color('YBR_FULL_422')), subsample(color('YBR_PARTIAL_422'))];
  const plain: readonly (readonly [Content, number, ...TestElement[]])[] = [
    ...[eight, seven, eightOfSixteen, twelve, sixteen, signedEight, signedTwelve, signedSixteen].map(
      (depth) => [grey(depth), 0] as const,
    ),
    [grey(eight, 'MONOCHROME1'), 0],
    [grey(twelve, 'MONOCHROME1'), 0],
    [palette(eight, 8), 0],
    [palette(eight, 16), 0],
    [palette(sixteen, 16), 0],
    [color('RGB'), 0],
    [color('RGB', sixteen), 0],
    [color('YBR_FULL'), 2],
    // Neighbours share the mean of their chroma.
    ...ybr.map((content) => [content, 14] as const),
  ];
  const samples = plain.map(([content, tolerance]) => ({ content, tolerance, changes: [] as TestElement[] }));
  for (const photometric of ['RGB', 'YBR_FULL']) {
    const content = color(photometric);
    samples.push({
      content: {
        ...content,
        name: `${content.name} by planes`,
        stored: [toPlanes(content.stored[0]), toPlanes(content.stored[1])],
      },
      tolerance: photometric === 'RGB' ? 0 : 2,
      changes: [planar],
    });
  }
  return samples.flatMap(({ content, tolerance, changes }) => {
    const data = toBytes(content.stored.flat(), content.depth);
    const elements = elementsOf(content, ['7FE00010', 'OW', data], ...changes);
    return [
      ...(['implicit', 'explicit', 'bigEndian'] as const).map((syntax) =>
        sample(syntax, content, writeDicom(elements, syntax), tolerance),
      ),
      sample('deflated', content, writeDeflated(elements), tolerance),
    ];
  });
}

/** Single bits, eight in a byte from the lowest: frames follow each other without a gap. */
function bitSamples(): PixelSample[] {
  const bits = Array.from({ length: pixelCount }, (_, pixel) => (slope(pixel, 0) > 0.4 ? 1 : 0));
  const turned = bits.map((bit) => 1 - bit);
  const pack = (values: readonly number[]) =>
    Uint8Array.from({ length: Math.ceil(values.length / 8) }, (_, byte) =>
      values.slice(byte * 8, byte * 8 + 8).reduce((sum, bit, place) => sum | (bit << place), 0),
    );
  const content: Content = {
    ...grey(eight),
    name: 'MONOCHROME2 single bits',
    shown: [Uint8Array.from(bits, (bit) => bit * 255), Uint8Array.from(turned, (bit) => bit * 255)],
  };
  const depth: TestElement[] = [
    ['00280100', 'US', 1],
    ['00280101', 'US', 1],
    ['00280102', 'US', 0],
  ];
  const native = elementsOf(content, ['7FE00010', 'OW', pack([...bits, ...turned])], ...depth);
  const fragments = [bits, turned].map((values) => deflateRawSync(pack(values)));
  const deflated = elementsOf(content, ['7FE00010', 'OB', { fragments }], ...depth);
  return [
    sample('explicit', content, writeDicom(native), 0),
    sample('deflated frames', content, writeDicom(deflated, 'deflatedFrames'), 0),
  ];
}

function encapsulated(
  syntax: Parameters<typeof writeDicom>[1],
  content: Content,
  fragments: readonly Uint8Array[],
  tolerance: number,
): PixelSample {
  const elements = elementsOf(content, ['7FE00010', 'OB', { fragments }]);
  return sample(String(syntax), content, writeDicom(elements, syntax), tolerance);
}

const framesOf = (content: Content) => content.stored.map((values) => toBytes(values, content.depth));

/** Frames in fragments, coded run by run, deflated, or not at all. */
function simpleSamples(): PixelSample[] {
  const contents = [
    ...[eight, twelve, sixteen, signedSixteen].map((depth) => grey(depth)),
    grey(eight, 'MONOCHROME1'),
    palette(eight, 16),
    palette(sixteen, 16),
    color('RGB'),
    color('RGB', sixteen),
    color('YBR_FULL'),
  ];
  return contents.flatMap((content) => {
    const tolerance = content.photometric === 'YBR_FULL' ? 2 : 0;
    const frames = framesOf(content);
    const shape = { ...shapeOf(content) };
    const runs = frames.map((frame) => runLength(bytePlanes(frame, shape)));
    return [
      encapsulated('rle', content, runs, tolerance),
      encapsulated('plain', content, frames, tolerance),
      encapsulated(
        'deflatedFrames',
        content,
        frames.map((frame) => deflateRawSync(frame)),
        tolerance,
      ),
    ];
  });
}

function shapeOf({ samplesPerPixel, depth, photometric }: Content) {
  return {
    columns: sampleColumns,
    rows: sampleRows,
    samplesPerPixel,
    bitsAllocated: depth.allocated,
    bitsStored: depth.stored,
    signed: depth.signed ?? false,
    // The wavelets' encoders transform RGB by themselves.
    photometric: photometric === 'YBR_RCT' || photometric === 'YBR_ICT' ? 'RGB' : photometric,
  };
}

function coded(
  syntax: Parameters<typeof writeDicom>[1],
  content: Content,
  encoder: Encoder,
  tolerance: number,
  settings: EncoderSettings = {},
): PixelSample {
  const fragments = framesOf(content).map((frame) => encode(encoder, frame, shapeOf(content), settings));
  return encapsulated(syntax, content, fragments, tolerance);
}

function losslessSamples(): PixelSample[] {
  const deep = [twelve, sixteen, signedTwelve, signedSixteen].map((depth) => grey(depth));
  const plain = [grey(eight), grey(seven), grey(eight, 'MONOCHROME1'), palette(eight, 16), palette(sixteen, 16)];
  const jpeg = [...plain, ...deep, color('RGB'), color('YBR_FULL')].flatMap((content) => {
    const tolerance = content.photometric === 'YBR_FULL' ? 2 : 0;
    return [
      coded('jpegLossless', content, 'encodeJpeg', tolerance),
      coded('jpegLosslessAny', content, 'encodeJpeg', tolerance, { predictor: 4 }),
      coded('jpegLs', content, 'encodeJpegLs', tolerance),
    ];
  });
  // What stands in the header once the encoder has transformed the colours.
  const transformed = { ...color('RGB'), photometric: 'YBR_RCT', name: 'YBR_RCT 8 bits' };
  const wavelets = [...plain, ...deep, color('RGB'), transformed].flatMap((content) => [
    coded('jpeg2000', content, 'encodeJpeg2000', 0),
    coded('htj2k', content, 'encodeHtJpeg2000', 0),
    coded('htj2kRpcl', content, 'encodeHtJpeg2000', 0),
  ]);
  const xl = [grey(eight), grey(twelve), grey(sixteen), color('RGB')].map((content) =>
    coded('jpegXlLossless', content, 'encodeJpegXl', 0),
  );
  const narrow = coded('jpegLs', grey(eightOfSixteen), 'encodeJpegLs', 0);
  return [...jpeg, ...wavelets, ...xl, narrow];
}

function lossySamples(): PixelSample[] {
  const ict = { ...color('RGB'), photometric: 'YBR_ICT', name: 'YBR_ICT 8 bits' };
  return [
    coded('jpeg', grey(eight), 'encodeJpeg', 3, { lossy: true, quality: 95 }),
    coded('jpegExtended', grey(eight), 'encodeJpeg', 3, { lossy: true, quality: 95 }),
    ...[grey(eight), grey(twelve), grey(sixteen), color('RGB')].map((content) =>
      coded('jpegLsNear', content, 'encodeJpegLs', 3, { lossy: true, allowedLossyError: 3 }),
    ),
    ...[grey(eight), grey(twelve), grey(sixteen), ict].flatMap((content) => [
      coded('jpeg2000Lossy', content, 'encodeJpeg2000', 20, { lossy: true, rate: 4 }),
      coded('htj2kLossy', content, 'encodeHtJpeg2000', 6, { lossy: true }),
    ]),
    ...[grey(eight), color('RGB')].map((content) => coded('jpegXl', content, 'encodeJpegXl', 12, { lossy: true })),
  ];
}

/** By the picture library's encoder: luminance and chroma, whole and subsampled, sequential and progressive. */
async function jpegSamples(): Promise<PixelSample[]> {
  const samples: PixelSample[] = [];
  const content = color('RGB');
  for (const [syntax, photometric, options, tolerance] of [
    ['jpeg', 'YBR_FULL', { chromaSubsampling: '4:4:4' }, 4],
    ['jpeg', 'YBR_FULL_422', { chromaSubsampling: '4:2:0' }, 16],
    ['jpegExtended', 'YBR_FULL_422', { chromaSubsampling: '4:2:0' }, 16],
    ['jpegSpectral', 'YBR_FULL_422', { chromaSubsampling: '4:2:0', progressive: true }, 16],
    ['jpegProgressive', 'YBR_FULL_422', { chromaSubsampling: '4:4:4', progressive: true }, 4],
  ] as const) {
    const raw = { raw: { width: sampleColumns, height: sampleRows, channels: 3 as const } };
    const frames = content.shown.map((frame) =>
      sharp(frame, raw)
        .jpeg({ quality: 98, ...options })
        .toBuffer(),
    );
    samples.push(
      encapsulated(
        syntax,
        { ...content, photometric, name: `${photometric} 8 bits` },
        await Promise.all(frames),
        tolerance,
      ),
    );
  }
  return samples;
}

/** Needs `startEncoders`. */
export async function pixelSamples(): Promise<PixelSample[]> {
  return [
    ...nativeSamples(),
    ...bitSamples(),
    ...simpleSamples(),
    ...losslessSamples(),
    ...lossySamples(),
    ...(await jpegSamples()),
  ];
}
