import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FromThread, ThreadData, ToThread } from '../../electron/engine/thread-messages.ts';
import { decodeImage } from '../../electron/files/image.ts';
import { encode, startEncoders } from '../dicom/encode-pixels.ts';
import { imageElements, writeDicom } from '../dicom/write-dicom.ts';

const root = resolve(import.meta.dirname, '../..');
// Beside dist/electron, from where the bundles find the models and the packages.
const bundle = join('dist', `bundle-test-${process.pid}`);
const folder = mkdtempSync(join(tmpdir(), 'sonosync-bundle-'));

function run(...words: readonly string[]): string {
  return execFileSync(process.execPath, [join(root, bundle, 'cli.js'), ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, SONOSYNC_HOME: join(folder, 'home') },
  });
}

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'electron/setup/bundle.mjs'), bundle], { cwd: root, stdio: 'pipe' });
}, 120_000);

afterAll(() => {
  rmSync(join(root, bundle), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

describe('the bundles of the packaged application', () => {
  it('read, decode and write a DICOM file: the decoder finds its worker and the codecs', async () => {
    await startEncoders();
    const pixels = Uint8Array.of(0, 10, 20, 30, 200, 210, 220, 255);
    const shape = { columns: 4, rows: 2, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8 } as const;
    const fragments = [encode('encodeJpeg2000', pixels, shape)];
    writeFileSync(join(folder, 'a.dcm'), writeDicom(imageElements(['7FE00010', 'OB', { fragments }]), 'jpeg2000'));
    expect(run('--workspace', 'workspace', 'import', 'a.dcm')).toContain('1 file added with 1 frame');
    const png = join(folder, 'a.png');
    run('--workspace', 'workspace', 'frame', '--instance', 'a.dcm', '--out', png);
    const shown = await decodeImage(readFileSync(png), 'a.png');
    expect(shown).toMatchObject({ width: 4, height: 2 });
    expect(Array.from({ length: 8 }, (_, index) => shown.pixels[index * shown.channels])).toEqual([...pixels]);
  });

  it('have the thread that proposes for many frames, where the engine looks for it', async () => {
    const workerData: ThreadData = {
      folder: join(root, 'models/perceptguide-starter'),
      control: new Int32Array(new SharedArrayBuffer(8)),
    };
    const worker = new Worker(join(root, bundle, 'proposal-worker.js'), { workerData });
    const heard: FromThread[] = [];
    worker.on('message', (message: FromThread) => heard.push(message));
    await expect.poll(() => heard, { timeout: 20_000 }).toEqual([{ kind: 'ready' }]);
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    const end: ToThread = { kind: 'end' };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage(end);
    expect(await ended).toBe(0);
    const parts = readdirSync(join(root, bundle)).filter((name) => name.endsWith('.js'));
    const asking = parts.filter((name) =>
      readFileSync(join(root, bundle, name), 'utf8').includes('./proposal-worker.js'),
    );
    expect(asking).not.toEqual([]);
  });
});
