// Owns the workspace that the editor is measured on: a cine of frames of one size, every frame with masks of five labels, the first with
// masks of twenty. There is no model in it: nothing but the editor is at work.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '../../electron/app/app.ts';
import { homeAt } from '../../electron/app/home.ts';
import { findInstallation } from '../../electron/app/installation.ts';
import { launchApp } from '../../electron/app/launch.ts';
import { type BinaryMask, createMask, encodeMask } from '../../electron/common/mask.ts';
import { encodePng } from '../../electron/files/image.ts';
import { createRandom, type Random } from '../../electron/nn/random.ts';
import { startWebHost } from '../../electron/web/host.ts';
import { paintSegment } from '../../renderer/editor/brush.ts';

export const frameSize = { width: 1024, height: 768 };

export interface BenchWorkspace {
  /** With its one-time token. */
  readonly address: string;
  close(): Promise<void>;
}

export async function serveBenchWorkspace(frames: number, labels: number): Promise<BenchWorkspace> {
  const folder = mkdtempSync(join(tmpdir(), 'sonosync-bench-'));
  const home = homeAt(join(folder, 'home'));
  const app = await launchApp({
    host: 'web',
    workspaceFolder: join(folder, 'workspace'),
    home,
    model: join(folder, 'no-model'),
    warn: () => {},
  });
  await fill(app, frames, labels);
  const host = await startWebHost({ app, interfaceFolder: findInstallation().interfaceFolder });
  return {
    address: host.issueAddress(),
    async close() {
      await host.close();
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function fill(app: App, frames: number, labels: number): Promise<void> {
  const { store } = app.context;
  const random = createRandom(1);
  const files = [];
  for (let index = 0; index < frames; index += 1) {
    files.push({
      name: `cine/frame_${String(index + 1).padStart(4, '0')}.png`,
      bytes: await encodePng(picture(index)),
    });
  }
  await store.importFiles(files);
  const labelIds = Array.from(
    { length: labels },
    (_, index) => store.addLabel({ name: `Structure ${index + 1}`, position: 'liver', type: 'organ' }).id,
  );
  for (const [index, frame] of store.listFrameRecords().entries()) {
    for (const labelId of index === 0 ? labelIds : labelIds.slice(0, 5)) {
      store.saveRevision({
        frameId: frame.id,
        labelId,
        parentId: null,
        proposalId: null,
        reviewState: 'accepted',
        segmentAlgorithmType: 'MANUAL',
        mask: encodeMask(blob(random)),
        gesture: 'import',
      });
    }
  }
}

/** A bright sector with a dark disc that moves from frame to frame. */
function picture(index: number) {
  const { width, height } = frameSize;
  const pixels = new Uint8Array(width * height);
  const x = 300 + 2 * index;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const inDisc = (column - x) ** 2 + (row - 380) ** 2 < 90 ** 2;
      pixels[row * width + column] = (inDisc ? 40 : 120) + (((column >> 4) + (row >> 4)) % 16);
    }
  }
  return { width, height, channels: 1 as const, pixels };
}

/** An outline of some thousand corners, as a network or a hand draws it. */
function blob(random: Random): BinaryMask {
  const mask = createMask(frameSize.width, frameSize.height);
  let at = { x: 200 + random.next() * 600, y: 150 + random.next() * 450 };
  for (let stroke = 0; stroke < 12; stroke += 1) {
    const to = { x: at.x + (random.next() - 0.5) * 120, y: at.y + (random.next() - 0.5) * 120 };
    paintSegment(mask, at, to, 20 + random.next() * 30, 1);
    at = to;
  }
  return mask;
}
