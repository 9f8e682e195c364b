import { constants, deflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDicom } from '../../electron/dicom/read-dicom.ts';
import { encode, runLength, startEncoders } from './encode-pixels.ts';
import {
  colorElements,
  imageElements,
  syntaxes,
  writeDeflated,
  writeDicom,
  type Syntax,
  type TestElement,
} from './write-dicom.ts';

const pixels = Uint8Array.of(0, 10, 20, 30, 200, 210, 220, 255);
const inverse = pixels.map((value) => 255 - value);
const shape = { columns: 4, rows: 2, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8 } as const;

beforeAll(startEncoders);

const without = (...tags: readonly string[]) => imageElements().filter(([tag]) => !tags.includes(tag));
const read = (elements: readonly TestElement[], syntax: Syntax = 'explicit') =>
  readDicom(writeDicom(elements, syntax), 'odd.dcm');

/** Bytes of a file with the 16-bit length of an explicit element replaced. */
function withLength(file: Uint8Array, tag: string, length: number, long = false): Buffer {
  const bytes = Buffer.from(file);
  const [group, element] = [tag.slice(0, 4), tag.slice(4)].map((half) => Number.parseInt(half, 16));
  const mark = Buffer.alloc(4);
  mark.writeUInt16LE(group, 0);
  mark.writeUInt16LE(element, 2);
  const at = bytes.indexOf(mark);
  expect(at).toBeGreaterThan(0);
  if (long) bytes.writeUInt32LE(length, at + 8);
  else bytes.writeUInt16LE(length, at + 6);
  return bytes;
}

describe('files of every ultrasound class', () => {
  it.each([
    '1.2.840.10008.5.1.4.1.1.6',
    '1.2.840.10008.5.1.4.1.1.6.1',
    '1.2.840.10008.5.1.4.1.1.6.2',
    '1.2.840.10008.5.1.4.1.1.3',
    '1.2.840.10008.5.1.4.1.1.3.1',
    '1.2.840.10008.5.1.4.1.1.7',
    '1.2.840.10008.5.1.4.1.1.7.2',
    '1.2.840.10008.5.1.4.1.1.7.4',
  ])('%s are read, with or without Modality', async (sopClassUID) => {
    for (const modality of [[], [['00080060', 'CS', 'US']]] satisfies TestElement[][]) {
      const file = await read(imageElements(['00080016', 'UI', sopClassUID], ...modality));
      expect(file).toMatchObject({
        warnings: [],
        instance: { sopClassUID },
        series: { modality: modality[0]?.[2] ?? null },
      });
      expect((await file.frame(1)).pixels).toEqual(pixels);
    }
  });
});

