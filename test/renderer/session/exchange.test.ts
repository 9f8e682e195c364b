import { beforeEach, describe, expect, it } from 'vitest';
import type { ExportResult } from '../../../electron/common/api.ts';
import { AppError } from '../../../electron/common/errors.ts';
import { findCommand } from '../../../renderer/commands/index.ts';
import { closeExport, runExport } from '../../../renderer/session/exchange.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

const result: ExportResult = {
  format: 'coco',
  folder: '/w/exports/coco',
  files: ['annotations/instances.json'],
  annotations: 3,
  verified: true,
  fidelity: { minIoU: 1, meanIoU: 1, lost: [] },
};
const input = { format: 'coco', folder: null, images: true, originals: false, studyIds: null, labelIds: null };

let scripted: ScriptedSession;
let answer: ReturnType<typeof Promise.withResolvers<ExportResult>>;

beforeEach(async () => {
  scripted = await openScriptedSession();
  answer = Promise.withResolvers();
  scripted.api.answers['export:run'] = () => answer.promise;
  await open();
});

const open = async () => findCommand('work.export').run(scripted.session);
const run = () => runExport(scripted.session, { ...input, reviewStates: ['accepted'], from: null, until: null });

describe('an export', () => {
  it('is found again behind its closed dialog, and no other begins beside it', async () => {
    const running = run();
    closeExport(scripted.session);
    expect(scripted.state.dialog).toBeNull();
    await open();
    expect(scripted.state).toMatchObject({ dialog: 'export', exporting: { kind: 'busy' } });
    await run();
    answer.resolve(result);
    await running;
    expect(scripted.api.sent.filter(({ name }) => name === 'export:run')).toHaveLength(1);
    expect(scripted.state).toMatchObject({ exporting: { kind: 'idle' }, exportResult: result, notice: null });
  });

  it('that ends behind its closed dialog is said, and shown there until the dialog is closed again', async () => {
    const running = run();
    closeExport(scripted.session);
    answer.resolve(result);
    await running;
    expect(scripted.state.notice).toEqual({ tone: 'plain', text: 'The export is done. It lies in /w/exports/coco.' });
    await open();
    expect(scripted.state.exportResult).toEqual(result);
    closeExport(scripted.session);
    expect(scripted.state).toMatchObject({ dialog: null, exportResult: null });
  });

  it('that fails behind its closed dialog is said with the reason', async () => {
    const running = run();
    closeExport(scripted.session);
    answer.reject(new AppError('storage', 'The disk is full.'));
    await running;
    expect(scripted.state.notice).toEqual({ tone: 'trouble', text: 'The export failed. The disk is full.' });
    await open();
    expect(scripted.state.exporting).toEqual({ kind: 'failed', message: 'The disk is full.' });
    closeExport(scripted.session);
    expect(scripted.state.exporting).toEqual({ kind: 'idle' });
  });

  it('that is cancelled behind its closed dialog is no trouble', async () => {
    const running = run();
    closeExport(scripted.session);
    answer.reject(new DOMException('Cancelled.', 'AbortError'));
    await running;
    expect(scripted.state.notice).toEqual({
      tone: 'plain',
      text: 'The export was cancelled; nothing was left in the folder.',
    });
  });
});
