import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AnnotationImport, CommandInput, ConflictView } from '../../../electron/common/api.ts';
import { AppError } from '../../../electron/common/errors.ts';
import {
  cancelAnnotationImport,
  closeAnnotationImport,
  decideConflict,
  importAnnotationFiles,
  importAnnotationFolders,
  showConflict,
} from '../../../renderer/session/annotation-imports.ts';
import { createSession } from '../../../renderer/session/start.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

const report: AnnotationImport = {
  format: 'COCO',
  added: 2,
  updated: 1,
  unchanged: 0,
  conflicts: 0,
  labels: ['Cyst'],
  unmatched: [],
  remarks: [],
  cancelled: false,
  trouble: null,
};

const conflict: ConflictView = {
  id: 'one',
  frameId: 'a1',
  labelId: 'lesion',
  studyId: 'A',
  studyTitle: 'First',
  frameNumber: 1,
  label: 'Lesion',
  reader: 'B. Other',
  source: 'COCO',
  createdAt: '2026-01-01T00:00:00.000Z',
  ours: new Uint8Array(),
  theirs: new Uint8Array(),
  iou: 0.5,
};

let scripted: ScriptedSession;
let staged: CommandInput<'import:stage'>['parts'];
let cancelled: string[];

beforeEach(async () => {
  scripted = await openScriptedSession();
  staged = [];
  cancelled = [];
  scripted.api.answers['conflict:list'] = () => [];
  scripted.api.answers['import:stage'] = ({ parts }) => {
    staged.push(...parts);
    return {};
  };
  scripted.api.answers['import:cancel'] = ({ jobId }) => {
    cancelled.push(jobId);
    return {};
  };
});

describe('an import of annotations', () => {
  it('tells how far it is, goes on behind the closed dialog, and is cancelled by its own name', async () => {
    const { promise, resolve } = Promise.withResolvers<AnnotationImport>();
    scripted.api.answers['annotation:import'] = () => promise;
    const running = importAnnotationFolders(scripted.session, ['/exports/one']);
    await expect.poll(() => scripted.api.sent.some(({ name }) => name === 'annotation:import')).toBe(true);
    const jobId = scripted.state.annotationRun?.jobId ?? '';
    scripted.api.emit('annotation:progressed', { jobId: 'of another page', done: 7, total: 9 });
    expect(scripted.state.annotationRun).toMatchObject({ phase: 'reading', done: 0, total: null });
    scripted.api.emit('annotation:progressed', { jobId, done: 3, total: 40 });
    expect(scripted.state.annotationRun).toMatchObject({ phase: 'merging', done: 3, total: 40, cancelling: false });
    closeAnnotationImport(scripted.session);
    expect(scripted.state).toMatchObject({ dialog: null, annotationImporting: { kind: 'busy' } });
    await cancelAnnotationImport(scripted.session);
    await cancelAnnotationImport(scripted.session);
    expect(cancelled).toEqual([jobId]);
    expect(scripted.state.annotationRun?.cancelling).toBe(true);
    resolve({ ...report, cancelled: true });
    await running;
    expect(scripted.state).toMatchObject({
      annotationImporting: { kind: 'idle' },
      annotationRun: null,
      annotationReport: { added: 2, cancelled: true },
    });
    closeAnnotationImport(scripted.session);
    expect(scripted.state.annotationReport).toBeNull();
  });

  it('is cancelled while files are handed over: no more of them follow, and none is read', async () => {
    scripted.api.answers['import:stage'] = ({ parts }) => {
      staged.push(...parts);
      void cancelAnnotationImport(scripted.session);
      return {};
    };
    const size = 9 * 2 ** 20;
    await importAnnotationFiles(scripted.session, [new File([new Uint8Array(size)], 'masks.nii')]);
    expect(staged).toHaveLength(1);
    // The part that was on its way when the cancel came is thrown away, too.
    expect(cancelled).toHaveLength(2);
    expect(scripted.api.sent.some(({ name }) => name === 'annotation:import')).toBe(false);
    expect(scripted.state.annotationImporting).toEqual({
      kind: 'failed',
      message: 'The import was cancelled before any annotation was read; nothing has changed.',
    });
  });

  it('throws away what was handed over where a file cannot be read', async () => {
    const unreadable = {
      name: 'moved.json',
      size: 3,
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }),
    };
    await importAnnotationFiles(scripted.session, [unreadable]);
    expect(cancelled).toHaveLength(1);
    expect(scripted.state.annotationImporting).toMatchObject({
      kind: 'failed',
      message: 'moved.json cannot be read: it was moved or is in use.',
    });
  });

  it('of several folders is one report, up to the folder at which it ends', async () => {
    const answers = [
      report,
      { ...report, format: 'YOLO segmentation', labels: ['Node'], trouble: 'x.txt is damaged.' },
    ];
    const asked: (string | null | undefined)[] = [];
    scripted.api.answers['annotation:import'] = ({ folder }) => {
      asked.push(folder);
      return answers[asked.length - 1];
    };
    await importAnnotationFolders(scripted.session, ['/a', '/b', '/c']);
    expect(asked).toEqual(['/a', '/b']);
    expect(scripted.state.annotationReport).toMatchObject({
      format: 'COCO, YOLO segmentation',
      added: 4,
      updated: 2,
      labels: ['Cyst', 'Node'],
      trouble: 'x.txt is damaged.',
    });
  });
});

