import { describe, expect, it } from 'vitest';
import { readDicom } from '../../electron/dicom/read-dicom.ts';
import {
  colorElements,
  imageElements,
  writeDeflated,
  writeDicom,
  type Syntax,
  type TestElement,
} from './write-dicom.ts';

const text = (value: string) => new TextEncoder().encode(value);

describe('DICOM files', () => {
  it('are read in each byte order and form, with or without preamble', async () => {
    for (const syntax of ['implicit', 'explicit', 'bigEndian'] satisfies Syntax[]) {
      for (const preamble of [true, false]) {
        const file = await readDicom(writeDicom(imageElements(), syntax, preamble), 'a.dcm');
        expect(file).toMatchObject({ width: 4, height: 2, frameCount: 1, studyInstanceUID: '1.2.3' });
        expect(file).toMatchObject({ seriesInstanceUID: '1.2.3.1', sopInstanceUID: '1.2.3.4', pixelAspectRatio: 1 });
        expect(file.warnings.length, `${syntax} ${preamble}`).toBe(preamble ? 0 : 1);
        const picture = await file.frame(1);
        expect(picture).toEqual({
          width: 4,
          height: 2,
          channels: 1,
          pixels: Uint8Array.of(0, 10, 20, 30, 200, 210, 220, 255),
        });
      }
    }
  });

  it('may begin with another group than the usual ones where they have no preamble', async () => {
    for (const tag of ['00030010', '00050010', '00080000']) {
      for (const syntax of ['implicit', 'explicit', 'bigEndian'] satisfies Syntax[]) {
        const element: TestElement = tag === '00080000' ? [tag, 'UL', 300] : [tag, 'LO', 'MAKER'];
        const file = await readDicom(writeDicom(imageElements(element), syntax, false), 'old.dcm');
        expect((await file.frame(1)).pixels[7], `${tag} ${syntax}`).toBe(255);
      }
    }
  });

  it('are read as they are encoded where that differs from what they say', async () => {
    const explicit = Buffer.from(writeDicom(imageElements(), 'explicit', false));
    const meta = Buffer.from(writeDicom([], 'implicit'));
    const file = await readDicom(Buffer.concat([meta, explicit]), 'mixed.dcm');
    expect(file.warnings).toEqual([expect.stringContaining('explicit little endian, not implicit')]);
    expect((await file.frame(1)).pixels[7]).toBe(255);
    const implicit = Buffer.from(writeDicom(imageElements(), 'implicit', false));
    const other = await readDicom(Buffer.concat([Buffer.from(writeDicom([], 'explicit')), implicit]), 'mixed.dcm');
    expect((await other.frame(1)).pixels[7]).toBe(255);
  });

  it('are read under deflate, and refused when that is cut', async () => {
    const bytes = writeDeflated(imageElements());
    expect((await (await readDicom(bytes, 'a.dcm')).frame(1)).pixels[7]).toBe(255);
    await expect(readDicom(bytes.subarray(0, -30), 'cut.dcm')).rejects.toThrow(/^cut\.dcm is damaged or cut short/);
  });

  it('hold sequences of either length, nested, before their pixels', async () => {
    const nested: TestElement = ['00400275', 'SQ', [[['00400008', 'SQ', [[['00080100', 'SH', 'CODE']], []]]], []]];
    for (const syntax of ['implicit', 'explicit', 'bigEndian'] satisfies Syntax[]) {
      for (const openLengths of [false, true]) {
        const file = await readDicom(writeDicom(imageElements(nested), syntax, true, openLengths), 'a.dcm');
        expect((await file.frame(1)).pixels[7], `${syntax} ${openLengths}`).toBe(255);
      }
    }
  });

  it('give each of their frames, and name the frames there are', async () => {
    const pixels = Uint8Array.from({ length: 24 }, (_, index) => index);
    const elements = imageElements(['00280008', 'IS', '3'], ['7FE00010', 'OW', pixels]);
    const file = await readDicom(writeDicom(elements), 'cine.dcm');
    expect(file.frameCount).toBe(3);
    for (const frameNumber of [1, 2, 3]) {
      const start = (frameNumber - 1) * 8;
      expect((await file.frame(frameNumber)).pixels).toEqual(pixels.slice(start, start + 8));
    }
    for (const frameNumber of [0, 4, 1.5]) {
      await expect(file.frame(frameNumber)).rejects.toThrow(/cine\.dcm has frames 1 to 3; there is no frame/);
    }
  });

  it('share no memory with their pictures', async () => {
    const pixels = Uint8Array.from({ length: 24 }, (_, index) => index);
    const elements = colorElements('RGB', ['7FE00010', 'OW', pixels]);
    for (const bytes of [Buffer.from(writeDicom(elements)), Buffer.from(writeDeflated(elements))]) {
      const file = await readDicom(bytes, 'a.dcm');
      (await file.frame(1)).pixels.fill(0);
      expect((await file.frame(1)).pixels).toEqual(pixels);
    }
  });

  it('are refused when they are something else', async () => {
    await expect(readDicom(text('a letter, not an image. '.repeat(20)), 'letter.dcm')).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/^letter\.dcm: expected a DICOM file/),
    });
    const marked = new Uint8Array(400).fill(0x41);
    marked.set(text('DICM'), 128);
    await expect(readDicom(marked, 'marked.dcm')).rejects.toThrow(/^marked\.dcm/);
  });

  it('give the frames before a cut at any place, or are refused by name where there is none', async () => {
    const pixels = Uint8Array.from({ length: 320 }, (_, index) => index % 251);
    const elements = imageElements(['00280008', 'IS', '40'], ['7FE00010', 'OW', pixels]);
    for (const syntax of ['implicit', 'explicit', 'bigEndian'] satisfies Syntax[]) {
      const whole = writeDicom(elements, syntax);
      for (let length = 0; length < whole.length; length += 7) {
        const frames = Math.floor((length - (whole.length - 320)) / 8);
        const result = await readDicom(whole.subarray(0, length), 'cut.dcm').catch((caught: unknown) => caught);
        if (frames < 1) {
          expect(result, `${syntax} cut at ${length}`).toMatchObject({ name: 'AppError', code: 'bad-input' });
          expect(String(result)).toContain('cut.dcm');
          continue;
        }
        expect(result, `${syntax} cut at ${length}`).toMatchObject({ frameCount: frames });
        const file = await readDicom(whole.subarray(0, length), 'cut.dcm');
        expect((await file.frame(frames)).pixels).toEqual(pixels.slice(frames * 8 - 8, frames * 8));
        expect(file.warnings).toContain(
          `The pixel data are cut short: the header promises 40 frames, ${frames} are whole and were read.`,
        );
      }
      await expect(readDicom(whole.subarray(0, -316), 'cut.dcm')).rejects.toThrow(
        /cut\.dcm is cut short: a frame of 4×2 pixels needs 8 bytes of pixel data, the file has 4/,
      );
    }
  });

  it('are refused with the reason when they hold no image or a coding without decoder', async () => {
    const bare = imageElements().filter(([tag]) => tag !== '7FE00010');
    await expect(readDicom(writeDicom(bare), 'report.dcm')).rejects.toThrow(/report\.dcm has no pixel data/);
    const video = imageElements(['7FE00010', 'OB', { fragments: [new Uint8Array(8)] }]);
    await expect(readDicom(writeDicom(video, 'mpeg4'), 'video.dcm')).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('1.2.840.10008.1.2.4.102'),
    });
    for (const [tag, vr, value] of [
      ['00280010', 'US', 0],
      ['00280100', 'US', 32],
      ['00280004', 'CS', 'CMYK'],
    ] satisfies TestElement[]) {
      await expect(readDicom(writeDicom(imageElements([tag, vr, value])), 'odd.dcm')).rejects.toThrow(
        /^odd\.dcm: expected/,
      );
    }
  });

  it('keep the patient out of every message, title and warning', async () => {
    const faulty: readonly (readonly TestElement[])[] = [
      [['00280010', 'US', 0]],
      [['00280004', 'CS', 'HSV']],
      [['7FE00010', 'OW', Uint8Array.of(1, 2)]],
      [['00280101', 'US', 99]],
      [['00186011', 'SQ', [[['00186018', 'UL', 1]]]]],
      [['00281101', 'US', [256, 0, 16]]],
    ];
    const described: TestElement[] = [
      ['00081030', 'LO', 'Breast of SECRETNAME'],
      ['0008103E', 'LO', 'PID-4711 left'],
    ];
    for (const changes of faulty) {
      const bytes = writeDicom(imageElements(...described, ...changes));
      for (const length of [bytes.length, bytes.length - 20, 300]) {
        const result = await readDicom(bytes.subarray(0, length), 'a.dcm').then(
          ({ title, warnings }) => [title, ...warnings].join(' '),
          (error: unknown) => String(error),
        );
        expect(result).not.toMatch(/secretname|anna|4711/i);
      }
    }
  });
});

