import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../electron/common/errors.ts';
import { countMaskPixels, createMask } from '../../../electron/common/mask.ts';
import { findCommand, runCommand } from '../../../renderer/commands/index.ts';
import { accept, backToProposal, markAbsent, redo, undo } from '../../../renderer/session/decisions.ts';
import { changeLook, lookOf } from '../../../renderer/session/label-looks.ts';
import { refreshLabels } from '../../../renderer/session/labels.ts';
import { measurementsOf, saveShape } from '../../../renderer/session/measurements.ts';
import { openFrame, openNext, stepFrame } from '../../../renderer/session/navigation.ts';
import { disc, frameSize } from '../support/scripted-api.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
beforeEach(async () => {
  scripted = await openScriptedSession();
});

describe('deciding', () => {
  it('accepts, saves and goes to the next in the queue', async () => {
    await accept(scripted.session);
    expect(scripted.state).toMatchObject({ frameId: 'a2', studyId: 'A' });
    await scripted.session.editor.saves.whenSettled();
    expect(scripted.api.latest('a1', 'lesion')).toMatchObject({
      reviewState: 'accepted',
      segmentAlgorithmType: 'AUTOMATIC',
    });
    expect(scripted.state.frames[0].states).toEqual({ lesion: 'accepted' });
    await markAbsent(scripted.session);
    expect(scripted.state).toMatchObject({ frameId: 'b1', studyId: 'B' });
    await scripted.session.editor.saves.whenSettled();
    expect(scripted.api.latest('a2', 'lesion')).toMatchObject({ reviewState: 'absent' });
  });

  it('accepts nothing while the proposal is on its way, and says so; what was drawn meanwhile it does', async () => {
    scripted.answerAtOnce = false;
    await accept(scripted.session);
    expect(scripted.state).toMatchObject({ frameId: 'a2', proposing: { kind: 'busy' } });
    await accept(scripted.session);
    expect(scripted.state.frameId).toBe('a2');
    expect(scripted.state.notice?.text).toContain('on its way');
    const { editor } = scripted.session;
    editor.beginGesture('brush');
    editor.paint({ x: 5, y: 5 }, { x: 9, y: 5 }, 2, 1);
    editor.completeGesture();
    await accept(scripted.session);
    expect(scripted.state.frameId).toBe('b1');
    await editor.saves.whenSettled();
    expect(scripted.api.latest('a2', 'lesion')).toMatchObject({ reviewState: 'accepted' });
  });

  it('accepts no mask that is hidden: it is shown, and then it does', async () => {
    scripted.session.store.setState({ masksHidden: true });
    changeLook(scripted.session, 'lesion', { visible: false });
    await accept(scripted.session);
    expect(scripted.state).toMatchObject({ frameId: 'a1', masksHidden: false });
    expect(lookOf(scripted.state, 'lesion').visible).toBe(true);
    expect(scripted.state.notice?.text).toContain('was hidden');
    await accept(scripted.session);
    expect(scripted.state.frameId).toBe('a2');
  });

  it('accepts no empty mask: where nothing is known it says so, else the structure is not here', async () => {
    scripted.api.answers['proposal:request'] = () => {
      throw new AppError('engine', 'The engine is off.');
    };
    await openFrame(scripted.session, 'A', 'a2');
    await expect.poll(() => scripted.state.proposing.kind).toBe('failed');
    await accept(scripted.session);
    expect(scripted.state.frameId).toBe('a2');
    expect(scripted.state.notice?.text).toContain('Nothing is outlined');
    const { editor } = scripted.session;
    editor.replaceMask('outline', disc(10, 10, 4));
    editor.replaceMask('outline', createMask(frameSize.width, frameSize.height));
    await accept(scripted.session);
    await editor.saves.whenSettled();
    expect(scripted.api.latest('a2', 'lesion')).toMatchObject({ reviewState: 'absent' });
  });

  it('decides nothing over an outline that is half drawn, and no key leaves its frame: it stays', async () => {
    const { session } = scripted;
    const { tools, editor } = session;
    tools.select('polygon');
    for (const [x, y] of [[10, 10], [30, 10], [30, 30]]) {
      const pointer = { image: { x, y }, canvas: { x, y } };
      tools.pointerDown(pointer, {});
      tools.pointerUp(pointer);
    } // prettier-ignore
    expect(tools.isIdle).toBe(false);
    for (const decide of [accept, markAbsent]) {
      await decide(session);
      expect(scripted.state.frameId).toBe('a1');
      expect(tools.isIdle).toBe(false);
      expect(scripted.state.notice?.text).toContain('Finish what you are drawing');
    }
    for (const id of ['go.frame-after', 'go.next', 'go.study-after', 'go.label-2', 'cine.last', 'cine.copy-after']) {
      session.store.setState({ notice: null });
      runCommand(session, findCommand(id));
      expect(tools.isIdle).toBe(false);
      expect(scripted.state).toMatchObject({ frameId: 'a1', labelId: 'lesion' });
      expect(scripted.state.notice?.text).toContain('Finish what you are drawing');
    }
    expect(tools.finish()).toBe(true);
    await accept(session);
    expect(scripted.state.frameId).toBe('a2');
    await editor.saves.whenSettled();
    expect(scripted.api.revisions.map((one) => one.gesture)).toEqual(['polygon', 'accept']);
  });

  it('takes nothing back in the middle of a stroke: neither what came before it nor the stroke', async () => {
    const { session } = scripted;
    const { editor } = session;
    await accept(session);
    await scripted.whenProposed();
    saveShape(session, { kind: 'length', points: [{ x: 1, y: 1 }, { x: 9, y: 1 }] }, null); // prettier-ignore
    editor.beginGesture('brush');
    editor.paint({ x: 5, y: 5 }, { x: 9, y: 5 }, 2, 1);
    for (const step of [undo, redo]) {
      await step(session);
      expect(editor.isInGesture).toBe(true);
      expect(scripted.state.frameId).toBe('a2');
      expect(measurementsOf(scripted.state)).toHaveLength(1);
    }
    editor.completeGesture();
    await undo(session);
    expect(measurementsOf(scripted.state)).toHaveLength(1);
  });

  it('goes back to what the present adapter proposes, where another proposed before', async () => {
    const { session } = scripted;
    const { editor } = session;
    editor.replaceMask('outline', disc(10, 10, 4));
    const asked = scripted.requests.length;
    scripted.labels = scripted.labels.map((one) => ({ ...one, activeAdapterId: 'newer' }));
    await refreshLabels(session);
    expect(scripted.requests).toHaveLength(asked);
    backToProposal(session);
    await expect.poll(() => scripted.requests.length).toBe(asked + 1);
    await scripted.whenProposed();
    expect(editor.document?.state.reviewState).toBe('proposed');
  });

  it('does not carry away a reader who has gone on while the queue was asked', async () => {
    const { session } = scripted;
    session.store.setState({ queue: [] });
    const next = openNext(session);
    await openFrame(session, 'A', 'a3');
    await next;
    expect(scripted.state.frameId).toBe('a3');
  });

  it('says so when nothing is left', async () => {
    scripted.queue = [];
    scripted.session.store.setState({ queue: [] });
    await openNext(scripted.session);
    expect(scripted.state.frameId).toBe('a1');
    expect(scripted.state.notice?.text).toContain('Nothing is left');
  });

  it('undoes on the frame where it was done, and goes there', async () => {
    await accept(scripted.session);
    await scripted.whenProposed();
    await accept(scripted.session);
    expect(scripted.state.frameId).toBe('b1');
    await undo(scripted.session);
    expect(scripted.state).toMatchObject({ studyId: 'A', frameId: 'a2' });
    await undo(scripted.session);
    expect(scripted.state.frameId).toBe('a1');
    expect(scripted.session.editor.document?.state.reviewState).toBe('proposed');
    await scripted.session.editor.saves.whenSettled();
    expect(scripted.api.revisions.map((one) => `${one.frameId} ${one.gesture}`)).toEqual([
      'a1 accept',
      'a2 accept',
      'a2 undo',
      'a1 undo',
    ]);
  });

  it('keeps what could not be saved on the canvas and in the queue', async () => {
    scripted.api.saveTroubles.push(new AppError('storage', 'The disk is full.'));
    scripted.session.editor.beginGesture('brush');
    scripted.session.editor.paint({ x: 5, y: 5 }, { x: 9, y: 5 }, 2, 1);
    scripted.session.editor.completeGesture();
    const painted = countMaskPixels(scripted.session.editor.document!.mask);
    await expect.poll(() => scripted.state.save.kind).toBe('retrying');
    await stepFrame(scripted.session, 1);
    await stepFrame(scripted.session, -1);
    expect(countMaskPixels(scripted.session.editor.document!.mask)).toBe(painted);
    scripted.session.editor.saves.retryNow();
    await scripted.session.editor.saves.whenSettled();
    expect(scripted.state.save.kind).toBe('saved');
    expect(scripted.api.latest('a1', 'lesion')?.gesture).toBe('brush');
  });
});