describe('headers that leave something out', () => {
  it('have it told by the rest, with a warning', async () => {
    const bare = await read(without('00280002', '00280004'));
    expect((await bare.frame(1)).pixels).toEqual(pixels);
    expect(bare.warnings).toEqual([
      'Samples per Pixel is missing; 1 was told by the rest of the header.',
      'Photometric Interpretation is missing; the pixels were read as MONOCHROME2.',
    ]);
    const color = Uint8Array.from({ length: 24 }, (_, index) => index * 9);
    const rgb = colorElements('RGB', ['7FE00010', 'OB', color]).filter(([tag]) => tag !== '00280002');
    expect((await (await read(rgb)).frame(1)).pixels).toEqual(color);
    const missing = without('00280100', '00280101', '00280102');
    await expect(read(missing)).rejects.toThrow(/^odd\.dcm: expected BitsAllocated to be 1 or 8 or 16, found none/);
  });

  it('have it told by the compressed pixels', async () => {
    const color = Uint8Array.from({ length: 24 }, (_, index) => index * 9);
    const stream = encode('encodeJpegLs', color, { ...shape, samplesPerPixel: 3 });
    const elements = [
      ...without('00280002', '00280004', '00280100', '00280101', '00280102', '7FE00010'),
      ['7FE00010', 'OB', { fragments: [stream] }],
    ] satisfies TestElement[];
    const file = await read(elements, 'jpegLs');
    expect((await file.frame(1)).pixels).toEqual(color);
    expect(file.warnings).toEqual([
      'Samples per Pixel is missing; 3 was told by the compressed pixels.',
      'Bits Allocated is missing; 8 was told by the compressed pixels.',
      'Photometric Interpretation is missing; the pixels were read as RGB.',
    ]);
  });

  it('are refused where they are cut into more frames than anybody records', async () => {
    const single = imageElements(
      ['7FE00010', 'OW', new Uint8Array(200_000)],
      ['00280010', 'US', Uint8Array.of(1, 0)],
      ['00280011', 'US', Uint8Array.of(1, 0)],
    );
    await expect(read(single)).rejects.toThrow('200000 frames; up to 180000 are read');
  });

  it('have their frames counted in the pixel data', async () => {
    const two = Uint8Array.of(...pixels, ...inverse);
    for (const stated of [[], [['00280008', 'IS', '0']]] satisfies TestElement[][]) {
      const file = await read(imageElements(['7FE00010', 'OW', two], ...stated));
      expect(file.frameCount).toBe(2);
      expect((await file.frame(2)).pixels).toEqual(inverse);
      expect(file.warnings).toContain('Number of Frames is missing; the pixel data hold 2 frames.');
    }
    for (const [syntax, encoder] of [
      ['jpegLs', (samples: Uint8Array) => encode('encodeJpegLs', samples, shape)],
      ['rle', (samples: Uint8Array) => runLength([samples])],
    ] as const) {
      const fragments = [pixels, inverse].map(encoder);
      const file = await read(imageElements(['7FE00010', 'OB', { fragments }]), syntax);
      expect(file.frameCount, syntax).toBe(2);
      expect((await file.frame(2)).pixels).toEqual(inverse);
    }
    const odd = await read(imageElements(['7FE00010', 'OW', new Uint8Array(30)]));
    expect(odd).toMatchObject({ frameCount: 1, warnings: [] });
  });
});

describe('lengths that are wrong', () => {
  const region: readonly TestElement[] = [
    ['00186018', 'UL', 0],
    ['0018601A', 'UL', 0],
    ['0018601C', 'UL', 3],
    ['0018601E', 'UL', 1],
  ];
  const regions: TestElement = ['00186011', 'SQ', [region, region]];

  it('spoil no more than their item of a sequence', async () => {
    for (const openLengths of [false, true]) {
      const whole = writeDicom(imageElements(regions), 'explicit', true, openLengths);
      expect((await readDicom(whole, 'a.dcm')).regions).toHaveLength(2);
      if (openLengths) continue;
      // The second region's length reaches past its item: the first region is whole.
      const file = await readDicom(withLength(whole, '0018601C', 400), 'odd.dcm');
      expect(file.regions.map(({ number }) => number)).toEqual([2]);
      expect(file.warnings).toEqual([
        expect.stringMatching(/^An item of a sequence was read up to a fault: element \(0018,601C\)/),
        'Ultrasound region 1 has no complete bounds and was left out.',
      ]);
      expect((await file.frame(1)).pixels).toEqual(pixels);
    }
  });

  it('are odd at times, with a padding byte that is counted or not', async () => {
    const described = writeDicom(imageElements(['00081030', 'LO', 'Abdomen']));
    const file = await readDicom(withLength(described, '00081030', 7), 'odd.dcm');
    expect(file).toMatchObject({
      title: 'Abdomen',
      warnings: [expect.stringContaining('(0008,1030) has an odd length')],
    });
    expect((await file.frame(1)).pixels).toEqual(pixels);
    const counted = Buffer.from(described);
    const at = counted.indexOf('Abdomen ');
    const tight = Buffer.concat([counted.subarray(0, at + 7), counted.subarray(at + 8)]);
    const other = await readDicom(withLength(tight, '00081030', 7), 'odd.dcm');
    expect(other).toMatchObject({ title: 'Abdomen', warnings: [] });
  });

  it('of elements before the pixel data are refused by name', async () => {
    const file = writeDicom(imageElements(['00081030', 'LO', 'Abdomen']));
    await expect(readDicom(withLength(file, '00081030', 60_000), 'odd.dcm')).rejects.toThrow(
      /^odd\.dcm is damaged or cut short: element \(0008,1030\) at byte \d+ needs 60000 bytes/,
    );
  });

  it('behind the pixel data, zeros and padding do no harm', async () => {
    const whole = writeDicom(imageElements());
    const padded = await readDicom(Buffer.concat([whole, Buffer.alloc(512)]), 'a.dcm');
    expect(padded.warnings).toEqual([]);
    const trailing = await readDicom(writeDicom(imageElements(['FFFCFFFC', 'OB', new Uint8Array(64)])), 'a.dcm');
    expect(trailing.warnings).toEqual([]);
    const rubbish = await readDicom(Buffer.concat([whole, Buffer.alloc(9, 0x55)]), 'a.dcm');
    expect(rubbish.warnings).toEqual([expect.stringContaining('What follows the pixel data cannot be read')]);
    for (const file of [padded, trailing, rubbish]) expect((await file.frame(1)).pixels).toEqual(pixels);
  });
});