describe('what a DICOM file says of its study', () => {
  const read = (...changes: readonly TestElement[]) => readDicom(writeDicom(imageElements(...changes)), 'a.dcm');

  it('is a pseudonym that depends on number and issuer alone, and null without a number', async () => {
    const key = (await read()).patientKey;
    expect(key).toMatch(/^[0-9a-f]{16}$/);
    expect((await read(['00100010', 'PN', 'Other^Name'])).patientKey).toBe(key);
    expect((await read(['00100020', 'LO', 'PID-4712'])).patientKey).not.toBe(key);
    expect((await read(['00100021', 'LO', 'Clinic'])).patientKey).not.toBe(key);
    expect((await read(['00100020', 'LO', ''])).patientKey).toBeNull();
  });

  it('is a title out of its descriptions, each once', async () => {
    const file = await read(
      ['00081030', 'LO', 'US Thyroid'],
      ['00180015', 'CS', 'THYROID'],
      ['0008103E', 'LO', 'Left lobe'],
    );
    expect(file).toMatchObject({ title: 'US Thyroid · Left lobe' });
    expect(await read()).toMatchObject({ title: 'Ultrasound' });
  });

  it('is made from the content where a UID is missing, the same each time', async () => {
    const bytes = writeDicom(imageElements(['0020000D', 'UI', '']));
    const [first, second] = [await readDicom(bytes, 'a.dcm'), await readDicom(bytes, 'b.dcm')];
    expect(first.studyInstanceUID).toMatch(/^2\.25\.\d{20,39}$/);
    expect(second.studyInstanceUID).toBe(first.studyInstanceUID);
    expect(first.warnings).toEqual([expect.stringContaining('StudyInstanceUID is missing')]);
  });
});
