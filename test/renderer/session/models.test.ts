// The choice of a base model over the real app: real models, real engine, through the Electron bridge's own client.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '../../../electron/app/app.ts';
import { homeAt } from '../../../electron/app/home.ts';
import { launchApp } from '../../../electron/app/launch.ts';
import { encodePng } from '../../../electron/files/image.ts';
import { WindowApi } from '../../../renderer/api/window-api.ts';
import { allCommands, runCommand } from '../../../renderer/commands/index.ts';
import { importFiles } from '../../../renderer/session/imports.ts';
import { addLabel } from '../../../renderer/session/labels.ts';
import { chooseModel, listModels } from '../../../renderer/session/models.ts';
import type { Session } from '../../../renderer/session/session.ts';
import { createSession, startSession } from '../../../renderer/session/start.ts';
import { importTinyModel, tinyModelId, untrainedModelId, writeUntrainedModel } from '../../support/model.ts';
import { discItems } from '../../support/phantoms.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-choice-'));
let app: App;
let session: Session;

const state = () => session.store.getState();
const proposedBy = () => session.editor.document?.proposal?.modelId;

beforeAll(async () => {
  const home = homeAt(join(folder, 'home'));
  await importTinyModel(home.modelsFolder);
  await writeUntrainedModel(home.modelsFolder);
  const workspaceFolder = join(folder, 'workspace');
  app = await launchApp({ host: 'web', workspaceFolder, home, model: tinyModelId, warn: () => {} });
  const api = new WindowApi({
    send: (name, input) => app.route(name, input),
    on: (name, listener) => app.events.subscribe((heard, value) => heard === name && listener(value)),
  });
  session = createSession(api, { getItem: () => null, setItem: () => undefined });
  await startSession(session);
  const [{ frame }] = discItems(1, 5);
  const bytes = await encodePng({ width: frame.width, height: frame.height, channels: 1, pixels: frame.gray });
  const file = new File([Uint8Array.from(bytes)], 'disc.png');
  await importFiles(session, [file]);
  await addLabel(session, { name: 'Disc', position: 'breast', type: 'tumor' });
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

it('is a command that opens the list', async () => {
  const command = allCommands.find(({ id }) => id === 'work.models');
  runCommand(session, command!);
  expect(state().dialog).toBe('models');
  expect((await listModels(session)).models.map(({ id }) => id)).toEqual(
    expect.arrayContaining([tinyModelId, untrainedModelId]),
  );
});

it('shows the chosen model and asks it for what nobody has judged', async () => {
  await expect.poll(proposedBy, { timeout: 30_000 }).toBe(tinyModelId);
  await chooseModel(session, untrainedModelId);
  expect(state().status?.model).toMatchObject({ id: untrainedModelId, title: 'Untrained model' });
  await expect.poll(proposedBy, { timeout: 30_000 }).toBe(untrainedModelId);
});

it('follows a choice that was made elsewhere', async () => {
  await app.send('model:choose', { id: tinyModelId });
  await expect.poll(() => state().status?.model?.id, { timeout: 30_000 }).toBe(tinyModelId);
  await expect.poll(proposedBy, { timeout: 30_000 }).toBe(tinyModelId);
});

it('stays with its model where another is refused', async () => {
  await expect(chooseModel(session, 'nothing')).rejects.toMatchObject({ code: 'not-found' });
  expect(state().status?.model?.id).toBe(tinyModelId);
});