describe('frames in several fragments', () => {
  const streams = () => [pixels, inverse].map((samples) => encode('encodeJpegLs', samples, shape));
  const halves = () => streams().map((stream) => [stream.subarray(0, 20), stream.subarray(20)]);
  const cine = (fragments: readonly Uint8Array[], offsetTable: readonly number[], ...changes: readonly TestElement[]) =>
    read(imageElements(['00280008', 'IS', '2'], ['7FE00010', 'OB', { fragments, offsetTable }], ...changes), 'jpegLs');
  const offsetOfSecond = () => halves()[0].reduce((sum, part) => sum + 8 + part.length + (part.length % 2), 0);
  const extended = (offset: number): TestElement => {
    const table = Buffer.alloc(16);
    table.writeBigUInt64LE(BigInt(offset), 8);
    return ['7FE00001', 'OV', new Uint8Array(table)];
  };

  it('are found by either offset table, and without one or in spite of a wrong one by their beginnings', async () => {
    const parts = halves().flat();
    for (const [table, changes, warnings] of [
      [[], [], []],
      [[0, offsetOfSecond()], [], []],
      [[], [extended(offsetOfSecond())], []],
      [[0, offsetOfSecond() + 2], [], [expect.stringContaining('does not fit its fragments')]],
      [[77], [], [expect.stringContaining('does not fit its fragments')]],
    ] as const) {
      const file = await cine(parts, table, ...changes);
      expect((await file.frame(1)).pixels).toEqual(pixels);
      expect((await file.frame(2)).pixels).toEqual(inverse);
      expect(file.warnings).toEqual(warnings);
    }
  });

  it('are found by the table where the second fragment looks like a stream of its own', async () => {
    const [first, second] = streams();
    const fragments = [first, Uint8Array.of(0xff, 0xd8, 0xff, 0xfe), second];
    const table = [0, 8 + first.length + (first.length % 2) + 8 + 4];
    const file = await cine(fragments, table);
    expect((await file.frame(2)).pixels).toEqual(inverse);
    expect(file).toMatchObject({ frameCount: 2, warnings: [] });
  });
});

