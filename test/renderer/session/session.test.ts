import { beforeEach, describe, expect, it } from 'vitest';
import type { FrameSummary, LabelView, ProposalView, QueueItem, StudySummary } from '../../../electron/common/api.ts';
import { AppError } from '../../../electron/common/errors.ts';
import { countMaskPixels } from '../../../electron/common/mask.ts';
import { accept, backToProposal, markAbsent, undo } from '../../../renderer/session/decisions.ts';
import { importFiles } from '../../../renderer/session/exchange.ts';
import { selectLabel } from '../../../renderer/session/labels.ts';
import { openFrame, openNext, stepFrame, stepStudy } from '../../../renderer/session/navigation.ts';
import { choosePrompt, promptsInEffect, proposeInBox, stepPrompt } from '../../../renderer/session/proposals.ts';
import type { Memory, Session } from '../../../renderer/session/session.ts';
import { createSession, startSession } from '../../../renderer/session/start.ts';
import { cancelSynchronization, startSynchronization } from '../../../renderer/session/synchronization.ts';
import { disc, frameSize, ScriptedApi } from '../support/scripted-api.ts';

const frames: FrameSummary[] = ['a1', 'a2', 'a3'].map((id, index) => ({
  id,
  instanceId: 'i',
  frameNumber: index + 1,
  ...frameSize,
  pixelAspectRatio: 1,
  states: {},
  uncertainty: {},
}));
const otherFrames = [{ ...frames[0], id: 'b1' }];
const study: StudySummary = {
  id: 'A',
  title: 'First',
  position: 'breast',
  simulated: true,
  frameCount: 3,
  reviewedFrames: 0,
  firstFrameId: 'a1',
};
const label: LabelView = {
  id: 'lesion',
  name: 'Lesion',
  color: '#56b4e9',
  position: 'breast',
  type: 'tumor',
  activeAdapterId: null,
};

let api: ScriptedApi;
let session: Session;
let stored: Map<string, string>;
let labels: LabelView[];
let queue: QueueItem[];
/** Proposal requests in the order they were made, each to be answered by hand. */
let requests: { frameId: string; mode: string | undefined; position: string | undefined; answer: () => void }[];
let answerAtOnce: boolean;

function createMemory(): Memory {
  return { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => void stored.set(key, value) };
}

const state = () => session.store.getState();
const requested = () => requests.map((one) => `${one.frameId} ${one.position} ${one.mode}`);
const queued = (frameId: string, studyId = 'A'): QueueItem => ({
  frameId,
  studyId,
  studyTitle: 'x',
  frameNumber: 1,
  reason: 'unsure',
});

beforeEach(async () => {
  api = new ScriptedApi();
  stored = new Map();
  labels = [label, { ...label, id: 'cyst', name: 'Cyst', position: 'ovary' }];
  queue = [queued('a2'), queued('b1', 'B')];
  requests = [];
  answerAtOnce = true;
  Object.assign(api.answers, {
    'app:status': () => ({
      version: '0.1.0',
      host: 'web',
      workspace: { folder: '/w', title: 'w' },
      reader: 'AB',
      model: null,
      engine: { state: 'ready', provider: 'cpu', summary: 'CPU' },
    }),
    'study:list': () => [study, { ...study, id: 'B', title: 'Second', firstFrameId: 'b1', frameCount: 1 }],
    'study:frames': ({ studyId }: { studyId: string }) => (studyId === 'A' ? frames : otherFrames),
    'label:list': () => labels,
    'queue:list': () => queue,
    'training:count': () => ({ corrections: 4, needed: 4 }),
    'adapter:list': () => [],
    'training:start': ({ labelId }: { labelId: string }) => ({ labelId }),
    'training:cancel': () => ({}),
    'proposal:request': async (input: {
      frameId: string;
      labelId: string;
      prompts: ProposalView['prompts'];
      box: ProposalView['box'];
    }) => {
      const { frameId, labelId, prompts, box } = input;
      const number = requests.length + 1;
      await new Promise<void>((resolve) => {
        requests.push({ frameId, mode: prompts.mode, position: prompts.position, answer: resolve });
        if (answerAtOnce) resolve();
      });
      const adapterId = labels.find((one) => one.id === labelId)?.activeAdapterId ?? null;
      const more = { prompts, box, adapterId };
      return {
        proposal: api.createProposal(frameId, labelId, disc(30, 20, 4 + number), more),
        milliseconds: 12,
        provider: 'cpu',
      };
    },
  });
  session = createSession(api, createMemory(), { retryDelaysMs: [3_600_000] });
  await startSession(session);
  await expect.poll(() => state().proposing.kind).toBe('idle');
});

