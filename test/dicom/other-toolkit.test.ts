import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readDicom } from '../../electron/dicom/read-dicom.ts';
import { readDicomDirectory } from '../../electron/dicom/read-directory.ts';
import { startEncoders } from './encode-pixels.ts';
import { pixelSamples, type PixelSample } from './pixel-samples.ts';
import { imageElements, writeDicom } from './write-dicom.ts';

// DCMTK compresses by code that shares nothing with what is tested; skipped where it is not installed.
const tools = ['dcmcjpeg', 'dcmcjpls', 'dcmcrle', 'dcmconv', 'dcmmkdir'];
const isInstalled = tools.every((tool) => spawnSync(tool, ['--version']).status === 0);

let plain: readonly PixelSample[] = [];
beforeAll(async () => {
  await startEncoders();
  // Single bits and subsampled colours are nothing that it compresses.
  plain = (await pixelSamples()).filter(({ name }) => name.startsWith('explicit:') && !/single bits|422/.test(name));
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sonosync-dcmtk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function furthest(found: Uint8Array, wanted: Uint8Array): number {
  expect(found.length).toBe(wanted.length);
  return found.reduce((worst, value, index) => Math.max(worst, Math.abs(value - wanted[index])), 0);
}

describe.skipIf(!isInstalled)('files that another toolkit has compressed', () => {
  it.each([
    // Without loss it compresses colours by planes as if they came pixel by pixel, and gives them back so.
    ['dcmcjpeg', ['+e1'], '1.2.840.10008.1.2.4.70', 0, /by planes/],
    ['dcmcjpeg', ['+el'], '1.2.840.10008.1.2.4.57', 0, /by planes/],
    ['dcmcjpls', ['+el'], '1.2.840.10008.1.2.4.80', 0, null],
    // Near-lossless samples of 7 bits stop the decoder, which is said; a level of chroma counts for nearly two of blue.
    ['dcmcjpls', ['+en', '+md', '2'], '1.2.840.10008.1.2.4.81', 6, / 7 of 8 /],
    ['dcmcrle', [], '1.2.840.10008.1.2.5', 0, null],
  ] as const)('by %s %j show what they showed before', async (tool, options, syntax, loss, except) => {
    const folder = temporaryFolder();
    const faults: string[] = [];
    let compared = 0;
    for (const { name, bytes, shown, tolerance } of plain.filter((sample) => !except?.test(sample.name))) {
      const [before, after] = [join(folder, 'before.dcm'), join(folder, 'after.dcm')];
      writeFileSync(before, bytes);
      rmSync(after, { force: true });
      // What the tool cannot compress it says; what it has compressed has to be read.
      if (spawnSync(tool, [...options, before, after]).status !== 0) continue;
      const file = await readDicom(readFileSync(after), 'after.dcm');
      // Palettes stay as they are in some modes.
      if (file.instance.transferSyntaxUID !== syntax) continue;
      compared += 1;
      for (const frameNumber of [1, 2]) {
        const { pixels } = await file.frame(frameNumber);
        const worst = furthest(pixels, shown[frameNumber - 1]);
        if (worst > tolerance + loss) faults.push(`${name}: frame ${frameNumber} is off by ${worst}`);
      }
    }
    expect(faults).toEqual([]);
    expect(compared).toBeGreaterThan(5);
  });

  it('by its baseline and extended JPEG stay near', async () => {
    const folder = temporaryFolder();
    for (const [options, names] of [
      ['+eb', ['explicit: MONOCHROME2 8 of 8 bits', 'explicit: RGB 8 bits']],
      ['+ee', ['explicit: MONOCHROME2 12 of 16 bits']],
    ] as const) {
      for (const sample of plain.filter(({ name }) => names.some((wanted) => wanted === name))) {
        const [before, after] = [join(folder, 'before.dcm'), join(folder, 'after.dcm')];
        writeFileSync(before, sample.bytes);
        execFileSync('dcmcjpeg', [options, '+q', '98', '+s4', before, after]);
        const file = await readDicom(readFileSync(after), 'after.dcm');
        expect(furthest((await file.frame(2)).pixels, sample.shown[1]), sample.name).toBeLessThanOrEqual(6);
      }
    }
  });
});

describe.skipIf(!isInstalled)('a DICOMDIR that another toolkit has made', () => {
  it('lists its files', () => {
    const folder = temporaryFolder();
    const names = ['IM1', 'IM2'];
    names.forEach((name, index) => {
      const elements = imageElements(
        ['00080018', 'UI', `1.2.3.4.${index}`],
        ['00080020', 'DA', '20240101'],
        ['00080030', 'TM', '120000'],
        ['00080060', 'CS', 'US'],
        ['00100020', 'LO', 'PID'],
        ['00200010', 'SH', 'S1'],
        ['00200011', 'IS', '1'],
        ['00200013', 'IS', String(index + 1)],
      );
      writeFileSync(join(folder, 'bare'), writeDicom(elements));
      // Completes the meta information, which the directory's maker wants.
      execFileSync('dcmconv', [join(folder, 'bare'), join(folder, name)]);
    });
    const made = spawnSync('dcmmkdir', ['+D', 'DICOMDIR', '+m', '-Nxc', ...names], { cwd: folder, encoding: 'utf8' });
    expect(made.status, made.stderr).toBe(0);
    const { records, warnings } = readDicomDirectory(readFileSync(join(folder, 'DICOMDIR')), 'DICOMDIR');
    expect(warnings).toEqual([]);
    expect(records).toEqual(
      names.map((name, index) => ({
        recordType: 'IMAGE',
        path: [name],
        sopClassUID: '1.2.840.10008.5.1.4.1.1.6.1',
        sopInstanceUID: `1.2.3.4.${index}`,
        transferSyntaxUID: '1.2.840.10008.1.2.1',
      })),
    );
  });
});
