import { describe, expect, it } from 'vitest';
import { readDicom } from '../../electron/dicom/read-dicom.ts';
import { colorElements, imageElements, writeDicom, type Syntax, type TestElement } from './write-dicom.ts';

/** Every third sample, from the given one. */
function channel(pixels: Uint8Array, first: 0 | 1): number[] {
  return Array.from(pixels).filter((_, index) => index % 3 === first);
}

async function read(elements: readonly TestElement[], syntax: Syntax = 'explicit') {
  const file = await readDicom(writeDicom(elements, syntax), 'a.dcm');
  return { ...(await file.frame(1)), warnings: file.warnings };
}

/** Little-endian 16-bit words. */
function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  values.forEach((value, index) => new DataView(bytes.buffer).setUint16(index * 2, value & 0xffff, true));
  return bytes;
}

const deep: readonly TestElement[] = [
  ['00280100', 'US', 16],
  ['00280101', 'US', 12],
  ['00280102', 'US', 11],
];

describe('grey pixels', () => {
  it('are inverted where 0 is white', async () => {
    const { pixels } = await read(imageElements(['00280004', 'CS', 'MONOCHROME1']));
    expect([...pixels]).toEqual([255, 245, 235, 225, 55, 45, 35, 0]);
  });

  it('go through a window, but not through one that just means all there is', async () => {
    const window = (center: string, width: string): TestElement[] => [
      ['00281050', 'DS', center],
      ['00281051', 'DS', width],
    ];
    // PS3.3 C.11.2.1.2.1: 0 up to 14.5, 255 from 24.5, linear between.
    const narrow = await read(imageElements(...window('20', '11')));
    expect([...narrow.pixels]).toEqual([0, 0, 140, 255, 255, 255, 255, 255]);
    const exact = await read(imageElements(...window('20', '10'), ['00281056', 'CS', 'LINEAR_EXACT']));
    expect([...exact.pixels.subarray(0, 4)]).toEqual([0, 0, 128, 255]);
    const smooth = await read(imageElements(...window('20', '40'), ['00281056', 'CS', 'SIGMOID']));
    expect([...smooth.pixels.subarray(0, 4)]).toEqual([30, 69, 128, 186]);
    for (const [center, width] of [
      ['127', '254'],
      ['128', '256'],
      ['127.5', '255'],
    ]) {
      const { pixels } = await read(imageElements(...window(center, width)));
      expect([...pixels]).toEqual([0, 10, 20, 30, 200, 210, 220, 255]);
    }
  });

  it('of 12 bits fill the range of 8, or what the file says it uses; bits above them are cut off', async () => {
    const pixels = words(0, 4095, 2048, 0xf000 + 1024, 1000, 2000, 3000, 16);
    for (const syntax of ['explicit', 'implicit', 'bigEndian'] satisfies Syntax[]) {
      const plain = await read(imageElements(...deep, ['7FE00010', 'OW', pixels]), syntax);
      expect([...plain.pixels]).toEqual([0, 255, 128, 64, 62, 125, 187, 1]);
      expect(plain.channels).toBe(1);
    }
    const used: TestElement[] = [
      ['00280106', 'US', 1000],
      ['00280107', 'US', 2000],
    ];
    const scaled = await read(imageElements(...deep, ...used, ['7FE00010', 'OW', pixels]));
    expect([...scaled.pixels]).toEqual([0, 255, 255, 6, 0, 255, 255, 0]);
  });

  it('may lie at the upper end of their words', async () => {
    const high: TestElement = ['00280102', 'US', 15];
    const levels = [0, 4095, 2048, 1024, 1000, 2000, 3000, 16];
    const pixels = words(...levels.map((level) => level * 16 + 5));
    for (const syntax of ['explicit', 'bigEndian'] satisfies Syntax[]) {
      const shown = await read(imageElements(...deep, high, ['7FE00010', 'OW', pixels]), syntax);
      expect([...shown.pixels]).toEqual([0, 255, 128, 64, 62, 125, 187, 1]);
      expect(shown.warnings).toEqual([]);
    }
    const signed = words(...[-2048, 2047, 0, 0, 0, 0, 0, 0].map((level) => level * 16));
    const both = await read(imageElements(...deep, high, ['00280103', 'US', 1], ['7FE00010', 'OW', signed]));
    expect([...both.pixels.subarray(0, 3)]).toEqual([0, 255, 128]);
    const odd = await read(imageElements(...deep, ['00280102', 'US', 20], ['7FE00010', 'OW', words(...levels)]));
    expect(odd.pixels[1]).toBe(255);
    expect(odd.warnings).toEqual([expect.stringContaining('High Bit is 20')]);
  });

  it('that only fill the frame are black', async () => {
    const filled = (...changes: readonly TestElement[]) =>
      read(imageElements(['00280004', 'CS', 'MONOCHROME1'], ...changes));
    expect([...(await filled(['00280120', 'US', 0])).pixels]).toEqual([0, 245, 235, 225, 55, 45, 35, 0]);
    const range = await filled(['00280120', 'US', 20], ['00280121', 'US', 0]);
    expect([...range.pixels]).toEqual([0, 0, 0, 225, 55, 45, 35, 0]);
  });

  it('may be signed and rescaled before their window', async () => {
    const elements = imageElements(
      ...deep,
      ['00280103', 'US', 1],
      ['00281052', 'DS', '10'],
      ['00281053', 'DS', '2'],
      ['00281050', 'DS', '0.5'],
      ['00281051', 'DS', '256'],
      ['7FE00010', 'OW', words(-69, -5, 0, 58, -2048, 2047, 10, 20)],
    );
    // Twice the value and 10 more, then -127.5 to 127.5 over 0 to 255.
    expect([...(await read(elements)).pixels]).toEqual([0, 128, 138, 254, 0, 255, 158, 178]);
  });

  it('go through a VOI lookup table', async () => {
    const table: TestElement = [
      '00283010',
      'SQ',
      [
        [
          ['00283002', 'US', [3, 10, 8]],
          ['00283006', 'OW', words(255, 100, 7)],
        ],
      ],
    ];
    for (const syntax of ['explicit', 'implicit', 'bigEndian'] satisfies Syntax[]) {
      const { pixels } = await read(
        imageElements(table, ['7FE00010', 'OW', Uint8Array.of(0, 9, 10, 11, 12, 13, 99, 255)]),
        syntax,
      );
      expect([...pixels]).toEqual([255, 255, 255, 100, 7, 7, 7, 7]);
    }
  });
});

