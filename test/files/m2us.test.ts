import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countMaskPixels, createMask } from '../../electron/common/mask.ts';
import { encodePng } from '../../electron/files/image.ts';
import { listM2usSets, m2usSplits, readM2usSample, readM2usSet } from '../../electron/files/m2us.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sonosync-m2us-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(path: string, content: string | Uint8Array) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

/** A grey PNG whose first pixels have the given values, the others 0. */
async function greyPng(width: number, height: number, values: readonly number[]) {
  const pixels = createMask(width, height).data;
  pixels.set(values);
  return encodePng({ width, height, channels: 1, pixels });
}

/** A set of two images, one in train and one in test, with the label values 0, 100 and 200. */
async function writeSegmentation(name: string) {
  const folder = `segmentation/${name}`;
  await write(`${folder}/config.yaml`, '0:background:0\n1:inner:100\n2:outer:200\n');
  await write(`${folder}/train.txt`, '\uFEFFcase.1.png\r\n\r\n');
  await write(`${folder}/test.txt`, 'two.png');
  await write(`${folder}/val.txt`, '\n');
  for (const file of ['case.1.png', 'two.png']) {
    await write(`${folder}/imgs/${file}`, await greyPng(6, 4, [9, 8, 7]));
    await write(`${folder}/masks/${file}`, await greyPng(6, 4, [100, 200, 190, 40]));
  }
  return folder;
}

describe('an M2-US data root', () => {
  it('lists its sets with the splits that have entries', async () => {
    await writeSegmentation('TN3K');
    await write('classification/CUBS/val.txt', '0/a.png');
    expect(await listM2usSets(root)).toEqual([
      { name: 'CUBS', splits: ['val'] },
      { name: 'TN3K', splits: ['train', 'test'] },
    ]);
  });

  it('is refused where it has neither of the two folders', async () => {
    await expect(listM2usSets(root)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(`${root} is no M2-US data root`),
    });
  });

  it('reads images with the foreground that config.yaml gives a value, soft edges by the nearest', async () => {
    await writeSegmentation('TN3K');
    const set = await readM2usSet(root, 'TN3K', 'train');
    expect(set.prompts).toEqual({ position: 'thyroid', type: 'tumor' });
    expect(set.samples.map((sample) => sample.file)).toEqual(['case.1.png']);
    const { picture, mask } = await readM2usSample(set.samples[0]);
    expect([...picture.pixels.subarray(0, 4)]).toEqual([9, 8, 7, 0]);
    expect([...(mask?.data.subarray(0, 5) ?? [])]).toEqual([1, 1, 1, 0, 0]);
  });

  it('names the splits there are when one is missing, and the sets when the set is', async () => {
    await writeSegmentation('TN3K');
    await expect(readM2usSet(root, 'TN3K', 'val')).rejects.toMatchObject({
      code: 'not-found',
      message: 'TN3K has no split "val"; its splits are: train, test.',
    });
    await expect(readM2usSet(root, 'TN4K', 'train')).rejects.toThrow(/no set "TN4K"; its sets are: TN3K/);
  });

  it('takes prompts from prompts.json, and asks for the file where a set is unknown', async () => {
    const folder = await writeSegmentation('Clinic A');
    await expect(readM2usSet(root, 'Clinic A', 'train')).rejects.toThrow(
      /add .*segmentation.Clinic A.prompts\.json with \{"position": one of ovary, .*"object": tumor or organ\}/,
    );
    await write(`${folder}/prompts.json`, '{"position": "leg", "object": "organ"}');
    expect((await readM2usSet(root, 'Clinic A', 'train')).prompts).toEqual({ position: 'leg', type: 'organ' });
    await write(`${folder}/prompts.json`, '{"position": "arm", "object": "organ"}');
    await expect(readM2usSet(root, 'Clinic A', 'train')).rejects.toThrow(/prompts\.json: expected .* found .*"arm"/);
  });

  it('joins class folders with the masks of the same images, split by split', async () => {
    await writeSegmentation('UDIAT');
    await write('classification/UDIAT/config.yaml', '0:Benign\n1:Malignant\n');
    await write('classification/UDIAT/train.txt', '1/case.1.png\nbenign/three.png\n');
    // Listed for testing here and for training above: the training sample keeps no class from it.
    await write('classification/UDIAT/test.txt', '0/case.1.png\n');
    await write('classification/UDIAT/1/case.1.png', await greyPng(6, 4, [1]));
    await write('classification/UDIAT/0/case.1.png', await greyPng(6, 4, [1]));
    await write('classification/UDIAT/benign/three.png', await greyPng(3, 3, [5]));
    const { samples } = await readM2usSet(root, 'UDIAT', 'train');
    expect(samples.map(({ file, maskPath, classIndex }) => [file, maskPath !== null, classIndex])).toEqual([
      ['case.1.png', true, 1],
      ['benign/three.png', false, 0],
    ]);
    expect((await readM2usSample(samples[1])).mask).toBeNull();
    const test = await readM2usSet(root, 'UDIAT', 'test');
    expect(test.samples.map(({ file, maskPath, classIndex }) => [file, maskPath !== null, classIndex])).toEqual([
      ['two.png', true, null],
      ['0/case.1.png', false, 0],
    ]);
  });

  it('knows what the two classes are called, where the set says it or is one of tumors', async () => {
    await writeSegmentation('UDIAT');
    const namesOf = async (name: string) => (await readM2usSet(root, name, 'train')).classNames;
    expect(await namesOf('UDIAT')).toEqual(['benign', 'malignant']);
    await write('classification/UDIAT/config.yaml', '0:Benign\n1:Malignant\n2:Normal\n');
    expect(await namesOf('UDIAT')).toEqual(['benign', 'malignant']);
    await writeSegmentation('FattyLiver');
    expect(await namesOf('FattyLiver')).toBeNull();
    await write('classification/FattyLiver/config.yaml', '0:Normal\n1:Fatty\n');
    expect(await namesOf('FattyLiver')).toEqual(['normal', 'fatty']);
  });

  it('takes classes from labels.csv and says which line is wrong', async () => {
    const folder = await writeSegmentation('UDIAT');
    await write(`${folder}/labels.csv`, 'file,class\ncase.1.png,malignant\ntwo.png,0\n');
    expect((await readM2usSet(root, 'UDIAT', 'train')).samples[0].classIndex).toBe(1);
    expect((await readM2usSet(root, 'UDIAT', 'test')).samples[0].classIndex).toBe(0);
    await write(`${folder}/labels.csv`, 'file,class\ncase.1.png,unsure\n');
    await expect(readM2usSet(root, 'UDIAT', 'train')).rejects.toThrow(/labels\.csv, line 2: .*"case\.1\.png,unsure"/);
  });

  it('leaves out the normal images of BUSI, as the authors do', async () => {
    const folder = await writeSegmentation('BUSI');
    await write(`${folder}/train.txt`, 'case.1.png\nnormal (1).png\n');
    for (const part of ['imgs', 'masks']) await write(`${folder}/${part}/normal (1).png`, await greyPng(6, 4, []));
    expect((await readM2usSet(root, 'BUSI', 'train')).samples.map((sample) => sample.file)).toEqual(['case.1.png']);
  });

  it('names list and line of an image or mask that is missing', async () => {
    const folder = await writeSegmentation('TN3K');
    await write(`${folder}/train.txt`, 'case.1.png\ncase.2.png\n');
    await expect(readM2usSet(root, 'TN3K', 'train')).rejects.toThrow(
      /train\.txt, line 2: "case\.2\.png" is not in .*imgs/,
    );
    await write(`${folder}/imgs/case.2.webp`, await greyPng(6, 4, [1]));
    await expect(readM2usSet(root, 'TN3K', 'train')).rejects.toThrow(/line 2: "case\.2\.png" is not in .*masks/);
    await write(`${folder}/masks/case.2.png`, await greyPng(6, 4, [100]));
    expect((await readM2usSet(root, 'TN3K', 'train')).samples[1].imagePath).toMatch(/case\.2\.webp$/);
  });

  it('names both files of a mask of another size, and a mask whose values config.yaml does not list', async () => {
    const folder = await writeSegmentation('TN3K');
    const sample = (await readM2usSet(root, 'TN3K', 'train')).samples[0];
    await write(`${folder}/masks/case.1.png`, await greyPng(4, 6, [100]));
    await expect(readM2usSample(sample)).rejects.toThrow(
      /masks.case\.1\.png has 4×6 pixels, its image .*imgs.case\.1\.png 6×4/,
    );
    await write(`${folder}/masks/case.1.png`, await greyPng(6, 4, [1, 1]));
    await expect(readM2usSample(sample)).rejects.toThrow(/case\.1\.png has pixels of value 1 .* values 0, 100, 200/);
    await write(`${folder}/masks/case.1.png`, await greyPng(6, 4, []));
    expect(countMaskPixels((await readM2usSample(sample)).mask ?? createMask(0, 0))).toBe(0);
    await write(`${folder}/config.yaml`, '0:background\n');
    await expect(readM2usSet(root, 'TN3K', 'train')).rejects.toThrow(/config\.yaml, line 1: .*"0:background"/);
  });
});

