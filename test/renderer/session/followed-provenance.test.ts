// What is known of masks that were followed through a cine: the page's session over the real app, store and exports, with an engine whose
// network is a threshold, so that the structure is found in every frame.
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { App } from '../../../electron/app/app.ts';
import type { Revision } from '../../../electron/common/study.ts';
import { readManifest } from '../../../electron/export/manifest.ts';
import { WindowApi } from '../../../renderer/api/window-api.ts';
import { propagate } from '../../../renderer/session/carry-over.ts';
import { accept, undo } from '../../../renderer/session/decisions.ts';
import { addLabel } from '../../../renderer/session/labels.ts';
import { openFrame } from '../../../renderer/session/navigation.ts';
import type { Session } from '../../../renderer/session/session.ts';
import { createSession, startSession } from '../../../renderer/session/start.ts';
import { createAppOnStepEngine } from '../../support/apps.ts';
import { cineFile } from '../../support/cine-file.ts';
import { untrainedModelId } from '../../support/model.ts';

let folder: string;
let app: App;
let session: Session;

async function openPage(): Promise<void> {
  const api = new WindowApi({
    send: (name, input) => app.route(name, input),
    on: (name, listener) => app.events.subscribe((heard, value) => heard === name && listener(value)),
  });
  session = createSession(api, { getItem: () => null, setItem: () => {} });
  await startSession(session);
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sonosync-followed-'));
  app = await createAppOnStepEngine(folder);
  await app.send('study:import', { files: [cineFile({ frames: 4 })] });
  await openPage();
  await addLabel(session, { name: 'Disc', position: 'breast', type: 'tumor' });
  await expect.poll(() => session.editor.document?.proposal?.provisional).toBe(false);
});

afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const frameId = (index: number): string => session.store.getState().frames[index].id;
const labelId = (): string => session.store.getState().labelId!;
const latest = (index: number): Revision => app.context.store.latestRevision(frameId(index), labelId())!;

it('followed masks name what the network said, through accepting, correcting, undoing and exporting', async () => {
  const { store } = app.context;
  await propagate(session, 1);
  await session.editor.saves.whenSettled();
  for (const index of [1, 2, 3]) {
    const revision = latest(index);
    expect(revision).toMatchObject({ reviewState: 'proposed', segmentAlgorithmType: 'SEMIAUTOMATIC' });
    const said = store.proposal(revision.proposalId!);
    expect(said).toMatchObject({ followed: true, modelId: untrainedModelId, prompts: { mode: 'local' } });
    expect(said.box).not.toBeNull();
    expect(said.mask).toEqual(revision.mask);
    // The frame's own proposal is another: none, or one of the whole frame.
    expect(store.latestProposal(frameId(index), labelId())?.prompts.mode ?? 'whole').toBe('whole');
  }

  const { studyId } = session.store.getState();
  await openFrame(session, studyId!, frameId(1));
  await accept(session);
  await openFrame(session, studyId!, frameId(2));
  session.editor.beginGesture('brush');
  session.editor.paint({ x: 4, y: 4 }, { x: 9, y: 4 }, 3, 1);
  session.editor.completeGesture();
  await session.editor.saves.whenSettled();
  expect(latest(1)).toMatchObject({ reviewState: 'accepted', segmentAlgorithmType: 'SEMIAUTOMATIC' });
  expect(latest(2)).toMatchObject({ reviewState: 'edited', segmentAlgorithmType: 'SEMIAUTOMATIC' });
  for (const index of [1, 2]) expect(store.proposal(latest(index).proposalId!).followed).toBe(true);

  for (const format of ['seg', 'coco'] as const) {
    const out = join(folder, format);
    const { files } = await app.send('export:run', { format, folder: out, reviewStates: ['accepted', 'edited'] });
    const { annotations } = await readManifest(out);
    const algorithm = { modelId: untrainedModelId, adapterHash: null };
    expect(annotations).toHaveLength(2);
    for (const one of annotations) expect(one).toMatchObject({ segmentAlgorithmType: 'SEMIAUTOMATIC', algorithm });
    if (format !== 'seg') continue;
    const bytes = await readFile(
      join(
        out,
        files.find((file) => file.endsWith('.dcm'))!,
      ),
    );
    expect(bytes.includes(untrainedModelId)).toBe(true);
    expect(bytes.includes('SonoSync editing tools')).toBe(false);
  }
});

it('is taken back by one undo, also after a restart', async () => {
  await propagate(session, 1);
  await session.editor.saves.whenSettled();
  await openPage();
  await undo(session);
  await session.editor.saves.whenSettled();
  for (const index of [1, 2, 3]) expect(latest(index)).toMatchObject({ reviewState: 'rejected', gesture: 'undo' });
});