describe('palette pixels', () => {
  const palette = (descriptor: readonly number[], red: Uint8Array, green: Uint8Array, blue: Uint8Array) =>
    imageElements(
      ['00280004', 'CS', 'PALETTE COLOR'],
      ['00281101', 'US', descriptor],
      ['00281102', 'US', descriptor],
      ['00281103', 'US', descriptor],
      ['00281201', 'OW', red],
      ['00281202', 'OW', green],
      ['00281203', 'OW', blue],
      ['7FE00010', 'OW', Uint8Array.of(0, 1, 2, 3, 4, 2, 1, 0)],
    );
  const shown = [10, 40, 70, 20, 50, 80, 30, 60, 90];

  it('take 16-bit entries by their high byte, in every byte order', async () => {
    const table = (...values: readonly number[]) => words(...values.map((value) => value * 256 + 99));
    const elements = palette([3, 0, 16], table(10, 20, 30), table(40, 50, 60), table(70, 80, 90));
    for (const syntax of ['explicit', 'implicit', 'bigEndian'] satisfies Syntax[]) {
      const { pixels, channels } = await read(elements, syntax);
      expect(channels).toBe(3);
      expect([...pixels.subarray(0, 9)], syntax).toEqual(shown);
      // Beyond the table the last entry stands.
      expect([...pixels.subarray(9, 15)]).toEqual([30, 60, 90, 30, 60, 90]);
    }
  });

  it('take 8-bit entries, two in a word or each in its own', async () => {
    for (const pack of [words, (...values: readonly number[]) => Uint8Array.from(values)]) {
      const elements = palette([3, 0, 8], pack(10, 20, 30), pack(40, 50, 60), pack(70, 80, 90));
      for (const syntax of ['explicit', 'bigEndian'] satisfies Syntax[]) {
        expect([...(await read(elements, syntax)).pixels.subarray(0, 9)]).toEqual(shown);
      }
    }
  });

  it('take 16-bit entries that fill only the low byte as they are, and say so', async () => {
    const { pixels, warnings } = await read(
      palette([3, 0, 16], words(10, 20, 30), words(40, 50, 60), words(70, 80, 90)),
    );
    expect([...pixels.subarray(0, 9)]).toEqual(shown);
    expect(warnings).toEqual([expect.stringContaining('only the lower 8 bits')]);
  });

  it('start at the first mapped value, and are one channel where all entries are grey', async () => {
    const table = words(0x0a00, 0x1400, 0x1e00);
    const { pixels, channels } = await read(palette([3, 2, 16], table, table, table));
    expect(channels).toBe(1);
    expect([...pixels]).toEqual([10, 10, 10, 20, 30, 10, 10, 10]);
  });

  it('of 16 bits index palettes of 65536 entries, which a descriptor counts as 0', async () => {
    const ramp = words(...Array.from({ length: 65_536 }, (_, index) => index));
    const flat = words(...Array.from({ length: 65_536 }, () => 0x8000));
    const indices = words(0, 256, 0xffff, 0x1234, 0x8000, 0xff, 1, 2);
    const elements = palette([0, 0, 16], ramp, flat, flat).filter(([tag]) => !/^(7FE0|00280100|0028010[12])/.test(tag));
    elements.push(['7FE00010', 'OW', indices], ['00280100', 'US', 16], ['00280101', 'US', 16], ['00280102', 'US', 15]);
    // Tables of this size do not fit the 16-bit length of a short representation: OW has 32 bits.
    for (const syntax of ['explicit', 'bigEndian'] satisfies Syntax[]) {
      const { pixels } = await read(elements, syntax);
      expect(channel(pixels, 0)).toEqual([0, 1, 255, 0x12, 0x80, 0, 0, 0]);
      expect(channel(pixels, 1)).toEqual([128, 128, 128, 128, 128, 128, 128, 128]);
    }
  });

  it('in segments are unfolded: values, lines, and repetitions', async () => {
    // Two values, a line of 4 steps up to 0x5000, then the line again from where it ended.
    const segments = words(0, 2, 0x0a00, 0x1000, 1, 4, 0x5000, 2, 1, 8, 0, 0, 1, 0x0100);
    const flat = words(0, 1, 0x0100, 1, 10, 0x0100);
    const elements: TestElement[] = [
      ...palette([11, 0, 16], flat, flat, flat).filter(([tag]) => !tag.startsWith('002812') && !tag.startsWith('7FE0')),
      ['00281221', 'OW', segments],
      ['00281222', 'OW', flat],
      ['00281223', 'OW', flat],
      ['7FE00010', 'OW', Uint8Array.of(0, 1, 2, 3, 5, 6, 9, 10)],
    ];
    for (const syntax of ['explicit', 'implicit', 'bigEndian'] satisfies Syntax[]) {
      const { pixels } = await read(elements, syntax);
      const red = channel(pixels, 0);
      expect(red, syntax).toEqual([0x0a, 0x10, 0x20, 0x30, 0x50, 0x50, 0x50, 0x01]);
    }
  });

  it('are refused without a palette or with one that is too short', async () => {
    const bare = imageElements(['00280004', 'CS', 'PALETTE COLOR']);
    await expect(read(bare)).rejects.toThrow(/^a\.dcm: the descriptor of its red palette is missing/);
    const short = palette([200, 0, 16], words(1, 2), words(1, 2), words(1, 2));
    await expect(read(short)).rejects.toThrow(/its red palette should have 200 entries, it has 2/);
  });
});