describe('starting', () => {
  it('opens the first frame and asks for a proposal, which becomes the working mask', () => {
    expect(state()).toMatchObject({ studyId: 'A', frameId: 'a1', labelId: 'lesion', startup: { kind: 'idle' } });
    expect(requested()).toEqual(['a1 breast whole']);
    expect(session.editor.document?.mask.data).toEqual(disc(30, 20, 5).data);
    expect(state().frames[0].states).toEqual({ lesion: 'proposed' });
    expect(api.revisions).toHaveLength(0);
  });

  it('continues where the reader left off', async () => {
    await openFrame(session, 'B', 'b1', 'cyst');
    const again = createSession(api, createMemory());
    await startSession(again);
    expect(again.store.getState()).toMatchObject({ studyId: 'B', frameId: 'b1', labelId: 'cyst' });
  });

  it('says in words when the app cannot be reached', async () => {
    api.answers['study:list'] = () => {
      throw new AppError('storage', 'The workspace cannot be read.');
    };
    const other = createSession(api, createMemory());
    await startSession(other);
    expect(other.store.getState().startup).toEqual({ kind: 'failed', message: 'The workspace cannot be read.' });
  });
});

describe('what the page remembers', () => {
  it('are panels and colours, and nothing that it cannot read', () => {
    session.store.setState({ leftPanelShown: false, rightPanelWidth: 333, colorScheme: 'light' });
    const again = createSession(api, createMemory()).store.getState();
    expect(again).toMatchObject({ leftPanelShown: false, rightPanelWidth: 333, colorScheme: 'light' });
    for (const text of ['{', '7', '{"leftPanelShown":"no"}', '{"studies":[]}']) {
      stored.set('sonosync.panels', text);
      stored.set('sonosync.hints', text);
      const fresh = createSession(api, createMemory()).store.getState();
      expect(fresh).toMatchObject({ leftPanelShown: true, rightPanelWidth: 288, hintsDone: [], studies: [] });
    }
  });
});

describe('going through frames', () => {
  it('steps inside the study and stops at its ends; studies too', async () => {
    await stepFrame(session, 1);
    expect(state().frameId).toBe('a2');
    await stepFrame(session, 5);
    expect(state().frameId).toBe('a3');
    await stepFrame(session, 1);
    expect(state().frameId).toBe('a3');
    await stepStudy(session, 1);
    expect(state()).toMatchObject({ studyId: 'B', frameId: 'b1' });
    await stepStudy(session, -1);
    expect(state()).toMatchObject({ studyId: 'A', frameId: 'a3' });
  });

  it('drops the answer for a frame that was left, and asks for the newest only', async () => {
    answerAtOnce = false;
    await stepFrame(session, 1);
    await stepFrame(session, 1);
    await selectLabel(session, 'cyst');
    await expect.poll(() => requests.length).toBe(2);
    answerAtOnce = true;
    requests[1].answer();
    await expect.poll(() => state().proposing.kind).toBe('idle');
    expect(requested()).toEqual(['a1 breast whole', 'a2 breast whole', 'a3 ovary whole']);
    expect(session.editor.document).toMatchObject({ frameId: 'a3', labelId: 'cyst' });
    expect(session.editor.document?.mask.data).toEqual(disc(30, 20, 7).data);
  });

  it('says where it happened that an annotation cannot be loaded', async () => {
    api.answers['annotation:load'] = () => {
      throw new AppError('corrupt', 'Mask bytes end in the middle of a run.');
    };
    await stepFrame(session, 1);
    expect(state().opening).toEqual({ kind: 'failed', message: 'Mask bytes end in the middle of a run.' });
    expect(session.editor.document).toBeNull();
  });
});

