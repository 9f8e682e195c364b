import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { png } from '../../electron/export/png.ts';
import { runExport } from '../../electron/export/registry.ts';
import { encodeMaskPng } from '../../electron/files/image.ts';
import { decodeIndexedPng } from '../../electron/files/indexed-png.ts';
import { temporaryFolder } from '../support/workspaces.ts';
import { annotate, drawMask, duct, frameOf, lesion } from './annotation-samples.ts';
import { readAll, writeFolder } from './foreign-files.ts';

const outer = drawMask('.###', '.###', '.###');
const inner = drawMask('....', '..#.', '....');

describe('PNG label maps', () => {
  it('have the numbers and colours of the labels, the smaller mask on top, and whole masks of what it covers', async () => {
    const folder = join(temporaryFolder(), 'out');
    const frame = frameOf(1, outer);
    const annotations = [annotate(frame, duct, inner), annotate(frame, lesion, outer)];
    const { files, fidelity } = await runExport('png-indexed', { labels: [lesion, duct], annotations }, folder);
    expect(fidelity).toMatchObject({ minIoU: 1, lost: [expect.stringContaining('2 masks overlap')] });
    const map = decodeIndexedPng(await readFile(join(folder, 'labels/frame-1.png')), 'x');
    expect([...map.indices]).toEqual([0, 1, 1, 1, 0, 1, 2, 1, 0, 1, 1, 1]);
    expect(map.palette).toEqual([
      [0, 0, 0],
      [0x00, 0x72, 0xb2],
      [0xe6, 0x9f, 0x00],
    ]);
    expect(files.filter((file) => file.startsWith('overlap/'))).toEqual(['overlap/Lesion/frame-1.png']);
  });
});

describe('PNG masks', () => {
  it('are read from folders of other programs', async () => {
    const mask = await encodeMaskPng(inner);
    const folder = await writeFolder({
      'masks/cyst/a.png': mask,
      'masks/b.png': await encodeMaskPng(drawMask('....', '....')),
      'set/c (1)_mask.png': mask,
      'set/c (1).png': mask,
    });
    const { found } = await readAll(png, folder);
    expect(found.map(({ frame, label, absent }) => [frame, label, absent])).toEqual([
      ['b', 'mask', true],
      ['a', 'cyst', false],
      ['c (1)', 'mask', false],
    ]);
    expect(found[1].mask).toEqual(inner);
  });
});
