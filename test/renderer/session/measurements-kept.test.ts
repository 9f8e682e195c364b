// Measurements over the real app: while another program holds the workspace's database they are kept and said to be unsaved; then they are saved.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { WindowApi } from '../../../renderer/api/window-api.ts';
import { undo } from '../../../renderer/session/decisions.ts';
import { measurementsOf, moveMeasurement, saveShape } from '../../../renderer/session/measurements.ts';
import { retrySaves, whenSaved } from '../../../renderer/session/saves.ts';
import type { Session } from '../../../renderer/session/session.ts';
import { createSession, startSession } from '../../../renderer/session/start.ts';
import { importPictures, openApp } from '../../support/apps.ts';

async function openPage(app: Awaited<ReturnType<typeof openApp>>): Promise<Session> {
  const api = new WindowApi({
    send: (name, input) => app.route(name, input),
    on: (name, listener) => app.events.subscribe((heard, value) => heard === name && listener(value)),
  });
  const memory = new Map<string, string>();
  const session = createSession(
    api,
    { getItem: (key) => memory.get(key) ?? null, setItem: (key, value) => void memory.set(key, value) },
    // So long a wait that the trouble is seen; it is ended by retrySaves.
    { retryDelaysMs: [3_600_000] },
  );
  await startSession(session);
  return session;
}

/** Takes the right to write from the workspace, as another program can; returns what gives it back. */
function holdDatabase(folder: string): () => void {
  const other = new DatabaseSync(join(folder, 'workspace.sqlite'));
  other.exec('BEGIN IMMEDIATE');
  onTestFinished(() => other.close());
  return () => other.exec('ROLLBACK');
}

it('keeps what cannot be saved until it can, and gives a measurement to another label', async () => {
  const app = await openApp();
  const [frameId] = await importPictures(app, 'pictures', [1]);
  const lesion = await app.send('label:add', { name: 'Lesion', position: 'breast', type: 'tumor' });
  const cyst = await app.send('label:add', { name: 'Cyst', position: 'breast', type: 'tumor' });
  const session = await openPage(app);
  const state = () => session.store.getState();
  expect(state()).toMatchObject({ frameId, labelId: lesion.id });
  const shown = () => measurementsOf(state()).map(({ labelId, points }) => [labelId, points[1].x]);
  const stored = async () =>
    (await app.send('measurement:list', { frameId })).map(({ labelId, points }) => [labelId, points[1].x]);
  const draw = (x: number): void => {
    const points = [
      { x: 1, y: 1 },
      { x, y: 1 },
    ];
    saveShape(session, { kind: 'length', points }, null);
  };

  draw(5);
  await whenSaved(session);
  expect(await stored()).toEqual([[lesion.id, 5]]);

  const letGo = holdDatabase(app.context.store.folder);
  draw(7);
  moveMeasurement(session, measurementsOf(state())[0].trackingUID, cyst.id);
  await expect.poll(() => state().save, { timeout: 10_000 }).toMatchObject({ kind: 'retrying', pending: 2 });
  expect(state().save).toMatchObject({ message: expect.stringContaining('another program holds it') });
  expect(shown()).toEqual([
    [cyst.id, 5],
    [lesion.id, 7],
  ]);
  expect(state().measurements?.unsaved).toHaveLength(2);
  expect(await stored()).toEqual([[lesion.id, 5]]);

  letGo();
  retrySaves(session);
  await whenSaved(session);
  expect(state().save.kind).toBe('saved');
  expect(await stored()).toEqual(shown());
  expect(state().measurements?.unsaved).toEqual([]);
  await undo(session);
  await whenSaved(session);
  expect(await stored()).toEqual([
    [lesion.id, 5],
    [lesion.id, 7],
  ]);
  // Another page finds the same.
  const other = await openPage(app);
  await expect.poll(() => measurementsOf(other.store.getState()).length).toBe(2);
  expect(measurementsOf(other.store.getState())).toEqual(await app.send('measurement:list', { frameId }));
}, 30_000);
