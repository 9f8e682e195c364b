import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMask } from '../../electron/common/mask.ts';
import { csv } from '../../electron/export/csv.ts';
import { runExport } from '../../electron/export/registry.ts';
import { formatCsv, parseCsv } from '../../electron/files/csv.ts';
import { temporaryFolder, thrownBy } from '../support/workspaces.ts';
import { annotate, drawMask, duct, frameOf, lesion } from './annotation-samples.ts';
import { readAll, writeFolder } from './foreign-files.ts';

const mask = drawMask('......', '.####.', '.####.', '......');
const region = {
  number: 3,
  spatialFormat: 1,
  dataType: 1,
  unitsX: 3,
  unitsY: 3,
  minX0: 0,
  minY0: 0,
  maxX1: 5,
  maxY1: 3,
  physicalDeltaXMm: 0.5,
  physicalDeltaYMm: 0.25,
  highPriority: false,
};

async function exportTable(annotations: Parameters<typeof runExport>[1]['annotations']) {
  const folder = join(temporaryFolder(), 'out');
  const result = await runExport('csv', { labels: [lesion, duct], annotations }, folder);
  const text = await readFile(join(folder, 'measurements.csv'), 'utf8');
  return { folder, result, rows: parseCsv(text, 'measurements.csv') };
}

describe('CSV', () => {
  it('has figures in pixels and mm, and where the scale comes from', async () => {
    const { rows, result } = await exportTable([annotate(frameOf(1, mask, { regions: [region] }), duct, mask)]);
    expect(result.files.toSorted()).toEqual(['masks.csv', 'measurements.csv', 'sonosync-export.json']);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      frame: 'frame-1',
      label: duct.name,
      review_state: 'accepted',
      area_px2: '8',
      area_mm2: '1',
      centroid_x_px: '3',
      centroid_y_px: '2',
      box_left_px: '1',
      box_width_px: '4',
      calibration_region: '3',
      x_mm_per_px: '0.5',
      y_mm_per_px: '0.25',
      not_calibrated_because: '',
    });
    // The diameter of a circle of 1 mm².
    expect(Number(rows[0]['equivalent_diameter_mm'])).toBeCloseTo(2 * Math.sqrt(1 / Math.PI), 4);
  });

  it('has no mm without a scale, says why, and no figure of what is absent', async () => {
    const { rows } = await exportTable([
      annotate(frameOf(1, mask), lesion, mask),
      annotate(frameOf(2, mask), lesion, createMask(6, 4)),
    ]);
    expect(rows[0]).toMatchObject({ area_px2: '8', area_mm2: '', calibration_region: '' });
    expect(rows[0]['not_calibrated_because']).not.toBe('');
    expect(rows[1]).toMatchObject({ review_state: 'absent', area_px2: '', frame_width_px: '6' });
  });

  it.each([
    ['runs', 'x'],
    ['runs', '3 4'],
    ['frame_number', '0'],
    ['position', 'knee'],
  ])('is refused with "%s" of "%s", naming the file', async (column, value) => {
    const { folder } = await exportTable([annotate(frameOf(1, mask), lesion, mask)]);
    const rows = parseCsv(await readFile(join(folder, 'masks.csv'), 'utf8'), 'masks.csv');
    const changed = rows.map((row) => ({ ...row, [column]: value }));
    const edited = await writeFolder({
      'masks.csv': formatCsv(Object.keys(changed[0]), changed.map(Object.values<string>)),
    });
    expect(await thrownBy(() => readAll(csv, edited))).toMatchObject({ code: 'corrupt' });
  });
});

describe('comma-separated values', () => {
  it('bring back commas, quotes, line ends and nothing', () => {
    const rows = [['a,b', 'say "x"', 'two\r\nlines'], ['', '=1+1', 'é']]; // prettier-ignore
    expect(parseCsv(formatCsv(['x', 'y', 'z'], rows), 'f').map(Object.values<string>)).toEqual(rows);
  });

  it('are read with line feeds alone, a mark of byte order and no end of the last line', () => {
    expect(parseCsv('\uFEFFa,b\n1,2\n"3",""', 'f')).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '' },
    ]);
  });

  it.each([
    ['', 'empty'],
    ['a,b\n1', 'record 1 has 1 fields'],
    ['a\n"1', 'line 2'],
    ['a\n1"2"', 'line 2'],
  ])('are refused as %j', async (text, message) => {
    expect(await thrownBy(() => parseCsv(text, 'f.csv'))).toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(new RegExp(`f.csv.*${message}`)),
    });
  });
});
