import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labelme } from '../../electron/export/labelme.ts';
import { runExport } from '../../electron/export/registry.ts';
import { encodeMaskPng } from '../../electron/files/image.ts';
import { temporaryFolder, thrownBy } from '../support/workspaces.ts';
import { annotate, drawMask, duct, frameOf, lesion } from './annotation-samples.ts';
import { readAll, writeFolder } from './foreign-files.ts';

interface Shape {
  readonly label: string;
  readonly points: readonly (readonly number[])[];
  readonly group_id: number | null;
  readonly shape_type: string;
}

/** A file as LabelMe writes it, 8 wide and 4 high. */
function labelMeFile(shapes: readonly object[]): string {
  return JSON.stringify({ version: '5.5.0', flags: {}, shapes, imagePath: '..\\frames\\a.jpg', imageData: null, imageHeight: 4, imageWidth: 8 }); // prettier-ignore
}

describe('LabelMe', () => {
  it('has a polygon for each part with one group, corners at the corners of pixels', async () => {
    const folder = join(temporaryFolder(), 'out');
    const mask = drawMask('##..', '##..', '...#');
    const frame = frameOf(1, mask);
    const annotations = [annotate(frame, duct, drawMask('....', '..#.', '....')), annotate(frame, lesion, mask)];
    await runExport('labelme', { labels: [lesion, duct], annotations }, folder);
    const file = JSON.parse(await readFile(join(folder, 'frame-1.json'), 'utf8')) as { shapes: Shape[] };
    expect(file).toMatchObject({ imagePath: 'frame-1.png', imageData: null, imageWidth: 4, imageHeight: 3 });
    expect(file.shapes.map(({ label, group_id, points }) => ({ label, group_id, points }))).toEqual([
      { label: duct.name, group_id: null, points: [[2, 1], [3, 1], [3, 2], [2, 2]] },
      { label: 'Lesion', group_id: 2, points: [[0, 0], [2, 0], [2, 2], [0, 2]] },
      { label: 'Lesion', group_id: 2, points: [[3, 2], [4, 2], [4, 3], [3, 3]] },
    ]); // prettier-ignore
  });

  it('reads what LabelMe draws: polygons, boxes, circles and masks; what has no area is remarked upon', async () => {
    const patch = await encodeMaskPng(drawMask('.#', '#.'));
    const folder = await writeFolder({
      'notes.json': '{"shapes": "none"}',
      'a.json': labelMeFile([
        { label: 'cyst', points: [[0, 0], [2, 0], [2, 1], [0, 1]], group_id: null, shape_type: 'polygon', flags: {} },
        { label: 'cyst', points: [[8, 4], [6, 3]], group_id: null, shape_type: 'rectangle', flags: {} },
        { label: 'node', points: [[4, 2], [4, 3]], shape_type: 'circle', flags: {} },
        { label: 'spot', points: [[1.5, 2.5], [2.4, 3.4]], shape_type: 'mask', mask: Buffer.from(patch).toString('base64') },
        { label: 'spot', points: [[1, 1]], shape_type: 'point' },
      ]),
    }); // prettier-ignore
    const { found, remarks } = await readAll(labelme, folder);
    expect(found.map(({ label }) => label)).toEqual(['cyst', 'node', 'spot']);
    expect(found[0]).toMatchObject({ frame: 'a', image: '../frames/a.jpg', sopInstanceUID: null, trackingUID: null });
    expect(found[0].mask).toEqual(drawMask('##......', '........', '........', '......##'));
    expect(found[1].mask).toEqual(drawMask('........', '...##...', '...##...', '........'));
    // Halves go to the even pixel: column 2, row 2.
    expect(found[2].mask).toEqual(drawMask('........', '........', '...#....', '..#.....'));
    expect(remarks).toEqual([expect.stringContaining('a.json: a point of "spot" has no area')]);
  });

  it('takes a label of points and lines alone for no mask', async () => {
    const folder = await writeFolder({
      'a.json': labelMeFile([
        { label: 'caliper', points: [[1, 1], [3, 1]], shape_type: 'line' },
        { label: 'node', points: [[4, 2], [4, 3]], shape_type: 'circle' },
      ]),
    }); // prettier-ignore
    const { found, remarks } = await readAll(labelme, folder);
    expect(found.map(({ label }) => label)).toEqual(['node']);
    expect(remarks).toContainEqual(expect.stringContaining('"caliper" outlines no pixel'));
  });

  it('takes what was drawn since over what was empty, and knows no revision for it', async () => {
    const folder = join(temporaryFolder(), 'out');
    const empty = drawMask('....', '....');
    const annotation = annotate(frameOf(1, empty), lesion, empty);
    await runExport('labelme', { labels: [lesion], annotations: [annotation] }, folder);
    const [before] = (await readAll(labelme, folder)).found;
    expect(before).toMatchObject({
      absent: true,
      trackingUID: annotation.trackingUID,
      revisionId: annotation.revisionId,
    });
    const file = JSON.parse(await readFile(join(folder, 'frame-1.json'), 'utf8')) as { shapes: object[] };
    file.shapes.push({ label: 'Lesion', points: [[0, 0], [1, 0], [1, 1], [0, 1]], shape_type: 'polygon' }); // prettier-ignore
    const edited = await writeFolder({ 'frame-1.json': JSON.stringify(file) });
    const { found } = await readAll(labelme, edited);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ absent: false, revisionId: null, mask: drawMask('#...', '....') });
  });

  it.each([
    [{ label: 'x', points: [[0, 0], [1, 1]], shape_type: 'polygon' }, 'a polygon of "x" has 2 points; it needs 3 or more'], // prettier-ignore
    [{ label: 'x', points: [[0, 0], [1, 1]], shape_type: 'mask' }, 'the mask of "x" is missing'], // prettier-ignore
    [{ label: 'x', points: 'none' }, 'shapes.0.points'],
  ])('refuses %j, naming the file', async (shape, message) => {
    const folder = await writeFolder({ 'a.json': labelMeFile([shape]) });
    expect(await thrownBy(() => readAll(labelme, folder))).toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(new RegExp(`a.json.*${message.replaceAll('.', '\\.')}`)),
    });
  });
});