describe('deciding', () => {
  it('accepts, saves and goes to the next in the queue', async () => {
    await accept(session);
    expect(state()).toMatchObject({ frameId: 'a2', studyId: 'A' });
    await session.editor.saves.whenSettled();
    expect(api.latest('a1', 'lesion')).toMatchObject({ reviewState: 'accepted', segmentAlgorithmType: 'AUTOMATIC' });
    expect(state().frames[0].states).toEqual({ lesion: 'accepted' });
    await markAbsent(session);
    expect(state()).toMatchObject({ frameId: 'b1', studyId: 'B' });
    await session.editor.saves.whenSettled();
    expect(api.latest('a2', 'lesion')).toMatchObject({ reviewState: 'absent' });
  });

  it('says so when nothing is left', async () => {
    queue = [];
    session.store.setState({ queue });
    await openNext(session);
    expect(state().frameId).toBe('a1');
    expect(state().notice?.text).toContain('Nothing is left');
  });

  it('undoes on the frame where it was done, and goes there', async () => {
    await accept(session);
    await accept(session);
    expect(state().frameId).toBe('b1');
    await undo(session);
    expect(state()).toMatchObject({ studyId: 'A', frameId: 'a2' });
    await undo(session);
    expect(state().frameId).toBe('a1');
    expect(session.editor.document?.state.reviewState).toBe('proposed');
    await session.editor.saves.whenSettled();
    expect(api.revisions.map((one) => `${one.frameId} ${one.gesture}`)).toEqual([
      'a1 accept',
      'a2 accept',
      'a2 undo',
      'a1 undo',
    ]);
  });

  it('keeps what could not be saved on the canvas and in the queue', async () => {
    api.saveTroubles.push(new AppError('storage', 'The disk is full.'));
    session.editor.beginGesture('brush');
    session.editor.paint({ x: 5, y: 5 }, { x: 9, y: 5 }, 2, 1);
    session.editor.completeGesture();
    const painted = countMaskPixels(session.editor.document!.mask);
    await expect.poll(() => state().save.kind).toBe('retrying');
    await stepFrame(session, 1);
    await stepFrame(session, -1);
    expect(countMaskPixels(session.editor.document!.mask)).toBe(painted);
    session.editor.saves.retryNow();
    await session.editor.saves.whenSettled();
    expect(state().save.kind).toBe('saved');
    expect(api.latest('a1', 'lesion')?.gesture).toBe('brush');
  });
});

describe('prompts', () => {
  it('are the label’s own until one is chosen; the proposal follows at once', async () => {
    choosePrompt(session, 'position', 'liver');
    await expect.poll(() => requests.length).toBe(2);
    await expect.poll(() => state().proposing.kind).toBe('idle');
    expect(promptsInEffect(state())).toMatchObject({ position: 'liver', type: 'tumor' });
    expect(session.editor.document?.mask.data).toEqual(disc(30, 20, 6).data);
    expect(session.editor.canUndo).toBe(false);
  });

  it('step through their values, and the ends meet', () => {
    stepPrompt(session, 'type', 1);
    expect(promptsInEffect(state())?.type).toBe('organ');
    stepPrompt(session, 'type', 1);
    expect(promptsInEffect(state())?.type).toBe('tumor');
    stepPrompt(session, 'position', -1);
    expect(promptsInEffect(state())?.position).toBe('ovary');
    stepPrompt(session, 'position', -1);
    expect(promptsInEffect(state())?.position).toBe('indis');
  });

  it('changed quickly, only the newest counts', async () => {
    answerAtOnce = false;
    choosePrompt(session, 'position', 'liver');
    await expect.poll(() => requests.length).toBe(2);
    choosePrompt(session, 'position', 'kidney');
    choosePrompt(session, 'position', 'head');
    answerAtOnce = true;
    requests[1].answer();
    await expect.poll(() => state().proposing.kind).toBe('idle');
    expect(requested()).toEqual(['a1 breast whole', 'a1 liver whole', 'a1 head whole']);
    expect(session.editor.document?.proposal?.prompts.position).toBe('head');
  });

  it('leave what the reader painted alone, and Back takes the new proposal', async () => {
    session.editor.beginGesture('brush');
    session.editor.paint({ x: 5, y: 5 }, { x: 9, y: 5 }, 2, 1);
    session.editor.completeGesture();
    const painted = session.editor.document!.mask.data.slice();
    choosePrompt(session, 'position', 'liver');
    await expect.poll(() => session.editor.document?.proposal?.prompts.position).toBe('liver');
    expect(session.editor.document?.mask.data).toEqual(painted);
    backToProposal(session);
    expect(session.editor.document?.mask.data).toEqual(disc(30, 20, 6).data);
  });

  it('a box asks for just that, on this frame only', async () => {
    const box = { x: 5, y: 5, width: 20, height: 20 };
    proposeInBox(session, box);
    await expect.poll(() => session.editor.document?.proposal?.box).toEqual(box);
    expect(promptsInEffect(state())?.mode).toBe('local');
    await stepFrame(session, 1);
    expect(promptsInEffect(state())?.mode).toBe('whole');
    expect(state().box).toBeNull();
  });

  it('local input takes the present mask for its target', async () => {
    choosePrompt(session, 'mode', 'local');
    await expect.poll(() => requests.length).toBe(2);
    expect(state().box).toEqual({ x: 25, y: 15, width: 10, height: 10 });
  });

  it('say in words why there is no proposal', async () => {
    api.answers['proposal:request'] = () => {
      throw new AppError('engine', 'The engine stopped.');
    };
    choosePrompt(session, 'position', 'liver');
    await expect.poll(() => state().proposing).toEqual({ kind: 'failed', message: 'The engine stopped.' });
  });
});

