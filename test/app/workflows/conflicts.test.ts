import { expect, it, vi } from 'vitest';
import type { App } from '../../../electron/app/app.ts';
import { importPictures, openApp } from '../../support/apps.ts';
import { save } from '../../support/exchange.ts';
import { maskOf } from '../../support/workspaces.ts';

/** Two studies whose frames all have an annotation, and a conflict for each of them but the first; the later study's come first. */
async function conflictingApp(): Promise<App> {
  const app = await openApp();
  const frames = [...(await importPictures(app, 'one', [1, 2, 3])), ...(await importPictures(app, 'two', [4, 5, 6]))];
  const { id: labelId } = await app.send('label:add', { name: 'Median nerve', position: 'leg', type: 'organ' });
  for (const frameId of frames) await save(app, frameId, labelId, maskOf(8), 'accepted');
  for (const frameId of frames.slice(1).toReversed()) {
    app.context.store.conflicts.save({
      frameId,
      labelId,
      ourRevisionId: app.context.store.latestRevision(frameId, labelId)?.id ?? '',
      theirRevisionId: null,
      reviewState: 'accepted',
      segmentAlgorithmType: 'MANUAL',
      mask: maskOf(6),
      reader: 'B. Other',
      source: 'CSV',
    });
  }
  return app;
}

it('conflicts are listed with the place of each frame, for which each study is gone through once', async () => {
  const app = await conflictingApp();
  const listFrameRecords = vi.spyOn(app.context.store, 'listFrameRecords');
  const conflicts = await app.send('conflict:list', {});
  expect(conflicts.map(({ studyTitle, frameNumber, iou }) => [studyTitle, frameNumber, iou])).toEqual([
    ['two', 3, 0.75],
    ['two', 2, 0.75],
    ['two', 1, 0.75],
    ['one', 3, 0.75],
    ['one', 2, 0.75],
  ]);
  expect(listFrameRecords.mock.calls).toEqual([[conflicts[0].studyId], [conflicts[3].studyId]]);
});

it('a decision says how many conflicts still wait, and loads none of them', async () => {
  const app = await conflictingApp();
  const [conflict] = await app.send('conflict:list', {});
  const waiting: number[] = [];
  app.context.events.on('conflict:changed', (change) => waiting.push(change.waiting));
  const listWaiting = vi.spyOn(app.context.store.conflicts, 'listWaiting');
  await app.send('conflict:decide', { conflictId: conflict.id, take: 'ours' });
  expect(waiting).toEqual([4]);
  expect(app.context.store.conflicts.countWaiting()).toBe(4);
  expect(listWaiting).not.toHaveBeenCalled();
});
