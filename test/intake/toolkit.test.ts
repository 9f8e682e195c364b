// What another implementation, dcmtk's storescu and echoscu, has from intake. Skipped where it is not installed, and says so.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { contentHash } from '../../electron/study/identifiers.ts';
import type { App } from '../../electron/app/app.ts';
import { homeAt } from '../../electron/app/home.ts';
import { defaultIntake } from '../../electron/app/intake.ts';
import { launchApp } from '../../electron/app/launch.ts';
import { decodeImage } from '../../electron/files/image.ts';
import { imageElements, writeDicom } from '../dicom/write-dicom.ts';
import { temporaryFolder } from '../support/workspaces.ts';

const installed = ['echoscu', 'storescu'].every((name) => spawnSync(name, ['--version']).status === 0);
const shared = resolve(process.env.SONOSYNC_DATA ?? '../shared/data', 'dicom');

let app: App;
let folder: string;
let port: number;

beforeEach(async () => {
  folder = temporaryFolder();
  app = await launchApp({
    host: 'cli',
    workspaceFolder: join(folder, 'workspace'),
    home: homeAt(join(folder, 'home')),
    model: 'none', // receiving needs no network of this kind
    warn: () => undefined,
  });
  onTestFinished(() => app.close());
  await app.context.intake.use({
    ...defaultIntake,
    enabled: true,
    port: 0,
    callers: [{ aeTitle: 'SCANNER', host: null }],
  });
  port = app.context.intake.port ?? 0;
});

/** Not spawnSync: the server runs in this very process. */
function run(program: string, ...options: string[]): Promise<{ code: number; said: string }> {
  return new Promise((done) => {
    execFile(program, [...options], (error, stdout, stderr) => {
      const code = error && typeof error.code === 'number' ? error.code : Number(error !== null);
      done({ code, said: stdout + stderr });
    });
  });
}

function calling(aeTitle: string): string[] {
  return ['-v', '-aet', aeTitle, '-aec', 'SONOSYNC', '127.0.0.1', String(port)];
}

describe.skipIf(!installed)('dcmtk (skipped where echoscu and storescu are not installed)', () => {
  it('hears an echo', async () => {
    const { code, said } = await run('echoscu', ...calling('SCANNER'));
    expect(said).toContain('Received Echo Response (Success)');
    expect(code).toBe(0);
  });

  it('is refused as a stranger', async () => {
    const { code, said } = await run('echoscu', ...calling('STRANGER'));
    expect(said).toContain('Calling AE Title Not Recognized');
    expect(code).not.toBe(0);
  });

  it('hears that a class or an image is not taken', async () => {
    const [tomography, damaged] = ['ct.dcm', 'damaged.dcm'].map((name) => join(folder, name));
    writeFileSync(tomography, writeDicom(imageElements(['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2'])));
    writeFileSync(damaged, writeDicom(imageElements(['7FE00010', 'OW', Uint8Array.of(1, 2)])));
    const refused = await run('storescu', ...calling('SCANNER'), tomography);
    expect(refused.code).not.toBe(0);
    expect(refused.said).toMatch(/No Acceptable Presentation Contexts|No presentation context/i);
    const { said } = await run('storescu', ...calling('SCANNER'), damaged);
    expect(said).toMatch(/Cannot ?Understand/i);
    expect(app.context.store.listFrameRecords()).toEqual([]);
  });

  it.skipIf(!existsSync(shared))(
    'sends real images in their own syntaxes, which are kept and shown as they are',
    async () => {
      const cases = [
        ['OBXXXX1A.dcm', '-xe', '1.2.840.10008.1.2.1'],
        ['JPGLosslessP14SV1_1s_1f_8b.dcm', '-xs', '1.2.840.10008.1.2.4.70'],
        ['OBXXXX1A_rle_2frame.dcm', '-xr', '1.2.840.10008.1.2.5'],
        ['US1_J2KR.dcm', '-xv', '1.2.840.10008.1.2.4.90'],
      ] as const;
      for (const [name, option, transferSyntaxUID] of cases) {
        const { code, said } = await run('storescu', option, ...calling('SCANNER'), join(shared, name));
        expect(said).toContain('Received Store Response (Success)');
        expect(code).toBe(0);
        const { store } = app.context;
        const contexts = store.listFrameRecords().map(({ id }) => store.frameContext(id));
        const context = contexts.findLast(({ instance }) => instance.transferSyntaxUID === transferSyntaxUID);
        const picture = await store.framePicture(context?.frame.id ?? '');
        const frame = context?.frame.frameNumber ?? 1;
        const expected = await decodeImage(readFileSync(join(shared, 'expected', `${name}.f${frame - 1}.png`)), name);
        expect(picture.width).toBe(expected.width);
        const step = picture.channels === expected.channels ? 1 : 3;
        const differs = picture.pixels.some((value, index) => value !== expected.pixels[index * step]);
        expect(differs, name).toBe(false);
      }
      const originals = readdirSync(join(folder, 'workspace', 'objects'), { recursive: true, withFileTypes: true });
      for (const entry of originals.filter((one) => one.isFile())) {
        expect(contentHash(readFileSync(join(entry.parentPath, entry.name)))).toBe(entry.name);
      }
    },
  );
});