describe('a conflict that waits', () => {
  let waiting: ConflictView[];

  const shown = () => scripted.state.conflicts.map(({ id }) => id);
  const listings = () => scripted.api.sent.filter(({ name }) => name === 'conflict:list').length;
  const changed = () => scripted.api.emit('conflict:changed', { waiting: waiting.length });

  beforeEach(async () => {
    waiting = [conflict, { ...conflict, id: 'two' }];
    scripted.api.answers['conflict:list'] = () => waiting;
    scripted.api.answers['conflict:decide'] = ({ conflictId }) => {
      waiting = waiting.filter(({ id }) => id !== conflictId);
      return { revisionId: null };
    };
    changed();
    await expect.poll(shown).toEqual(['one', 'two']);
  });

  it('is off the list once it is decided, and the list is asked for once', async () => {
    const before = listings();
    const decide = scripted.api.answers['conflict:decide'];
    scripted.api.answers['conflict:decide'] = async (input) => {
      const decided = await decide?.(input);
      changed();
      return decided ?? { revisionId: null };
    };
    await decideConflict(scripted.session, 'one', 'theirs');
    expect(shown()).toEqual(['two']);
    await expect.poll(() => scripted.state.conflicts).toEqual(waiting);
    expect(listings() - before).toBe(1);
  });

  it('is off the list also where the event is lost, and the rest is asked for once the host is heard again', async () => {
    const onConnection = vi.spyOn(scripted.api, 'onConnection');
    const session = createSession(scripted.api, scripted.memory);
    changed();
    await expect.poll(() => session.store.getState().conflicts).toHaveLength(2);
    // The method of the scripted app takes no listener; what is given to it is that of the contract.
    const [tell] = onConnection.mock.lastCall as unknown as [(open: boolean) => void];
    tell(false);
    await decideConflict(session, 'one', 'ours');
    expect(session.store.getState().conflicts).toMatchObject([{ id: 'two' }]);
    waiting = [];
    tell(true);
    await expect.poll(() => session.store.getState().conflicts).toEqual([]);
  });

  it('is asked about again where it was decided elsewhere meanwhile', async () => {
    scripted.api.answers['conflict:decide'] = () => {
      waiting = waiting.slice(1);
      throw new AppError('conflict', 'This conflict was decided before.');
    };
    await decideConflict(scripted.session, 'one', 'ours');
    expect(shown()).toEqual(['two']);
    expect(scripted.state.annotationImporting).toEqual({
      kind: 'failed',
      message: 'This conflict was decided before.',
    });
  });
});

describe('a conflict that is looked at', () => {
  it('is shown with all that belongs to its label', async () => {
    const asked: string[] = [];
    scripted.api.answers['queue:list'] = ({ labelId }) => {
      asked.push(labelId);
      return [];
    };
    await showConflict(scripted.session, 'A', 'a2', 'cyst');
    expect(scripted.state).toMatchObject({ dialog: null, frameId: 'a2', labelId: 'cyst', queue: [] });
    expect(scripted.session.editor.document).toMatchObject({ frameId: 'a2', labelId: 'cyst' });
    expect(asked).toEqual(['cyst']);
  });
});
