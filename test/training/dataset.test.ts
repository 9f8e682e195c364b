import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { encodePng } from '../../electron/files/image.ts';
import { loadDataset } from '../../electron/training/dataset.ts';
import { temporaryFolder } from '../support/workspaces.ts';

it('has two classes: images of a third are kept without one, and it says so', async () => {
  const root = temporaryFolder();
  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  const classes = ['0/a.png', '1/b.png', '2/c.png'];
  for (const set of ['UDIAT', 'FattyLiver']) {
    for (const [shade, file] of classes.entries()) {
      const pixels = new Uint8Array(12).fill(shade);
      await write(`classification/${set}/${file}`, await encodePng({ width: 4, height: 3, channels: 1, pixels }));
    }
    await write(`classification/${set}/train.txt`, classes.join('\n'));
  }
  const { items, skipped } = await loadDataset(root, 'train');
  const told = ({ set, classIndex, tellsMalignancy }: (typeof items)[number]) => [set, classIndex, tellsMalignancy];
  expect(items.map(told)).toEqual([
    ['FattyLiver', 0, false],
    ['FattyLiver', 1, false],
    ['FattyLiver', null, false],
    ['UDIAT', 0, true],
    ['UDIAT', 1, true],
    ['UDIAT', null, true],
  ]);
  expect(skipped).toEqual([
    'FattyLiver: 1 images of a third class are used without a class.',
    'UDIAT: 1 images of a third class are used without a class.',
  ]);
});