describe('synchronization', () => {
  const progress = { labelId: 'lesion', phase: 'training', steps: 50, secondsLeft: 9 } as const;

  it('collects the curves, and proposes again with the new adapter', async () => {
    await startSynchronization(session);
    api.emit('training:progressed', { ...progress, step: 1, loss: 0.8, validationDice: 0.5 });
    api.emit('training:progressed', { ...progress, step: 2, loss: 0.7, validationDice: null });
    expect(state().training).toMatchObject({
      step: 2,
      losses: [
        { step: 1, value: 0.8 },
        { step: 2, value: 0.7 },
      ],
      dice: [{ step: 1, value: 0.5 }],
    });
    labels = [{ ...label, activeAdapterId: 'adapter-1' }, labels[1]];
    api.emit('training:finished', {
      labelId: 'lesion',
      adapterId: 'adapter-1',
      activated: true,
      reason: 'Better.',
      validationBefore: 0.5,
      validationAfter: 0.7,
      caution: null,
      corrections: 4,
      seconds: 9,
    });
    expect(state()).toMatchObject({ training: null, trainingResult: { validationAfter: 0.7 }, lastRun: { step: 2 } });
    await expect.poll(() => session.editor.document?.proposal?.adapterId).toBe('adapter-1');
    expect(state().earlierProposal?.id).toBe('proposal-1');
    await stepFrame(session, 1);
    expect(state().earlierProposal).toBeNull();
  });

  it('is cancelled, and says that nothing has changed', async () => {
    await startSynchronization(session);
    await cancelSynchronization(session);
    expect(state().training?.cancelling).toBe(true);
    api.emit('training:failed', { labelId: 'lesion', cancelled: true, message: 'Cancelled.' });
    expect(state()).toMatchObject({ training: null, trainingTrouble: null });
    expect(state().notice?.text).toContain('nothing has changed');
  });

  it('that is refused says why', async () => {
    api.answers['training:start'] = () => {
      throw new AppError('bad-input', '2 corrections are missing.');
    };
    await startSynchronization(session);
    expect(state()).toMatchObject({ training: null, trainingTrouble: { message: '2 corrections are missing.' } });
  });
});

describe('importing', () => {
  it('opens what came in and lists what could not be read', async () => {
    api.answers['study:import'] = ({ files }) => ({
      studyIds: ['B'],
      failures: [{ file: files[1].name, message: 'This is a text file.' }],
      warnings: [],
    });
    const file = (name: string) => ({
      name,
      size: 3,
      arrayBuffer: async () => Uint8Array.of(1, 2, 3).buffer,
    });
    await importFiles(session, [file('frame.png'), file('notes.dcm')]);
    expect(state().importReport).toEqual({
      imported: 1,
      failures: [{ file: 'notes.dcm', message: 'This is a text file.' }],
      warnings: [],
    });
    expect(state()).toMatchObject({ studyId: 'B', frameId: 'b1', importing: { kind: 'idle' } });
  });
});

describe('what somebody else saves', () => {
  it('on the open frame is shown', async () => {
    const theirs = api.writeElsewhere('a1', 'lesion', disc(10, 10, 3));
    api.emit('annotation:saved', {
      frameId: 'a1',
      labelId: 'lesion',
      revisionId: theirs.id,
      savedAt: theirs.createdAt,
    });
    await expect.poll(() => session.editor.document?.state.reviewState).toBe('edited');
    expect(session.editor.document?.mask.data).toEqual(disc(10, 10, 3).data);
  });
});
