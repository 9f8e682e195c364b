// Owns two workspaces with the same images, between which tests of exports and imports carry annotations.
import { join } from 'node:path';
import type { App } from '../../electron/app/app.ts';
import { createMask, encodeMask } from '../../electron/common/mask.ts';
import { importPictures, openApp } from './apps.ts';
import { frameHeight, frameWidth, maskOf, temporaryFolder } from './workspaces.ts';

export const shades = [1, 2, 3];

/** An app with three frames; the first two have a mask with a hole, the third is absent. */
export async function annotatedApp(): Promise<App> {
  const app = await openApp();
  const frames = await importPictures(app, 'one', shades);
  const { id } = await app.send('label:add', { name: 'Median nerve', position: 'leg', type: 'organ' });
  for (const [index, frameId] of frames.entries()) {
    await save(app, frameId, id, index < 2 ? holed(index) : maskOf(0), index < 2 ? 'accepted' : 'absent');
  }
  return app;
}

function holed(shift: number): Uint8Array {
  const mask = createMask(frameWidth, frameHeight);
  for (let row = 1; row < 6; row += 1) mask.data.fill(1, row * frameWidth + 1 + shift, row * frameWidth + 8 + shift);
  mask.data[3 * frameWidth + 4 + shift] = 0;
  return encodeMask(mask);
}

export function save(
  app: App,
  frameId: string,
  labelId: string,
  mask: Uint8Array,
  reviewState: 'accepted' | 'absent' | 'edited',
) {
  return app.send('annotation:save', {
    frameId,
    labelId,
    parentId: app.context.store.latestRevision(frameId, labelId)?.id ?? null,
    proposalId: null,
    reviewState,
    segmentAlgorithmType: 'SEMIAUTOMATIC',
    mask,
    gesture: 'brush',
  });
}

export async function exported(app: App, format: string): Promise<string> {
  const folder = join(temporaryFolder(), 'out');
  await app.send('export:run', { format, folder });
  return folder;
}

/** Another workspace with the same images. */
export async function otherApp(): Promise<App> {
  const app = await openApp();
  await importPictures(app, 'one', shades);
  return app;
}

/** The latest revisions of all annotations. */
export const latest = ({ context: { store } }: App) =>
  store.listAnnotations({ includeEdited: true }).map(({ revision }) => revision);
