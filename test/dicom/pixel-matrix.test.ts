import { beforeAll, describe, expect, it } from 'vitest';
import { readDicom } from '../../electron/dicom/read-dicom.ts';
import { startEncoders } from './encode-pixels.ts';
import { pixelSamples, sampleColumns, sampleRows, type PixelSample } from './pixel-samples.ts';
import { imageElements, syntaxes, writeDicom } from './write-dicom.ts';

let samples: readonly PixelSample[] = [];
beforeAll(async () => {
  await startEncoders();
  samples = await pixelSamples();
});

function furthest(found: Uint8Array, wanted: Uint8Array): number {
  expect(found.length).toBe(wanted.length);
  return found.reduce((worst, value, index) => Math.max(worst, Math.abs(value - wanted[index])), 0);
}

describe('every transfer syntax, photometric interpretation and depth that go together', () => {
  it('shows both frames as they were, without a warning', async () => {
    const faults: string[] = [];
    for (const { name, bytes, channels, shown, tolerance } of samples) {
      try {
        const file = await readDicom(bytes, 'a.dcm');
        for (const frameNumber of [1, 2]) {
          const picture = await file.frame(frameNumber);
          expect(picture).toMatchObject({ width: sampleColumns, height: sampleRows, channels });
          const worst = furthest(picture.pixels, shown[frameNumber - 1]);
          if (worst > tolerance) faults.push(`${name}: frame ${frameNumber} is off by ${worst}, allowed ${tolerance}`);
        }
        faults.push(...file.warnings.map((warning) => `${name}: ${warning}`));
      } catch (error) {
        faults.push(`${name}: ${String(error)}`);
      }
    }
    expect(faults).toEqual([]);
    expect(samples.length).toBeGreaterThan(180);
  });

  it('covers every transfer syntax that test files can be written in', () => {
    const covered = new Set(samples.map(({ name }) => name.split(':')[0]));
    const { mpeg2: _mpeg2, mpeg4: _mpeg4, ...decoded } = syntaxes;
    expect([...covered].toSorted()).toEqual([...Object.keys(decoded), 'deflated', 'deflated frames'].toSorted());
  });
});

describe('JPEG of 12 bits', () => {
  // Made with a grey slope of 16×8 pixels by the encoder of another toolkit (extended sequential process, quality 100).
  const stream = Buffer.from(
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQH/wQALDAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAADQ7/xAAcEAAABgMAAAAAAAAAAAAAAAAACwwoOUZXZHX/2gAIAQEAAD8AAz0OERwxBNAwbRuFoiyAEOERwxBNAwbRuFoj/9k=',
    'base64',
  );

  it('is read to its full depth', async () => {
    const elements = imageElements(
      ['00280010', 'US', 8],
      ['00280011', 'US', 16],
      ['00280100', 'US', 16],
      ['00280101', 'US', 12],
      ['00280102', 'US', 11],
      ['7FE00010', 'OB', { fragments: [stream] }],
    );
    const file = await readDicom(writeDicom(elements, 'jpegExtended'), 'a.dcm');
    const wanted = Uint8Array.from({ length: 128 }, (_, index) =>
      Math.round((((index % 16) * 200 + Math.floor(index / 16) * 100) * 255) / 4095),
    );
    expect(furthest((await file.frame(1)).pixels, wanted)).toBeLessThanOrEqual(1);
  });
});
