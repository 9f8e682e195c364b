import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runExport } from '../../electron/export/registry.ts';
import { temporaryFolder } from '../support/workspaces.ts';
import { sampleSet } from './annotation-samples.ts';

describe('COCO', () => {
  it('has the fields that readers expect, with areas and boxes in whole pixels', async () => {
    const folder = join(temporaryFolder(), 'out');
    const set = sampleSet();
    await runExport('coco', set, folder);
    const { images, annotations, categories } = JSON.parse(
      await readFile(join(folder, 'annotations', 'instances.json'), 'utf8'),
    ) as {
      images: { id: number; file_name: string; neg_category_ids: number[] }[];
      annotations: { image_id: number; category_id: number }[];
      categories: { id: number; name: string }[];
    };
    expect(categories.map(({ id, name }) => [id, name])).toEqual([
      [1, 'Lesion'],
      [2, 'Duct: "left" / 2'],
    ]);
    // Pixel (3, 2) covers 3..4 by 2..3.
    expect(annotations.find(({ image_id, category_id }) => image_id === 3 && category_id === 1)).toMatchObject({
      area: 1,
      bbox: [3, 2, 1, 1],
      iscrowd: 0,
      segmentation: { size: [4, 6] },
    });
    const absent = images.filter((image) => image.neg_category_ids.length > 0);
    expect(absent.map((image) => image.neg_category_ids)).toEqual([[2], [1], [1]]);
    for (const { id, neg_category_ids } of absent) {
      const present = annotations.filter(({ image_id }) => image_id === id);
      expect(present.filter(({ category_id }) => neg_category_ids.includes(category_id))).toEqual([]);
    }
    expect(new Set(images.map((image) => image.file_name)).size).toBe(images.length);
    expect(images.map((image) => image.file_name)).toContainEqual(expect.stringMatching(/^[0-9a-f]{12}-f02\.png$/));
  });
});
