import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../electron/common/errors.ts';
import { stepFrame } from '../../../renderer/session/navigation.ts';
import { play } from '../../../renderer/session/playback.ts';
import { cancelProposeForAll, nextFrames, proposeForAll } from '../../../renderer/session/proposals-ahead.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
beforeEach(async () => {
  scripted = await openScriptedSession();
});

const prepared = (): string[][] =>
  scripted.api.sent.flatMap(({ name, input }) =>
    name === 'proposal:prepare' ? [(input as { frameIds: string[] }).frameIds] : [],
  );

describe('proposals ahead of the reader', () => {
  it('are asked for where the reader stays: the next frame, the queue’s, and those after', async () => {
    await expect.poll(prepared).toEqual([['a2', 'a3']]);
    await stepFrame(scripted.session, 1);
    await stepFrame(scripted.session, 1);
    await expect.poll(prepared).toEqual([['a2', 'a3'], ['a2']]);
  });

  it('leave out frames about which something is said', () => {
    const [first, second, third] = scripted.state.frames;
    scripted.session.store.setState({
      frames: [first, { ...second, states: { lesion: 'accepted' } }, third],
      queue: [],
    });
    expect(nextFrames(scripted.state)).toEqual(['a3']);
  });

  it('are not asked for while a cine plays', async () => {
    await expect.poll(() => prepared().length).toBe(1);
    const { frames } = scripted.state;
    const progress = { frameCount: 3, reviewedFrames: 0, editedFrames: 0, proposedFrames: 0 };
    const cine = {
      ...frames[0],
      studyId: 'A',
      seriesId: 's',
      fileName: 'a.dcm',
      instanceNumber: null,
      firstFrameId: 'a1',
    };
    scripted.session.store.setState({ cine: { ...cine, ...progress } });
    play(scripted.session);
    scripted.session.store.setState({ frameId: 'a2' });
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(prepared()).toHaveLength(1);
  });
});

describe('proposals for every frame', () => {
  const progress = { labelId: 'lesion', done: 2, total: 3, framesPerSecond: 16, secondsLeft: 0.1 };
  const end = { labelId: 'lesion', done: 3, total: 3, framesPerSecond: 15.5, cancelled: false, trouble: null };

  it('show how far they are, can be cancelled, and say how they ended', async () => {
    await proposeForAll(scripted.session, 'strip');
    expect(scripted.state.proposeRun).toMatchObject({ done: 0, total: 3 });
    scripted.api.emit('proposal:progressed', progress);
    expect(scripted.state.proposeRun).toEqual({ ...progress, cancelling: false });
    await cancelProposeForAll(scripted.session);
    expect(scripted.state.proposeRun?.cancelling).toBe(true);
    scripted.api.emit('proposal:finished', { ...end, done: 2, cancelled: true });
    expect(scripted.state.proposeRun).toBeNull();
    expect(scripted.state.notice?.text).toBe('Proposing was cancelled; 2 frames of 3 have their proposal.');
  });

  it('say at what rate they were made, and what went wrong', () => {
    scripted.api.emit('proposal:finished', end);
    expect(scripted.state.notice).toEqual({ tone: 'plain', text: 'Proposed for 3 frames, 15.5 frames a second.' });
    scripted.api.emit('proposal:finished', { ...end, done: 1, trouble: 'The engine stopped.' });
    expect(scripted.state.notice?.tone).toBe('trouble');
    expect(scripted.state.notice?.text).toBe('Proposed for 1 of 3 frames. The engine stopped.');
  });

  it('that cannot begin say why', async () => {
    scripted.api.answers['proposal:start'] = () => {
      throw new AppError('conflict', 'Cancel them first.');
    };
    await proposeForAll(scripted.session, 'study');
    expect(scripted.state).toMatchObject({ proposeRun: null, notice: { tone: 'trouble', text: 'Cancel them first.' } });
  });
});
