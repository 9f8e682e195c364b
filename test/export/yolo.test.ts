import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { groupKeys } from '../../electron/export/annotation-set.ts';
import { runExport } from '../../electron/export/registry.ts';
import { yolo } from '../../electron/export/yolo.ts';
import { encodePng } from '../../electron/files/image.ts';
import { temporaryFolder, thrownBy } from '../support/workspaces.ts';
import { annotate, drawMask, duct, frameOf, lesion, noise, sampleSet } from './annotation-samples.ts';
import { readAll, writeFolder } from './foreign-files.ts';

const square = drawMask('....', '.##.', '.##.', '....');

describe('YOLO', () => {
  it('writes a line of shares for each mask, and an empty file where nothing is', async () => {
    const folder = join(temporaryFolder(), 'out');
    const [frame, other] = [frameOf(1, square), frameOf(2, square)];
    const annotations = [annotate(frame, duct, square), annotate(other, duct, { ...square, data: new Uint8Array(16) })];
    const { fidelity } = await runExport('yolo', { labels: [lesion, duct], annotations }, folder);
    expect(fidelity).toMatchObject({ minIoU: 1, lost: expect.arrayContaining([expect.stringContaining('1 absent')]) });
    const texts = await Promise.all(
      ['train', 'val'].map((split) =>
        Promise.all(
          [1, 2].map((n) => readFile(join(folder, `labels/${split}/frame-${n}.txt`), 'utf8').catch(() => null)),
        ),
      ),
    );
    expect(
      texts
        .flat()
        .filter((text) => text !== null)
        .toSorted(),
    ).toEqual(['', '0 0.25 0.25 0.75 0.25 0.75 0.75 0.25 0.75\n']);
    expect(await readFile(join(folder, 'data.yaml'), 'utf8')).toContain('names:\n  0: "Duct: \\"left\\" / 2"\n');
  });

  it('keeps patients apart, and names a val for trainers that ask for one', async () => {
    const folder = join(temporaryFolder(), 'out');
    await runExport('yolo', { labels: [lesion], annotations: [annotate(frameOf(1, square), lesion, square)] }, folder);
    const text = await readFile(join(folder, 'data.yaml'), 'utf8');
    expect(text).toContain('train: images/train\nval: images/train #');
    expect(text).not.toContain('test:');
  });

  it.each(['val', 'test'] as const)('names a train and a val where all are settled as %s', async (split) => {
    const folder = join(temporaryFolder(), 'out');
    const set = { labels: [lesion], annotations: [annotate(frameOf(1, square), lesion, square)] };
    const settled = new Map([[groupKeys(set)[0], split]]);
    await runExport('yolo', { ...set, knownSplits: settled }, folder);
    const places = parse(await readFile(join(folder, 'data.yaml'), 'utf8')) as Record<string, string>;
    for (const name of ['train', 'val', split]) expect(existsSync(join(folder, places[name]))).toBe(true);
  });

  it('has sizes of its own where only annotations are exported', async () => {
    const folder = join(temporaryFolder(), 'out');
    const { files, fidelity } = await runExport('yolo', sampleSet(), folder, { images: false });
    expect(files.filter((file) => file.endsWith('.png'))).toEqual([]);
    expect(fidelity.minIoU).toBe(1);
  });

  it('reads a set of another program: lines of a class are one structure, boxes are passed over', async () => {
    const folder = await writeFolder({
      'dataset.yml': 'path: ../somewhere\ntrain: train/images\nnames: [cyst, "solid mass"]\n',
      'train/images/a.png': await encodePng(noise(8, 4, 1, 1)),
      'train/labels/a.txt': '1 0 0 0.25 0 0.25 0.5 0 0.5\n1 0.5 0.5 1 0.5 1 1 0.5 1\r\n0 0.5 0.5 0.2 0.2\n',
    });
    const { found, remarks } = await readAll(yolo, folder);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      frame: 'a',
      image: 'train/images/a.png',
      label: 'solid mass',
      sopInstanceUID: null,
    });
    expect(found[0].mask).toEqual(drawMask('##......', '##......', '....####', '....####'));
    expect(remarks).toEqual([expect.stringContaining('train/labels/a.txt, line 3 is a box')]);
  });

  it('takes what covers no pixel for no mask', async () => {
    const folder = await writeFolder({
      'labels/a.txt': '0 0.1 0.1 0.1 0.1 0.11 0.1\n1 0 0 0.5 0 0.5 0.5 0 0.5\n',
      'images/a.png': await encodePng(noise(4, 4, 1, 1)),
    });
    const { found, remarks } = await readAll(yolo, folder);
    expect(found.map(({ label }) => label)).toEqual(['class 1']);
    expect(remarks).toEqual([expect.stringContaining('class 0 covers no pixel')]);
  });

  it.each([
    ['0 0.1 0.1 0.2', 'line 1: 3 numbers'],
    ['0 0.1 0.1 0.2 0.2 0.3 x', 'line 1: expected a class'],
    ['-1 0 0 1 0 1 1', 'line 1: expected a class'],
  ])('refuses the line "%s", naming file and line', async (line, message) => {
    const folder = await writeFolder({ 'labels/a.txt': line, 'images/a.png': await encodePng(noise(4, 4, 1, 1)) });
    expect(await thrownBy(() => readAll(yolo, folder))).toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(`labels/a.txt, ${message}`),
    });
  });

  it('says which picture it misses', async () => {
    const folder = await writeFolder({ 'labels/a.txt': '0 0 0 1 0 1 1' });
    expect(await thrownBy(() => readAll(yolo, folder))).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('"a"'),
    });
  });
});
