import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage, encodeMaskPng, encodePng } from '../../electron/files/image.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { runJob } from '../../electron/training/jobs.ts';
import { imageTable } from '../../electron/training/evaluation-report-table.ts';
import type { ModelEvaluation } from '../../electron/training/evaluate-images.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { writeModelFolder } from '../../electron/training/model-folder.ts';
import { grayPicture } from '../../electron/training/gray-frame.ts';
import { initialWeights } from '../../models/perceptguide/parameters.ts';
import { discItems, tinyConfig } from '../support/phantoms.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-evaluation-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const model = join(folder, 'model');
const dataset = join(folder, 'data');
// A name that would break a page which took it as it is.
const setName = 'Discs <b>&';

beforeAll(async () => {
  const weights = initialWeights(tinyConfig, createRandom(5));
  const input = { ...ownInput, mean: 0.2, std: 0.2 };
  await writeModelFolder(model, { id: 'tiny', title: 'Tiny', config: tinyConfig, input, weights, dataType: 'F32' });
  const set = join(dataset, 'segmentation', setName);
  for (const name of ['imgs', 'masks']) mkdirSync(join(set, name), { recursive: true });
  const items = discItems(13, 1);
  for (const { file, frame, mask } of items) {
    writeFileSync(join(set, 'imgs', file), await encodePng(grayPicture(frame)));
    writeFileSync(join(set, 'masks', file), await encodeMaskPng(mask!));
  }
  writeFileSync(join(set, 'config.yaml'), '0:background:0\n1:disc:255\n');
  writeFileSync(join(set, 'prompts.json'), '{"position": "breast", "object": "tumor"}');
  writeFileSync(join(set, 'labels.csv'), items.map(({ file, classIndex }) => `${file},${classIndex}\n`).join(''));
  writeFileSync(join(set, 'test.txt'), items.map(({ file }) => `${file}\n`).join(''));
});

async function evaluate(options: Record<string, unknown>) {
  const messages: string[] = [];
  const result = await runJob(
    { job: 'evaluate', options: { model, dataset, ...options } },
    {
      signal: new AbortController().signal,
      turn: async () => undefined,
      report: ({ message }) => messages.push(message),
    },
  );
  return result as unknown as ModelEvaluation & { settings: unknown; report: string | null }; // as the job returns it
}

