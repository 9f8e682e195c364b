import { beforeEach, describe, expect, it } from 'vitest';
import type { CommandInput, ImportReport } from '../../../electron/common/api.ts';
import { AppError } from '../../../electron/common/errors.ts';
import { findCommand } from '../../../renderer/commands/index.ts';
import { cancelImport, closeQuietImport, importFiles, importPaths } from '../../../renderer/session/imports.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
let staged: CommandInput<'import:stage'>['parts'];
let jobs: Set<string>;

beforeEach(async () => {
  scripted = await openScriptedSession();
  staged = [];
  jobs = new Set();
  scripted.api.answers['import:stage'] = (input) => {
    staged.push(...input.parts);
    jobs.add(input.jobId);
    return {};
  };
  scripted.api.answers['import:cancel'] = () => ({});
});

const nothing: ImportReport = {
  studyIds: [],
  imported: 0,
  unchanged: 0,
  skipped: [],
  warnings: [],
  cancelled: false,
};

describe('importing', () => {
  it('hands files over, opens what came in and lists what could not be read', async () => {
    const report: ImportReport = {
      ...nothing,
      studyIds: ['B'],
      imported: 1,
      skipped: [{ path: 'notes.dcm', reason: 'notes.dcm is a text file.', expected: false }],
    };
    scripted.api.answers['study:import'] = () => report;
    scripted.session.store.setState({ dialog: 'import' });
    await importFiles(scripted.session, [new File(['abc'], 'frame.png'), new File([], 'notes.dcm')]);
    expect(staged.map(({ name, start, bytes }) => [name, start, bytes.length])).toEqual([
      ['frame.png', 0, 3],
      ['notes.dcm', 0, 0],
    ]);
    expect(jobs.size).toBe(1);
    expect(scripted.api.sent.filter(({ name }) => name === 'import:stage')).toHaveLength(1);
    expect(scripted.state.importReport).toEqual(report);
    expect(scripted.state).toMatchObject({ studyId: 'B', frameId: 'b1', importing: { kind: 'idle' }, importRun: null });
  });

  it('says what came in where the reader has gone on with a frame, and leaves them there', async () => {
    const { session } = scripted;
    const skipped = [{ path: 'notes.dcm', reason: 'notes.dcm is a text file.', expected: false }];
    const report: ImportReport = { ...nothing, studyIds: ['B'], imported: 2 };
    scripted.api.answers['study:import'] = () => report;
    session.store.setState({ dialog: 'annotations' });
    session.editor.beginGesture('brush');
    await importPaths(session, ['/a']);
    expect(scripted.state).toMatchObject({ studyId: 'A', frameId: 'a1', dialog: 'annotations', importReport: report });
    expect(session.editor.isInGesture).toBe(true);
    expect(scripted.state.notice).toEqual({
      tone: 'plain',
      text: 'The import has ended. 2 files were imported.',
    });
    scripted.api.answers['study:import'] = () => ({ ...report, skipped });
    await importPaths(session, ['/a']);
    expect(scripted.state.notice).toEqual({
      tone: 'trouble',
      text: 'The import has ended. 2 files were imported. 1 file could not be imported.',
    });
    expect(scripted.state.frameId).toBe('a1');
  });

  it('closes its own dialog where there is nothing to tell, and no other', async () => {
    const { session } = scripted;
    scripted.api.answers['study:import'] = () => ({ ...nothing, imported: 1 });
    await importPaths(session, ['/a']);
    session.store.setState({ dialog: 'edit-label' });
    closeQuietImport(session);
    expect(scripted.state).toMatchObject({ dialog: 'edit-label', importReport: { imported: 1 } });
    session.store.setState({ dialog: 'import' });
    closeQuietImport(session);
    expect(scripted.state).toMatchObject({ dialog: null, importReport: null });
  });

  it('leaves its report for the dialog that is opened after it', async () => {
    scripted.api.answers['study:import'] = () => ({ ...nothing, imported: 2 });
    await importPaths(scripted.session, ['/a']);
    await findCommand('work.import').run(scripted.session);
    expect(scripted.state).toMatchObject({ dialog: 'import', importReport: { imported: 2 } });
  });

  it('hands a large file over in parts that follow each other', async () => {
    scripted.api.answers['study:import'] = () => nothing;
    const size = 20 * 2 ** 20;
    await importFiles(scripted.session, [new File([new Uint8Array(size)], 'cine.avi')]);
    expect(staged.length).toBeGreaterThan(1);
    let end = 0;
    for (const { start, bytes } of staged) {
      expect(start).toBe(end);
      end += bytes.length;
    }
    expect(end).toBe(size);
  });

  it('tells files of one name apart', async () => {
    scripted.api.answers['study:import'] = () => nothing;
    const files = ['a', 'bc', 'def'].map((text) => new File([text], 'IM0001.dcm'));
    await importFiles(scripted.session, [...files, new File(['g'], 'IM0001'), new File(['hi'], 'IM0001')]);
    expect(staged.map(({ name, start, bytes }) => [name, start, bytes.length])).toEqual([
      ['IM0001.dcm', 0, 1],
      ['IM0001 (2).dcm', 0, 2],
      ['IM0001 (3).dcm', 0, 3],
      ['IM0001', 0, 1],
      ['IM0001 (2)', 0, 2],
    ]);
  });

  it('takes back what was handed over where the disk is full', async () => {
    scripted.api.answers['import:stage'] = () => {
      throw new AppError('storage', 'frame.png cannot be laid aside: the disk is full or read-only.');
    };
    await importFiles(scripted.session, [new File(['abc'], 'frame.png')]);
    expect(scripted.state.importing).toMatchObject({ message: expect.stringContaining('the disk is full') });
    const [stage, cancel] = scripted.api.sent.filter(({ name }) => name.startsWith('import:'));
    expect(cancel).toEqual({ name: 'import:cancel', input: { jobId: (stage.input as { jobId: string }).jobId } });
  });

  it('goes on after a file that the browser cannot read, and lists it', async () => {
    scripted.api.answers['study:import'] = () => ({ ...nothing, imported: 1 });
    const gone = { name: 'gone.png', size: 4, slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }) };
    await importFiles(scripted.session, [gone, new File(['abc'], 'frame.png')]);
    expect(scripted.state.importReport).toMatchObject({ imported: 1, skipped: [{ path: 'gone.png' }] });
  });

  it('shows how far its own import is, and no other', async () => {
    let seen: unknown = null;
    scripted.api.answers['study:import'] = ({ jobId }) => {
      scripted.api.emit('import:progressed', { jobId: 'another', done: 8, total: 9, file: 'x', frames: null });
      scripted.api.emit('import:progressed', { jobId: jobId ?? '', done: 1, total: 3, file: '/a/b.mp4', frames: 12 });
      seen = scripted.state.importRun;
      return nothing;
    };
    await importPaths(scripted.session, ['/a']);
    expect(seen).toMatchObject({
      phase: 'importing',
      done: 1,
      total: 3,
      file: '/a/b.mp4',
      frames: 12,
      cancelling: false,
    });
  });

  it('waits for the import before it', async () => {
    const order: string[] = [];
    let finishFirst = (): void => undefined;
    scripted.api.answers['study:import'] = async ({ paths }) => {
      order.push(String(paths));
      if (String(paths) === '/first') await new Promise<void>((resolve) => (finishFirst = resolve));
      return nothing;
    };
    const first = importPaths(scripted.session, ['/first']);
    const second = importPaths(scripted.session, ['/second']);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(order).toEqual(['/first']);
    expect(scripted.state.importsWaiting).toBe(1);
    finishFirst();
    await Promise.all([first, second]);
    expect(order).toEqual(['/first', '/second']);
    expect(scripted.state).toMatchObject({ importsWaiting: 0, importing: { kind: 'idle' } });
  });

  it('is cancelled where it is, and says what is kept', async () => {
    scripted.api.answers['study:import'] = async () => {
      await cancelImport(scripted.session);
      expect(scripted.state.importRun?.cancelling).toBe(true);
      return { ...nothing, imported: 2, cancelled: true };
    };
    await importPaths(scripted.session, ['/a']);
    expect(scripted.api.sent.filter(({ name }) => name === 'import:cancel')).toHaveLength(1);
    expect(scripted.state.importReport).toMatchObject({ imported: 2, cancelled: true });
    expect(scripted.state.notice?.text).toBe('The import was cancelled. What had been imported by then is kept.');
  });

  it('imports nothing where it is cancelled while files are handed over', async () => {
    scripted.api.answers['import:stage'] = async () => {
      await cancelImport(scripted.session);
      return {};
    };
    const large = new Uint8Array(7 * 2 ** 20);
    await importFiles(scripted.session, [new File([large], 'a.png'), new File([large], 'b.png')]);
    const names = scripted.api.sent.map(({ name }) => name);
    expect(names.filter((name) => name === 'import:stage')).toHaveLength(1);
    expect(names).not.toContain('study:import');
    expect(scripted.state.importReport).toMatchObject({ imported: 0, cancelled: true });
  });

  it('says why it failed as a whole', async () => {
    scripted.api.answers['study:import'] = () => Promise.reject(new Error('The disk is full.'));
    await importPaths(scripted.session, ['/a']);
    expect(scripted.state).toMatchObject({
      importing: { kind: 'failed', message: 'The disk is full.' },
      importRun: null,
      notice: { tone: 'trouble', text: 'The import failed. The disk is full.' },
    });
  });
});
