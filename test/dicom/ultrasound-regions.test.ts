import { describe, expect, it } from 'vitest';
import { regionsOfFrame } from '../../electron/common/study.ts';
import { readDicom } from '../../electron/dicom/read-dicom.ts';
import { imageElements, writeDicom, type TestElement } from './write-dicom.ts';

function region(changes: readonly TestElement[]): readonly TestElement[] {
  const elements = new Map<string, TestElement>();
  const defaults: readonly TestElement[] = [
    ['00186016', 'UL', 1],
    ['00186018', 'UL', 0],
    ['0018601A', 'UL', 0],
    ['0018601C', 'UL', 3],
    ['0018601E', 'UL', 1],
    ['00186024', 'US', 3],
    ['00186026', 'US', 3],
    ['0018602C', 'FD', 0.02],
    ['0018602E', 'FD', 0.03],
  ];
  for (const element of [...defaults, ...changes]) elements.set(element[0], element);
  return [...elements.values()];
}

describe('calibration', () => {
  const read = (...items: (readonly TestElement[])[]) =>
    readDicom(writeDicom(imageElements(['00186011', 'SQ', items])), 'a.dcm');

  it('is in millimetres a pixel where both units are centimetres and no delta is 0', async () => {
    const { regions, warnings } = await read(
      region([]),
      region([['00186016', 'UL', 2]]),
      region([['00186024', 'US', 4]]),
      region([['0018602E', 'FD', 0]]),
      region([['0018602E', 'FD', -0.03]]),
    );
    expect(warnings).toEqual([
      expect.stringMatching(/^Ultrasound region 4 is in centimetres, but one of its pixels measures 0/),
    ]);
    expect(regions.map(({ physicalDeltaXMm, physicalDeltaYMm }) => [physicalDeltaXMm, physicalDeltaYMm])).toEqual([
      [0.2, 0.3],
      [0.2, 0.3],
      [null, null],
      [null, null],
      [0.2, 0.3],
    ]);
    expect(regions[0]).toMatchObject({ number: 1, minX0: 0, minY0: 0, maxX1: 3, maxY1: 1 });
  });

  it('has the codes of the file, and high priority where bit 0 of the flags is 0', async () => {
    const { regions } = await read(
      region([
        ['00186012', 'US', 3],
        ['00186014', 'US', 4],
        ['00186024', 'US', 4],
      ]),
      region([['00186016', 'UL', 2]]),
      region([]),
      region([]).filter(([tag]) => tag !== '00186016' && tag !== '00186024'),
    );
    expect(regions[0]).toMatchObject({ spatialFormat: 3, dataType: 4, unitsX: 4, unitsY: 3 });
    expect(regions[3]).toMatchObject({ number: 4, spatialFormat: null, dataType: null, unitsX: null, unitsY: 3 });
    // 1 is low priority (PS3.3 C.8.5.5.1.3); a region without flags claims none.
    expect(regions.map(({ highPriority }) => highPriority)).toEqual([false, true, false, false]);
  });

  it('is missed, in words, in an image with one axis in centimetres, but not in M-mode', async () => {
    const format = (spatialFormat: number) =>
      region([
        ['00186012', 'US', spatialFormat],
        ['00186024', 'US', 4],
      ]);
    const { regions, warnings } = await read(format(1), format(2));
    expect(regions.map(({ physicalDeltaYMm }) => physicalDeltaYMm)).toEqual([null, null]);
    expect(warnings).toEqual([expect.stringMatching(/^Ultrasound region 1 is an image with only one axis/)]);
  });

  it('is clipped to the image or left out beyond it, and says so', async () => {
    const { regions, warnings } = await read(region([['0018601C', 'UL', 4]]), region([['0018601A', 'UL', 2]]));
    expect(regions).toHaveLength(1);
    expect(regions[0].maxX1).toBe(3);
    expect(warnings[0]).toContain('Ultrasound region 1, (0, 0) to (4, 1), reaches past the image of 4×2');
    expect(warnings[1]).toContain('Ultrasound region 2 ends before it begins, (0, 2) to (3, 1)');
    const outside = await read(
      region([
        ['00186018', 'UL', 9],
        ['0018601C', 'UL', 12],
      ]),
    );
    expect(outside.regions).toEqual([]);
    expect(outside.warnings).toEqual([expect.stringContaining('lies outside the image of 4×2 and was left out')]);
  });

  it('takes the pixel aspect ratio as height over width, else that of the spacings', async () => {
    const ratio = async (...changes: readonly TestElement[]) =>
      (await readDicom(writeDicom(imageElements(...changes)), 'a.dcm')).pixelAspectRatio;
    expect(await ratio(['00280034', 'IS', '4\\3'])).toBeCloseTo(4 / 3);
    expect(await ratio(['00280030', 'DS', '0.5\\0.25'])).toBe(2);
    expect(await ratio(['00280034', 'IS', '0\\3'])).toBe(1);
  });
});

describe('calibration of each frame', () => {
  const groups = (shared: readonly TestElement[] | null, ...frames: (readonly TestElement[])[]) => {
    const elements: TestElement[] = [
      ['00280008', 'IS', '3'],
      ['7FE00010', 'OW', new Uint8Array(24)],
    ];
    if (shared) elements.push(['52009229', 'SQ', [shared]]);
    if (frames.length > 0) elements.push(['52009230', 'SQ', frames]);
    return readDicom(writeDicom(imageElements(...elements)), 'a.dcm');
  };
  const spacing = (value: string): TestElement => ['00289110', 'SQ', [[['00280030', 'DS', value]]]];
  const own = (delta: number): TestElement => ['00186011', 'SQ', [region([['0018602C', 'FD', delta]])]];

  it('is the spacing of pixels that all frames share, rows before columns', async () => {
    const { regions, frameRegions, warnings } = await groups([spacing('0.5\\0.25')], [], [], []);
    expect(warnings).toEqual([]);
    expect(frameRegions).toBeNull();
    expect(regions).toEqual([
      expect.objectContaining({ number: 1, maxX1: 3, maxY1: 1, physicalDeltaXMm: 0.25, physicalDeltaYMm: 0.5 }),
    ]);
  });

  it('is kept for each frame where frames differ, with what all share where a frame has none', async () => {
    const file = await groups([spacing('0.5\\0.5')], [own(0.02)], [spacing('2\\1')], []);
    const scales = [1, 2, 3].map((frameNumber) => regionsOfFrame(file, frameNumber)[0].physicalDeltaXMm);
    expect(scales).toEqual([0.2, 1, 0.5]);
    expect(file.regions).toEqual(file.frameRegions?.[0]);
    const same = await groups(null, [own(0.02)], [own(0.02)], [own(0.02)]);
    expect(same.frameRegions).toBeNull();
    expect(same.regions[0].physicalDeltaXMm).toBe(0.2);
  });

  it('has a fault of every frame reported once, and none for what is absent', async () => {
    const faulty = await groups(null, [own(0)], [own(0)], [own(0)]);
    expect(faulty.warnings).toHaveLength(1);
    const zero = await groups([spacing('0\\1')]);
    expect(zero).toMatchObject({
      regions: [],
      warnings: [expect.stringContaining('Pixel Spacing of a functional group')],
    });
    expect(await groups(null)).toMatchObject({ regions: [], frameRegions: null, warnings: [] });
  });
});
