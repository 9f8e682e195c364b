// The page's session over the real app: real store, real engine with a small model, through the Electron bridge's own client.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../../electron/app/app.ts';
import { homeAt } from '../../../electron/app/home.ts';
import { launchApp } from '../../../electron/app/launch.ts';
import { encodePng } from '../../../electron/files/image.ts';
import { grayPicture } from '../../../electron/training/gray-frame.ts';
import { WindowApi } from '../../../renderer/api/window-api.ts';
import { accept, markAbsent, redo, undo } from '../../../renderer/session/decisions.ts';
import { importAnnotationFolders } from '../../../renderer/session/annotation-imports.ts';
import { runExport } from '../../../renderer/session/exchange.ts';
import { importFiles } from '../../../renderer/session/imports.ts';
import { addLabel } from '../../../renderer/session/labels.ts';
import { openFrame } from '../../../renderer/session/navigation.ts';
import { choosePrompt, proposeInBox } from '../../../renderer/session/proposals.ts';
import type { Session } from '../../../renderer/session/session.ts';
import { createSession, startSession } from '../../../renderer/session/start.ts';
import { importTinyModel, tinyModelId } from '../../support/model.ts';
import { discItems } from '../../support/phantoms.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-session-'));
const stored = new Map<string, string>();
const memory = {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => void stored.set(key, value),
};
let app: App;
let session: Session;

function openPage(): Session {
  const api = new WindowApi({
    send: (name, input) => app.route(name, input),
    on: (name, listener) => app.events.subscribe((heard, value) => heard === name && listener(value)),
  });
  return createSession(api, memory);
}

const state = () => session.store.getState();
const mask = () => session.editor.document!.mask.data.slice();

const loadInput = (frame: number) => ({ frameId: state().frames[frame].id, labelId: state().labelId! });

async function proposed(): Promise<void> {
  await expect.poll(() => state().proposing.kind, { timeout: 30_000 }).not.toBe('busy');
  expect(state().proposing).toEqual({ kind: 'idle' });
}

function stroke(y = 20): void {
  const pointer = (x: number, y: number) => ({ image: { x, y }, canvas: { x, y } });
  session.tools.pointerDown(pointer(20, y), { pan: false });
  session.tools.pointerMove(pointer(60, y + 10));
  session.tools.pointerUp(pointer(60, y + 10));
}