const shared = join(process.env.SONOSYNC_DATA ?? '../shared/data', 'm2us');

// Skipped where the real data is absent; SONOSYNC_DATA names its folder.
describe.skipIf(!existsSync(shared))('the shared data root', () => {
  it('yields every split as its description counts them, and readable samples', async () => {
    const counts: Record<string, number[]> = {};
    for (const { name, splits } of await listM2usSets(shared)) {
      counts[name] = [];
      for (const split of m2usSplits) {
        if (!splits.includes(split)) continue;
        const { samples } = await readM2usSet(shared, name, split);
        counts[name].push(samples.length);
        const { picture, mask } = await readM2usSample(samples[samples.length - 1]);
        expect(mask).toMatchObject({ width: picture.width, height: picture.height });
        expect(picture.channels).toBe(1);
        expect(mask && countMaskPixels(mask)).toBeGreaterThan(0);
      }
    }
    expect(counts).toEqual({
      'BUS-BRA': [1309, 195, 175],
      BUSI: [441, 71, 64],
      CCAU: [357, 56],
      Fetal_HC: [689, 105, 117],
      MMOTU: [1015, 132, 172],
      'USGRA-nerve': [172, 22, 25],
      'USGRA-vessel': [153, 30, 16],
    });
    const { samples, prompts } = await readM2usSet(shared, 'BUS-BRA', 'train');
    expect(prompts).toEqual({ position: 'breast', type: 'tumor' });
    expect(samples[0].classIndex).toBe(1);
    expect(samples.every((sample) => sample.classIndex === 0 || sample.classIndex === 1)).toBe(true);
  });
});
