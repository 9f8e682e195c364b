import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMask } from '../../electron/common/mask.ts';
import type { BinaryMask } from '../../electron/common/mask.ts';
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

/** Around the middle of 200×120 pixels: those whose centres lie within. */
function drawShape(shape: 'circle' | 'ellipse' | 'rectangle'): BinaryMask {
  const drawn = createMask(200, 120);
  const isInside = (x: number, y: number): boolean => {
    switch (shape) {
      case 'circle':
        return Math.hypot(x, y) <= 40;
      case 'ellipse':
        return Math.hypot(x / 60, y / 30) <= 1;
      case 'rectangle':
        return Math.abs(x) < 50 && Math.abs(y) < 20;
    }
  };
  drawn.data.forEach((_, index) => {
    drawn.data[index] = isInside((index % 200) + 0.5 - 100, Math.floor(index / 200) + 0.5 - 60) ? 1 : 0;
  });
  return drawn;
}

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

  it.each([
    // A circle of radius 40.
    ['circle', { x: 1, y: 1 }, [5026.5, 251.3, 80, 80, 80, 80, 251.3, 80]],
    // Semi-axes 60 and 30 pixels, of which the pixels are half as wide as high: a circle of radius 30 mm.
    ['ellipse', { x: 0.5, y: 1 }, [2827.4, 188.5, 60, 60, 60, 60, 188.5, 60]],
    // 100 by 40 pixels: long axis is the diagonal, short axis 2 · 100 · 40 / diagonal, ellipse 4 / √12 times the sides, circumference by Ramanujan.
    ['rectangle', { x: 2, y: 2 }, [16_000, 560, 215.4, 148.6, 230.9, 92.4, 531.5, 142.7]],
  ] as const)('has the figures of a %s as they are calculated by hand, within 2 %', async (shape, scale, expected) => {
    const drawn = drawShape(shape);
    const calibrated = { ...region, maxX1: 199, maxY1: 119, physicalDeltaXMm: scale.x, physicalDeltaYMm: scale.y };
    const frame = frameOf(1, drawn, { regions: [calibrated] });
    const [row] = (await exportTable([annotate(frame, lesion, drawn)])).rows;
    const names = [
      'area_mm2',
      'perimeter_mm',
      'long_axis_mm',
      'short_axis_mm',
      'ellipse_major_axis_mm',
      'ellipse_minor_axis_mm',
      'circumference_mm',
      'equivalent_diameter_mm',
    ];
    for (const [index, name] of names.entries()) {
      expect([name, Math.abs(Number(row[name]) / expected[index] - 1) < 0.02, row[name]]).toEqual([
        name,
        true,
        row[name],
      ]);
    }
    expect([row['centroid_x_px'], row['centroid_y_px']]).toEqual(['100', '60']);
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
