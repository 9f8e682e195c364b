import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runExport } from '../../electron/export/registry.ts';
import { coco } from '../../electron/export/coco.ts';
import { temporaryFolder, thrownBy } from '../support/workspaces.ts';
import { drawMask, sampleSet } from './annotation-samples.ts';
import { readAll, writeFolder } from './foreign-files.ts';

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

  it('has polygons where they are asked for: parts apart, the same areas and boxes', async () => {
    const [runs, polygons] = [join(temporaryFolder(), 'runs'), join(temporaryFolder(), 'polygons')];
    await runExport('coco', sampleSet(), runs);
    await runExport('coco-polygons', sampleSet(), polygons);
    const read = async (folder: string) =>
      JSON.parse(await readFile(join(folder, 'annotations', 'instances.json'), 'utf8')) as {
        annotations: { segmentation: unknown; area: number; bbox: number[] }[];
      };
    const [one, two] = [await read(runs), await read(polygons)];
    const plain = ({ area, bbox }: { area: number; bbox: number[] }) => ({ area, bbox });
    expect(two.annotations.map(plain)).toEqual(one.annotations.map(plain));
    // Two blocks that touch at a corner, and a pixel that touches the second.
    expect(two.annotations[2].segmentation).toEqual([
      [0, 0, 2, 0, 2, 2, 0, 2],
      [2, 2, 4, 2, 4, 4, 2, 4],
      [4, 4, 5, 4, 5, 5, 4, 5],
    ]);
  });

  it('reads instances of another program: polygons, plain counts, several of a category; boxes are passed over', async () => {
    const folder = await writeFolder({
      'result.json': JSON.stringify({
        images: [{ id: 'x', file_name: 'sub/a.jpg', width: 4, height: 3 }],
        categories: [{ id: 7, name: 'cyst' }, { id: 9, name: 'node' }],
        annotations: [
          { id: 1, image_id: 'x', category_id: 7, segmentation: [[0, 0, 2, 0, 2, 1, 0, 1]], iscrowd: 0 },
          { id: 2, image_id: 'x', category_id: 7, segmentation: { size: [3, 4], counts: [11, 1] }, iscrowd: 1 },
          { id: 3, image_id: 'x', category_id: 9, bbox: [0, 0, 1, 1] },
        ],
      }),
      'other.json': '{"images": []}',
    }); // prettier-ignore
    const { found, remarks } = await readAll(coco, folder);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ frame: 'a', image: 'sub/a.jpg', label: 'cyst', trackingUID: null });
    expect(found[0].mask).toEqual(drawMask('##..', '....', '...#'));
    expect(remarks).toEqual([expect.stringContaining('annotation 3 is a box')]);
  });

  it('takes no box and nothing of no pixels for a mask, and null for what is not said', async () => {
    const folder = await writeFolder({
      'boxes.json': JSON.stringify({
        images: [{ id: 1, file_name: 'a.jpg', width: 4, height: 3 }],
        categories: [{ id: 1, name: 'cyst', supercategory: null }, { id: 2, name: 'node', supercategory: null }],
        annotations: [
          { id: 1, image_id: 1, category_id: 1, segmentation: [], bbox: [1, 1, 2, 2], area: 4, iscrowd: 0 },
          { id: 2, image_id: 1, category_id: 2, segmentation: null, bbox: null, area: null, iscrowd: null },
          { id: 3, image_id: 1, category_id: 2, segmentation: { size: [3, 4], counts: [12] } },
          { id: 4, image_id: 1, category_id: 2, segmentation: [[0, 0, 1, 0, 1, 1, 0, 1]] },
        ],
      }),
    }); // prettier-ignore
    const { found, remarks } = await readAll(coco, folder);
    expect(found.map(({ label, absent }) => [label, absent])).toEqual([['node', false]]);
    expect(found[0].mask).toEqual(drawMask('#...', '....', '....'));
    expect(remarks).toEqual([
      expect.stringContaining('annotation 1 is a box'),
      expect.stringContaining('annotation 2 has no mask'),
      expect.stringContaining('annotation 3 has no mask'),
    ]);
  });

  it.each([
    [{ image_id: 5 }, 'annotation 1 is of no image'],
    [{ category_id: 5 }, 'has no category 5'],
    [{ segmentation: { size: [4, 3], counts: [12] } }, 'has 3×4 pixels; its image has 4×3'],
    [{ segmentation: 'none' }, 'annotations.0.segmentation'],
  ])('refuses %j, naming the file', async (change, message) => {
    const folder = await writeFolder({
      'a.json': JSON.stringify({
        images: [{ id: 1, file_name: 'a.jpg', width: 4, height: 3 }],
        categories: [{ id: 1, name: 'cyst' }],
        annotations: [{ id: 1, image_id: 1, category_id: 1, segmentation: [[0, 0, 2, 0, 2, 1]], ...change }],
      }),
    });
    expect(await thrownBy(() => readAll(coco, folder))).toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(new RegExp(`a.json.*${message}`)),
    });
  });
});