describe('colour pixels', () => {
  const pixel = (index: number) => [index * 20, 255 - index * 20, 100];
  const interleaved = Uint8Array.from(Array.from({ length: 8 }, (_, index) => pixel(index)).flat());
  const planes = Uint8Array.from(
    [0, 1, 2].flatMap((channel) => Array.from({ length: 8 }, (_, index) => pixel(index)[channel])),
  );

  it('are the same pixel by pixel and plane by plane, in every byte order', async () => {
    for (const syntax of ['explicit', 'implicit', 'bigEndian'] satisfies Syntax[]) {
      const byPixel = await read(colorElements('RGB', ['7FE00010', 'OW', interleaved]), syntax);
      const byPlane = await read(colorElements('RGB', ['00280006', 'US', 1], ['7FE00010', 'OW', planes]), syntax);
      expect(byPixel.pixels, syntax).toEqual(interleaved);
      expect(byPlane.pixels, syntax).toEqual(interleaved);
    }
  });

  it('of luminance and chroma become RGB', async () => {
    // Grey, red, green, blue and white in YBR_FULL.
    const colors = [
      [128, 128, 128],
      [76, 85, 255],
      [150, 44, 21],
      [29, 255, 107],
      [255, 128, 128],
    ];
    const data = Uint8Array.from(Array.from({ length: 8 }, (_, index) => colors[index % 5]).flat());
    const { pixels } = await read(colorElements('YBR_FULL', ['7FE00010', 'OB', data]));
    const wanted = [128, 128, 128, 254, 0, 0, 0, 255, 1, 0, 0, 254, 255, 255, 255];
    wanted.forEach((value, index) => expect(Math.abs(pixels[index] - value), String(index)).toBeLessThanOrEqual(1));
  });

  it('share chroma between two neighbours in YBR_FULL_422, unless the file is longer than that', async () => {
    const subsampled = Uint8Array.from(
      Array.from({ length: 4 }, (_, pair) => [pair * 10, pair * 10 + 5, 128, 128]).flat(),
    );
    const half = await read(colorElements('YBR_FULL_422', ['7FE00010', 'OB', subsampled]));
    expect(channel(half.pixels, 0)).toEqual([0, 5, 10, 15, 20, 25, 30, 35]);
    expect(half.warnings).toEqual([]);
    const whole = Uint8Array.from(Array.from({ length: 8 }, (_, index) => [index * 10, 128, 128]).flat());
    const full = await read(colorElements('YBR_FULL_422', ['7FE00010', 'OB', whole]));
    expect(channel(full.pixels, 1)).toEqual([0, 10, 20, 30, 40, 50, 60, 70]);
    expect(full.warnings).toEqual([expect.stringContaining('the chroma is not subsampled')]);
    const studio = Uint8Array.from(Array.from({ length: 4 }, () => [16, 235, 128, 128]).flat());
    const partial = await read(colorElements('YBR_PARTIAL_422', ['7FE00010', 'OB', studio]));
    expect([...partial.pixels.subarray(0, 6)]).toEqual([0, 0, 0, 255, 255, 255]);
  });

  it('of 16 bits keep the upper 8 of those stored', async () => {
    const data = words(...[...interleaved].map((value) => value * 256 + 7));
    const elements = colorElements('RGB', ['00280100', 'US', 16], ['00280101', 'US', 16], ['7FE00010', 'OW', data]);
    for (const syntax of ['explicit', 'bigEndian'] satisfies Syntax[]) {
      expect((await read(elements, syntax)).pixels).toEqual(interleaved);
    }
  });

  it('are told by their samples where the file does not say what they are', async () => {
    const color = await read(colorElements('', ['7FE00010', 'OW', interleaved]));
    expect(color.pixels).toEqual(interleaved);
    expect(color.warnings).toEqual([expect.stringContaining('Photometric Interpretation is missing')]);
    const grey = await read(imageElements(['00280004', 'CS', 'RGB']));
    expect(grey).toMatchObject({ channels: 1, warnings: [expect.stringContaining('does not go with 1 samples')] });
  });
});
