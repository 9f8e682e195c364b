import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeMaskPng, encodePng } from '../../electron/files/image.ts';
import { runJob } from '../../electron/training/jobs.ts';
import { modelHash, readManifest } from '../../models/manifest.ts';
import { writeUntrainedModel } from '../support/model.ts';
import { discItems } from '../support/phantoms.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-calibrate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const dataset = join(folder, 'data');
let model = '';

beforeAll(async () => {
  model = await writeUntrainedModel(folder);
  const set = join(dataset, 'segmentation', 'Discs');
  for (const name of ['imgs', 'masks']) mkdirSync(join(set, name), { recursive: true });
  const items = discItems(22, 1);
  for (const { file, frame, mask } of items) {
    writeFileSync(join(set, 'imgs', file), await encodePng({ ...frame, channels: 1, pixels: frame.gray }));
    writeFileSync(join(set, 'masks', file), await encodeMaskPng(mask!));
  }
  writeFileSync(join(set, 'config.yaml'), '0:background:0\n1:disc:255\n');
  writeFileSync(join(set, 'prompts.json'), '{"position": "breast", "object": "tumor"}');
  writeFileSync(join(set, 'labels.csv'), items.map(({ file, classIndex }) => `${file},${classIndex}\n`).join(''));
  writeFileSync(join(set, 'val.txt'), items.map(({ file }) => `${file}\n`).join(''));
});

const calibrate = (options: Record<string, unknown>) =>
  runJob(
    { job: 'model-calibrate', options: { model, dataset, ...options } },
    { signal: new AbortController().signal, turn: async () => undefined, report: () => undefined },
  );

describe('the calibration of a model that is there', () => {
  it('is written into its manifest, which keeps everything else and its hash', async () => {
    const before = await readManifest(model);
    expect(before.classification).toBeUndefined();
    const result = await calibrate({});
    const { classification, ...after } = await readManifest(model);
    expect(after).toEqual(before);
    expect(result).toMatchObject({ hash: modelHash(before), classification });
    expect(classification!.map(({ mode, metrics }) => [mode, metrics.n, metrics.positives])).toEqual([
      ['whole', 22, 11],
      ['local', 22, 11],
      ['location', 22, 11],
    ]);
  });

  it('is refused where the validation split has too few images of two classes', async () => {
    const set = join(dataset, 'segmentation', 'Discs');
    writeFileSync(join(set, 'val.txt'), 'disc-0.png\ndisc-1.png\n');
    await expect(calibrate({})).rejects.toMatchObject({ code: 'bad-input' });
  });
});