describe('coded frames that say something else than their file', () => {
  it('are refused before a decoder makes room for them', async () => {
    const stream = Buffer.from(encode('encodeJpegLs', pixels, shape));
    const frame = stream.indexOf(Buffer.of(0xff, 0xf7));
    stream.writeUInt16BE(65_000, frame + 5);
    stream.writeUInt16BE(65_000, frame + 7);
    const file = await read(imageElements(['7FE00010', 'OB', { fragments: [stream] }]), 'jpegLs');
    await expect(file.frame(1)).rejects.toThrow(
      /^odd\.dcm: frame 1 is damaged or incomplete: the stream is of 65000×65000 pixels .* the file says 4×2/,
    );
    const large: TestElement[] = [
      ['00280010', 'US', 65_535],
      ['00280011', 'US', 65_535],
    ];
    await expect(read(imageElements(...large, ['7FE00010', 'OB', { fragments: [stream] }]), 'jpegLs')).rejects.toThrow(
      /^odd\.dcm has frames of 65535×65535 pixels, 4096 MB each; up to 72 MB are read/,
    );
  });

  it('are refused in a coding that their decoder is known to get wrong', async () => {
    const deep: TestElement[] = [
      ['00280100', 'US', 16],
      ['00280101', 'US', 16],
      ['00280102', 'US', 15],
    ];
    const samples = new Uint8Array(48);
    const stream = encode('encodeJpeg2000', samples, {
      ...shape,
      samplesPerPixel: 3,
      bitsAllocated: 16,
      bitsStored: 16,
    });
    const file = await read(colorElements('YBR_RCT', ...deep, ['7FE00010', 'OB', { fragments: [stream] }]), 'jpeg2000');
    await expect(file.frame(1)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/^odd\.dcm: frame 1 cannot be read: JPEG 2000 colours of more than 8 bits/),
    });
  });
});

describe('deflated data sets', () => {
  it('are not unfolded without end', async () => {
    // A private element of 400 MB: its header, zeros deflated 16 MB at a time, and an end.
    const header = Buffer.from('090010104f42000000000019', 'hex');
    const [start, zeros] = [header, Buffer.alloc(2 ** 24)].map((part) =>
      deflateRawSync(part, { finishFlush: constants.Z_FULL_FLUSH }),
    );
    const meta = writeDeflated([]).subarray(0, -2);
    const bomb = Buffer.concat([
      meta,
      start,
      ...Array.from({ length: 25 }, () => zeros),
      deflateRawSync(Buffer.alloc(0)),
    ]);
    expect(bomb.length).toBeLessThan(1_000_000);
    await expect(readDicom(bomb, 'bomb.dcm')).rejects.toThrow(/^bomb\.dcm .* unfolds to more than 256 MB/);
  });

  it('are not held whatever the number of their elements', async () => {
    const sequence = Buffer.from('0900101053510000ffffffff', 'hex');
    const emptyItems = Buffer.alloc(8 * 1_000_001, Buffer.from('feff00e000000000', 'hex'));
    const meta = writeDeflated([]).subarray(0, -2);
    const crowd = Buffer.concat([meta, deflateRawSync(Buffer.concat([sequence, emptyItems]))]);
    expect(crowd.length).toBeLessThan(100_000);
    await expect(readDicom(crowd, 'crowd.dcm')).rejects.toThrow(/^crowd\.dcm .* has more than 1000000 elements/);
  });
});

describe('codings without a decoder', () => {
  it('are refused by name', async () => {
    for (const uid of ['1.2.840.10008.1.2.4.100', '1.2.840.10008.1.2.4.94', '1.2.840.10008.1.2.4.107']) {
      const file = Buffer.from(
        writeDicom(imageElements(['7FE00010', 'OB', { fragments: [new Uint8Array(8)] }]), 'mpeg4'),
      );
      const at = file.indexOf(syntaxes.mpeg4);
      file.write(uid.padEnd(syntaxes.mpeg4.length, '\0').slice(0, syntaxes.mpeg4.length), at, 'latin1');
      await expect(readDicom(file, 'odd.dcm')).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining(`odd.dcm: transfer syntax ${uid}`),
      });
    }
  });
});
