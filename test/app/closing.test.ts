// What becomes of a command that is still at work when the app is closed.
import { setTimeout } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { createRouter, type Handlers } from '../../electron/app/router.ts';
import { importPictures, openApp } from '../support/apps.ts';

it('has its reply before the workspace is let go', async () => {
  const app = await openApp();
  const { store } = app.context;
  const [frameId] = await importPictures(app, 'slow', [10]);
  const read = store.framePicture.bind(store);
  const slowly = async (id: string) => setTimeout(50).then(() => read(id));
  vi.spyOn(store, 'framePicture').mockImplementation(slowly);
  const reply = app.route('frame:picture', { frameId });
  await app.close();
  expect(await reply).toMatchObject({ ok: true, value: { width: 12, height: 8 } });
  expect(await app.route('frame:picture', { frameId })).toMatchObject({ ok: false, error: { code: 'aborted' } });
});

it('is waited for, whatever comes of it', async () => {
  const { promise, resolve, reject } = Promise.withResolvers<never>();
  const quick = Promise.withResolvers<void>();
  const handlers = { 'study:list': () => promise, 'label:list': () => quick.promise } as unknown as Handlers;
  const router = createRouter(handlers, () => undefined);
  const done: string[] = [];
  void router.route('study:list', {}).then(() => done.push('slow'));
  void router.route('label:list', {}).then(() => done.push('quick'));
  const settled = router.close().then(() => done.push('settled'));
  quick.resolve();
  await vi.waitFor(() => expect(done).toEqual(['quick']));
  reject(new Error('no'));
  await settled;
  expect(done).toEqual(['quick', 'slow', 'settled']);
  await router.close();
  resolve(undefined as never);
});
