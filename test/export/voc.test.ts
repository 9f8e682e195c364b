import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { vocPalette } from '../../electron/export/labelmap.ts';
import { runExport } from '../../electron/export/registry.ts';
import { voc } from '../../electron/export/voc.ts';
import { decodeImage } from '../../electron/files/image.ts';
import { decodeIndexedPng, encodeIndexedPng } from '../../electron/files/indexed-png.ts';
import { temporaryFolder } from '../support/workspaces.ts';
import { annotate, drawMask, duct, frameOf, lesion } from './annotation-samples.ts';
import { readAll, writeFolder } from './foreign-files.ts';

const outer = drawMask('.....', '.####', '.####', '.####');
const inner = drawMask('.....', '.....', '..##.', '.....');

describe('Pascal VOC', () => {
  it('has classes and objects as label maps, the smaller mask on top, and boxes that count from 1', async () => {
    const folder = join(temporaryFolder(), 'out');
    const frame = frameOf(1, outer);
    const annotations = [annotate(frame, lesion, inner), annotate(frame, duct, outer)];
    const { fidelity, files } = await runExport('voc', { labels: [duct, lesion], annotations }, folder);
    expect(fidelity).toMatchObject({ minIoU: 1, meanIoU: 1 });
    expect(fidelity.lost).toContainEqual(expect.stringContaining('2 masks overlap another'));
    const read = async (path: string) => decodeIndexedPng(await readFile(join(folder, path)), path);
    const objects = await read('SegmentationObject/frame-1.png');
    expect([...objects.indices]).toEqual([0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 0, 2, 1, 1, 2, 0, 2, 2, 2, 2]);
    expect([...(await read('SegmentationClass/frame-1.png')).indices].slice(11, 14)).toEqual([1, 2, 2]);
    // Any other reader of PNG sees the colours of the palette.
    const seen = await decodeImage(await readFile(join(folder, 'SegmentationObject/frame-1.png')), 'x');
    expect([...seen.pixels.subarray(12 * 3, 12 * 3 + 3)]).toEqual([128, 0, 0]);
    expect(files.filter((file) => file.startsWith('SegmentationOverlap/'))).toEqual([
      'SegmentationOverlap/frame-1-2.png',
    ]);
    const xml = await readFile(join(folder, 'Annotations/frame-1.xml'), 'utf8');
    expect(xml.replaceAll(/\s+/g, '')).toContain('<xmin>2</xmin><ymin>2</ymin><xmax>5</xmax><ymax>4</ymax>');
    expect(xml).toContain('<name>Duct: "left" / 2</name>');
    expect(await readFile(join(folder, 'ImageSets/Segmentation/train.txt'), 'utf8')).toBe('frame-1\n');
  });

  it('keeps the grey of the frames within a level', async () => {
    const folder = join(temporaryFolder(), 'out');
    const frame = frameOf(2, outer);
    await runExport('voc', { labels: [lesion], annotations: [annotate(frame, lesion, outer)] }, folder);
    const written = await decodeImage(await readFile(join(folder, 'JPEGImages/frame-2.jpg')), 'x');
    const original = await frame.picture();
    // Every frame has the three channels that its annotation says.
    expect([written.channels, original.channels]).toEqual([3, 1]);
    const differences = written.pixels.map((value, index) => Math.abs(value - original.pixels[Math.floor(index / 3)]));
    expect(Math.max(...differences)).toBeLessThanOrEqual(2);
    expect(await readFile(join(folder, 'Annotations/frame-2.xml'), 'utf8')).toContain('<depth>3</depth>');
  });

  it('reads class maps alone, by the names of VOC or of labelmap.txt, and takes no rim for a label', async () => {
    const indices = Uint8Array.of(0, 8, 255, 8, 0, 1);
    const map = encodeIndexedPng({ width: 3, height: 2, indices, palette: vocPalette() });
    const plain = await readAll(voc, await writeFolder({ 'VOC2012/SegmentationClass/a.png': map }));
    expect(plain.found.map(({ frame, label }) => [frame, label])).toEqual([
      ['a', 'aeroplane'],
      ['a', 'cat'],
    ]);
    expect(plain.found[1].mask).toEqual(drawMask('.#.', '#..'));
    const listed = await readAll(
      voc,
      await writeFolder({
        'labelmap.txt': '# label:color_rgb:parts:actions\nbackground:0,0,0::\nnerve:128,0,0::\n',
        'SegmentationClass/a.png': map,
      }),
    );
    expect(listed.found.map(({ label }) => label)).toEqual(['nerve', 'class 8']);
  });

  it('reads objects of another program, those of one name together, and remarks boxes without a map', async () => {
    const xml = (objects: readonly string[]) =>
      `<?xml version="1.0"?>\n<annotation verified="yes"><!-- by hand --><filename>a.jpg</filename>${objects.map((name) => `<object><name>${name}</name><bndbox/></object>`).join('')}</annotation>`;
    const indices = Uint8Array.of(1, 2, 3, 0, 0, 255);
    const folder = await writeFolder({
      'Annotations/a.xml': xml(['cyst', 'A &amp; B', 'cyst']),
      'SegmentationObject/a.png': encodeIndexedPng({ width: 3, height: 2, indices, palette: vocPalette() }),
      'Annotations/b.xml': xml(['cyst']),
    });
    const { found, remarks } = await readAll(voc, folder);
    expect(found.map(({ label, image }) => [label, image])).toEqual([
      ['cyst', 'a.jpg'],
      ['A & B', 'a.jpg'],
    ]);
    expect(found[0].mask).toEqual(drawMask('#.#', '...'));
    expect(remarks).toEqual([expect.stringContaining('Annotations/b.xml has boxes and no label map')]);
  });
});

it('has the colours of the VOC palette', () => {
  const palette = vocPalette();
  // https://host.robots.ox.ac.uk/pascal/VOC/voc2012/htmldoc/devkit_doc.html: aeroplane, bicycle, bird, person, tv monitor, rim.
  expect([1, 2, 3, 15, 20, 255].map((index) => palette[index])).toEqual([
    [128, 0, 0],
    [0, 128, 0],
    [128, 128, 0],
    [192, 128, 128],
    [0, 64, 128],
    [224, 224, 192],
  ]);
});
