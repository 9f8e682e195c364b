import { beforeEach, describe, expect, it } from 'vitest';
import { undo } from '../../../renderer/session/decisions.ts';
import { selectLabel } from '../../../renderer/session/labels.ts';
import { stepFrame } from '../../../renderer/session/navigation.ts';
import {
  changeSpeed,
  framesToPrepare,
  passTime,
  play,
  scrubTo,
  shownFrameId,
  stop,
  toggleOrder,
  togglePlay,
} from '../../../renderer/session/playback.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
beforeEach(async () => {
  scripted = await openScriptedSession();
  const [frame] = scripted.state.frames;
  const cine = { ...frame, studyId: 'A', seriesId: 's', fileName: 'a.dcm', instanceNumber: null, firstFrameId: 'a1' };
  const progress = { frameCount: 3, reviewedFrames: 0, editedFrames: 0, proposedFrames: 0 };
  scripted.session.store.setState({ cine: { ...cine, ...progress }, frameDurationsMs: [10, 10, 10] });
});

const start = { index: 0, shownMs: 0, direction: 1 } as const;
const ready = (): boolean => true;

describe('playing', () => {
  it('puts the document away, shows frames as their time comes, and opens the one it stops at', async () => {
    const { session } = scripted;
    play(session);
    expect(session.editor.document).toBeNull();
    const position = passTime(session, start, 25, ready);
    expect(position).toEqual({ index: 2, shownMs: 5, direction: 1 });
    expect(scripted.state).toMatchObject({ shownFrameId: 'a3', frameId: 'a1' });
    await togglePlay(session);
    expect(scripted.state).toMatchObject({ shownFrameId: null, frameId: 'a3', playback: { kind: 'still' } });
    expect(session.editor.document?.frameId).toBe('a3');
  });

  it('that begins while a frame is being opened leaves that frame unopened', async () => {
    const { session } = scripted;
    const opening = stepFrame(session, 1);
    play(session);
    await opening;
    expect(session.editor.document).toBeNull();
    await stop(session);
    expect(session.editor.document?.frameId).toBe('a2');
  });

  it('stops at the frame that is shown where another label is chosen', async () => {
    play(scripted.session);
    passTime(scripted.session, start, 10, ready);
    await selectLabel(scripted.session, 'cyst');
    expect(scripted.state).toMatchObject({ frameId: 'a2', labelId: 'cyst', shownFrameId: null });
  });

  it('at another speed takes another time', () => {
    const { session } = scripted;
    changeSpeed(session, 1);
    changeSpeed(session, 1);
    expect(scripted.state.playback.speed).toBe(1.5);
    play(session);
    expect(passTime(session, start, 10, ready)).toMatchObject({ index: 1, shownMs: 5 });
    for (let i = 0; i < 9; i += 1) changeSpeed(session, -1);
    expect(scripted.state.playback.speed).toBe(0.25);
  });

  it('drops frames that are not here yet, and leaves the one before where none is', () => {
    const { session } = scripted;
    play(session);
    passTime(session, start, 25, (id) => id === 'a2');
    expect(scripted.state.shownFrameId).toBe('a2');
    const position = passTime(session, { index: 1, shownMs: 0, direction: 1 }, 10, () => false);
    expect(position.index).toBe(2);
    expect(scripted.state.shownFrameId).toBe('a2');
  });

  it('is for cines only', () => {
    scripted.session.store.setState({ cine: null });
    play(scripted.session);
    expect(scripted.state.playback.kind).toBe('still');
  });

  it('ends where the reader steps, from the frame that is shown', async () => {
    play(scripted.session);
    passTime(scripted.session, start, 10, ready);
    await stepFrame(scripted.session, 1);
    expect(scripted.state).toMatchObject({ frameId: 'a3', shownFrameId: null, playback: { kind: 'still' } });
  });

  it('ends where something is undone, at what was undone', async () => {
    const { session } = scripted;
    session.editor.beginGesture('brush');
    session.editor.paint({ x: 5, y: 5 }, { x: 9, y: 5 }, 2, 1);
    session.editor.completeGesture();
    play(session);
    passTime(session, start, 10, ready);
    await undo(session);
    expect(scripted.state).toMatchObject({ frameId: 'a1', shownFrameId: null, playback: { kind: 'still' } });
    expect(session.editor.document?.frameId).toBe('a1');
  });
});

describe('scrubbing', () => {
  it('shows frames without opening them, and opens the last', async () => {
    const { session } = scripted;
    const loads = (): number => scripted.api.sent.filter(({ name }) => name === 'annotation:load').length;
    const before = loads();
    for (const index of [1, 2, 9, -3, 1]) scrubTo(session, index);
    expect(shownFrameId(scripted.state)).toBe('a2');
    expect(loads()).toBe(before);
    await stop(session);
    expect(scripted.state).toMatchObject({ frameId: 'a2', playback: { kind: 'still' } });
    expect(loads()).toBe(before + 1);
  });
});

describe('the frames to have ready', () => {
  it('are those ahead while it plays, else those around, of single pictures only the neighbours', () => {
    const { session } = scripted;
    expect(framesToPrepare(scripted.state, null, 9)).toEqual(['a2', 'a3']);
    expect(framesToPrepare(scripted.state, { index: 1, shownMs: 0, direction: 1 }, 9)).toEqual(['a3', 'a1']);
    toggleOrder(session);
    expect(framesToPrepare(scripted.state, { index: 2, shownMs: 0, direction: 1 }, 1)).toEqual(['a2']);
    session.store.setState({ cine: null });
    expect(framesToPrepare(scripted.state, null, 9)).toEqual(['a2']);
  });
});