describe('the report of an evaluation', () => {
  it('holds all figures, a line for every image and the worst cases, worst first', async () => {
    const out = join(folder, 'report');
    const result = await evaluate({ out });
    expect(result.report).toBe(join(out, 'index.html'));
    expect(result.sets[setName].n).toBe(13);
    expect(result.classification[setName]).toMatchObject({ n: 13, positives: 6 });

    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    expect(report.evaluation.sets).toEqual(result.sets);
    expect(report.settings).toEqual(result.settings);

    const [head, ...lines] = readFileSync(join(out, 'images.csv'), 'utf8').trimEnd().split('\r\n');
    expect(head).toBe('set,file,dice,iou,hd95,assd,class,probability,called');
    const rows = lines.map((line) => line.split(','));
    expect(rows.length).toBe(13);
    const dice = rows.map((row) => Number(row[2]));
    expect(dice.reduce((sum, value) => sum + value, 0) / 13).toBeCloseTo(result.sets[setName].dice, 5);

    const page = readFileSync(join(out, 'index.html'), 'utf8');
    expect(page).toContain('Discs &lt;b&gt;&amp;');
    expect(page).not.toContain(setName);
    expect(page).not.toMatch(/<script|https?:\/\//);
    const shown = [...page.matchAll(/<figcaption>\d+\. .*?(disc-\d+\.png)/g)].map(([, file]) => file);
    const worstFirst = rows.toSorted((a, b) => Number(a[2]) - Number(b[2])).slice(0, 10);
    expect(shown.map((file) => rows.find((row) => row[1] === file)![2])).toEqual(worstFirst.map((row) => row[2]));
    const pictures = [...page.matchAll(/<img src="([^"]+)"/g)].map(([, name]) => name);
    expect(pictures.length).toBe(20);
    for (const name of pictures) {
      const picture = await decodeImage(new Uint8Array(readFileSync(join(out, name))), name);
      expect([picture.width, picture.height]).toEqual([720, 540]);
    }
  });

  it('replaces an earlier report, and leaves no picture of it behind', async () => {
    const out = join(folder, 'again');
    await evaluate({ out });
    const list = join(dataset, 'segmentation', setName, 'test.txt');
    const before = readFileSync(list, 'utf8');
    writeFileSync(list, 'disc-0.png\ndisc-1.png\n');
    await evaluate({ out });
    writeFileSync(list, before);
    expect(readdirSync(out).sort()).toEqual(
      [
        'images.csv',
        'index.html',
        'report.json',
        'worst-01-frame.png',
        'worst-01.png',
        'worst-02-frame.png',
        'worst-02.png',
      ].sort(),
    );
  });

  it('is refused where the folder holds something else, which stays as it was', async () => {
    const out = join(folder, 'taken');
    mkdirSync(out);
    writeFileSync(join(out, 'index.html'), 'mine');
    await expect(evaluate({ out })).rejects.toThrow(/taken to be new, empty or an earlier evaluation.*index\.html/);
    expect(readdirSync(out)).toEqual(['index.html']);
    await expect(evaluate({ out: join(out, 'index.html') })).rejects.toThrow(/index\.html cannot be made/);
    expect(readFileSync(join(out, 'index.html'), 'utf8')).toBe('mine');
  });
});

describe('the options of an evaluation', () => {
  it('give the same figures for the same seed, and local input a jitter of 0.1', async () => {
    const one = await evaluate({ input: 'local' });
    expect(one.settings).toMatchObject({ input: 'local', jitter: 0.1, flip: false, seed: 1 });
    expect(await evaluate({ input: 'local', jitter: 0.1 })).toEqual(one);
    expect((await evaluate({ input: 'local', seed: 2 })).meanDice).not.toBe(one.meanDice);
    expect((await evaluate({ input: 'local', jitter: 0 })).meanDice).not.toBe(one.meanDice);
    expect((await evaluate({ input: 'local', flip: true })).meanDice).not.toBe(one.meanDice);
  });

  it('are refused where they make no sense', async () => {
    await expect(evaluate({ jitter: 0.1 })).rejects.toThrow(/whole/);
    await expect(evaluate({ input: 'local', jitter: 0.5 })).rejects.toThrow(/jitter/);
    await expect(evaluate({ sets: ['Nowhere'] })).rejects.toThrow(/no set "Nowhere"/);
  });
});

describe('the table of images', () => {
  it('quotes what a comma would part, and has columns in mm only where there is a spacing', () => {
    const figures = { dice: 0.5, iou: 1 / 3, hd95: 4, assd: 2, hd95Mm: null, assdMm: null };
    const base = { set: 'A', proposal: null, classIndex: null, probability: null, called: null };
    const plain = imageTable([
      { ...base, file: 'a, "b".png', comparison: figures },
      { ...base, file: 'c.png', comparison: null, classIndex: 1, probability: 0.25, called: 0 },
    ]);
    expect(plain).toBe(
      'set,file,dice,iou,hd95,assd,class,probability,called\r\n' +
        'A,"a, ""b"".png",0.500000,0.333333,4.000000,2.000000,,,\r\n' +
        'A,c.png,,,,,1,0.250000,0\r\n',
    );
    const inMm = imageTable([{ ...base, file: 'a.png', comparison: { ...figures, hd95Mm: 0.4, assdMm: 0.2 } }]);
    expect(inMm.split('\r\n')[0]).toBe('set,file,dice,iou,hd95,assd,class,probability,called,hd95_mm,assd_mm');
    expect(inMm.split('\r\n')[1]).toBe('A,a.png,0.500000,0.333333,4.000000,2.000000,,,,0.400000,0.200000');
  });
});
