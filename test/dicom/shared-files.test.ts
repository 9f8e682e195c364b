import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Picture } from '../../electron/common/picture.ts';
import { readDicom } from '../../electron/dicom/read-dicom.ts';
import { decodeImage } from '../../electron/files/image.ts';

// Skipped where the real files are absent; SONOSYNC_DATA names their folder.
const folder = join(process.env.SONOSYNC_DATA ?? '../shared/data', 'dicom');
const expected = join(folder, 'expected');
const names = existsSync(expected) ? readdirSync(folder).filter((name) => name.endsWith('.dcm')) : [];

const referenceSchema = z.record(
  z.string(),
  z.object({
    transferSyntax: z.string(),
    frames: z.number(),
    rows: z.number(),
    columns: z.number(),
    checked: z.array(z.number()),
    regions: z.number(),
  }),
);

function rgb(picture: Picture): Uint8Array {
  if (picture.channels === 3) return picture.pixels;
  return Uint8Array.from({ length: picture.pixels.length * 3 }, (_, index) => picture.pixels[Math.floor(index / 3)]);
}

describe.skipIf(names.length === 0)('real ultrasound files', () => {
  it.each(names)('%s decodes to its expected picture', async (name) => {
    const reference = referenceSchema.parse(JSON.parse(readFileSync(join(expected, 'reference.json'), 'utf8')))[name];
    const file = await readDicom(readFileSync(join(folder, name)), name);
    expect(file).toMatchObject({
      instance: { transferSyntaxUID: reference.transferSyntax },
      width: reference.columns,
      height: reference.rows,
      frameCount: reference.frames,
    });
    // A region that lies outside a cropped image is left out, and that is said.
    const leftOut = file.warnings.filter((warning) => warning.endsWith('was left out.'));
    expect(file.regions.length + leftOut.length).toBe(reference.regions);
    expect(reference.checked.length).toBeGreaterThan(0);
    for (const index of reference.checked) {
      const path = join(expected, `${name}.f${index}.png`);
      const wanted = rgb(await decodeImage(readFileSync(path), path));
      const found = rgb(await file.frame(index + 1));
      expect(found.length).toBe(wanted.length);
      const largest = found.reduce((worst, value, at) => Math.max(worst, Math.abs(value - wanted[at])), 0);
      const isLossyJpeg = reference.transferSyntax === '1.2.840.10008.1.2.4.50';
      expect(largest).toBeLessThanOrEqual(isLossyJpeg ? 3 : 0);
    }
  });

  it('give calibration, aspect ratio and warnings as their headers have them', async () => {
    const palette = await readDicom(readFileSync(join(folder, 'OBXXXX1A.dcm')), 'OBXXXX1A.dcm');
    expect(palette.regions[0]).toMatchObject({ minX0: 120, minY0: 60, maxX1: 799, maxY1: 518, highPriority: false });
    expect(palette.regions[0].physicalDeltaXMm).toBeGreaterThan(0);
    expect(palette.regions[1]).toMatchObject({ physicalDeltaXMm: null, physicalDeltaYMm: null });
    expect(palette.warnings).toEqual([expect.stringContaining('reaches past the image of 800×600')]);
    const planar = await readDicom(readFileSync(join(folder, 'color-pl.dcm')), 'color-pl.dcm');
    expect(planar.pixelAspectRatio).toBeCloseTo(4 / 3);
    expect(planar).toMatchObject({
      patientKey: null,
      study: { studyDescription: 'Echocardiogram', studyDate: '1994-11-05' },
      series: { seriesDescription: 'Transesophageal Echocardiogram', protocolName: 'Quad Capture' },
    });
  });
});