beforeAll(async () => {
  const home = homeAt(join(folder, 'home'));
  await importTinyModel(home.modelsFolder);
  const workspaceFolder = join(folder, 'workspace');
  app = await launchApp({ host: 'web', workspaceFolder, home, model: tinyModelId, warn: () => {} });
  session = openPage();
  await startSession(session);
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a session over the real app', () => {
  it('begins empty, imports frames, and says which file could not be read', async () => {
    expect(state()).toMatchObject({ startup: { kind: 'idle' }, studies: [], frameId: null });
    const files = await Promise.all(
      discItems(3, 5).map(async ({ frame }, index) => {
        const bytes = await encodePng(grayPicture(frame));
        return new File([Uint8Array.from(bytes)], `discs/${index}.png`);
      }),
    );
    const notes = new File(['no picture'], 'discs/notes.dcm');
    await importFiles(session, [...files, notes]);
    expect(state().importReport).toMatchObject({ imported: 3, skipped: [{ path: 'discs/notes.dcm' }] });
    expect(state().frames).toHaveLength(3);
  });

  it('has a proposal as soon as there is a label', async () => {
    await addLabel(session, { name: 'Disc', position: 'breast', type: 'tumor' });
    await proposed();
    expect(session.editor.document?.proposal?.modelId).toBe(tinyModelId);
    expect(session.editor.document?.state.reviewState).toBe('proposed');
    expect(state().corrections).toEqual({ corrections: 0, needed: 4 });
    expect(state().queue).toHaveLength(3);
  });

  it('asks again for other prompts and for a box', async () => {
    choosePrompt(session, 'position', 'thyroid');
    await proposed();
    expect(session.editor.document?.proposal?.prompts.position).toBe('thyroid');
    proposeInBox(session, { x: 10, y: 10, width: 60, height: 50 });
    await proposed();
    expect(session.editor.document?.proposal).toMatchObject({ box: { x: 10, width: 60 }, prompts: { mode: 'local' } });
  });

  it('asks the network around a scribble and stores no proposal for that', async () => {
    const before = mask();
    const { proposal } = session.editor.document!;
    const pointer = (x: number, y: number) => ({ image: { x, y }, canvas: { x, y } });
    session.tools.select('scribble');
    session.tools.pointerDown(pointer(30, 70), { pan: false });
    session.tools.pointerMove(pointer(50, 72));
    session.tools.pointerUp(pointer(50, 72));
    expect(session.editor.document!.mask.data[71 * session.editor.document!.mask.width + 40]).toBe(1);
    await proposed();
    session.tools.select('brush');
    await undo(session);
    expect(mask()).toEqual(before);
    await session.editor.saves.whenSettled();
    const { frameId, labelId } = session.editor.document!;
    const stored = await session.api.send('annotation:load', { frameId, labelId });
    expect(stored.proposal?.id).toBe(proposal?.id);
  });

  it('saves every gesture, undo and redo for good: another page finds them', async () => {
    const frameId = state().frameId!;
    const before = mask();
    stroke();
    const painted = mask();
    expect(painted).not.toEqual(before);
    await undo(session);
    expect(mask()).toEqual(before);
    session.editor.redo();
    await session.editor.saves.whenSettled();
    expect(state().save.kind).toBe('saved');
    const other = openPage();
    await startSession(other);
    expect(other.store.getState().frameId).toBe(frameId);
    expect(other.editor.document?.mask.data).toEqual(painted);
    expect(other.editor.document?.state).toMatchObject({
      reviewState: 'edited',
      segmentAlgorithmType: 'SEMIAUTOMATIC',
    });
  });

  it('accepts, says what is not here, and undoes across frames', async () => {
    const first = state().frameId!;
    await accept(session);
    const second = state().frameId!;
    expect(second).not.toBe(first);
    await proposed();
    await markAbsent(session);
    await session.editor.saves.whenSettled();
    await expect.poll(() => state().corrections?.corrections).toBe(2);
    await undo(session);
    await undo(session);
    expect(state().frameId).toBe(first);
    expect(session.editor.document?.state.reviewState).toBe('edited');
    await session.editor.saves.whenSettled();
    await expect.poll(() => state().corrections?.corrections).toBe(0);
  });

  it('undoes after a restart what was done before it, on whichever frame', async () => {
    await openFrame(session, state().studyId!, state().frames[0].id);
    const before = mask();
    stroke(60);
    const painted = mask();
    await openFrame(session, state().studyId!, state().frames[1].id);
    await proposed();
    const other = mask();
    stroke(60);
    await session.editor.saves.whenSettled();
    session = openPage();
    await startSession(session);
    await openFrame(session, state().studyId!, state().frames[2].id);
    await Promise.all([undo(session), undo(session)]);
    expect(state().frameId).toBe(state().frames[0].id);
    expect(mask()).toEqual(before);
    expect(await session.api.send('annotation:load', loadInput(1))).toMatchObject({ revision: { gesture: 'undo' } });
    await redo(session);
    expect(mask()).toEqual(painted);
    await openFrame(session, state().studyId!, state().frames[1].id);
    expect(mask()).toEqual(other);
    await session.editor.saves.whenSettled();
  });

  it('exports what is accepted, read back and compared', async () => {
    await openFrame(session, state().studyId!, state().frames[0].id);
    await accept(session);
    await runExport(session, { format: 'coco', folder: join(folder, 'out') });
    expect(state().exporting).toEqual({ kind: 'idle' });
    expect(state().exportResult).toMatchObject({ annotations: 1, verified: true });
    expect([state().exporting, state().exportRun]).toEqual([{ kind: 'idle' }, null]);
    // What left is here already, and nothing waits for a decision.
    await importAnnotationFolders(session, [state().exportResult!.folder]);
    expect(state().annotationReport).toMatchObject({ format: 'COCO', added: 0, unchanged: 1, conflicts: 0 });
    expect(state().conflicts).toEqual([]);
    await importAnnotationFolders(session, [join(folder, 'nowhere')]);
    expect(state().annotationImporting).toMatchObject({ kind: 'failed', message: expect.stringContaining('nowhere') });
  });
});
