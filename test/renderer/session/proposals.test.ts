import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../electron/common/errors.ts';
import { backToProposal } from '../../../renderer/session/decisions.ts';
import { stepFrame } from '../../../renderer/session/navigation.ts';
import { choosePrompt, promptsInEffect, proposeInBox, stepPrompt } from '../../../renderer/session/proposals.ts';
import { disc } from '../support/scripted-api.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
beforeEach(async () => {
  scripted = await openScriptedSession();
});

describe('prompts', () => {
  it('are the label’s own until one is chosen; the proposal follows at once', async () => {
    choosePrompt(scripted.session, 'position', 'liver');
    await expect.poll(() => scripted.requests.length).toBe(2);
    await scripted.whenProposed();
    expect(promptsInEffect(scripted.state)).toMatchObject({ position: 'liver', type: 'tumor' });
    expect(scripted.session.editor.document?.mask.data).toEqual(disc(30, 20, 6).data);
    expect(scripted.session.editor.canUndo).toBe(false);
  });

  it('step through their values, and the ends meet', () => {
    stepPrompt(scripted.session, 'type', 1);
    expect(promptsInEffect(scripted.state)?.type).toBe('organ');
    stepPrompt(scripted.session, 'type', 1);
    expect(promptsInEffect(scripted.state)?.type).toBe('tumor');
    stepPrompt(scripted.session, 'position', -1);
    expect(promptsInEffect(scripted.state)?.position).toBe('ovary');
    stepPrompt(scripted.session, 'position', -1);
    expect(promptsInEffect(scripted.state)?.position).toBe('indis');
  });

  it('changed quickly, only the newest counts', async () => {
    scripted.answerAtOnce = false;
    choosePrompt(scripted.session, 'position', 'liver');
    await expect.poll(() => scripted.requests.length).toBe(2);
    choosePrompt(scripted.session, 'position', 'kidney');
    choosePrompt(scripted.session, 'position', 'head');
    scripted.answerAtOnce = true;
    scripted.requests[1].answer();
    await scripted.whenProposed();
    expect(scripted.requested).toEqual(['a1 breast whole', 'a1 liver whole', 'a1 head whole']);
    expect(scripted.session.editor.document?.proposal?.prompts.position).toBe('head');
  });

  it('leave what the reader painted alone, and Back takes the new proposal', async () => {
    scripted.session.editor.beginGesture('brush');
    scripted.session.editor.paint({ x: 5, y: 5 }, { x: 9, y: 5 }, 2, 1);
    scripted.session.editor.completeGesture();
    const painted = scripted.session.editor.document!.mask.data.slice();
    choosePrompt(scripted.session, 'position', 'liver');
    await expect.poll(() => scripted.session.editor.document?.proposal?.prompts.position).toBe('liver');
    expect(scripted.session.editor.document?.mask.data).toEqual(painted);
    backToProposal(scripted.session);
    expect(scripted.session.editor.document?.mask.data).toEqual(disc(30, 20, 6).data);
  });

  it('a box asks for just that, on this frame only', async () => {
    const box = { x: 5, y: 5, width: 20, height: 20 };
    proposeInBox(scripted.session, box);
    await expect.poll(() => scripted.session.editor.document?.proposal?.box).toEqual(box);
    expect(promptsInEffect(scripted.state)?.mode).toBe('local');
    await stepFrame(scripted.session, 1);
    expect(promptsInEffect(scripted.state)?.mode).toBe('whole');
    expect(scripted.state.box).toBeNull();
  });

  it('local input takes the present mask for its target', async () => {
    choosePrompt(scripted.session, 'mode', 'local');
    await expect.poll(() => scripted.requests.length).toBe(2);
    expect(scripted.state.box).toEqual({ x: 25, y: 15, width: 10, height: 10 });
  });

  it('say in words why there is no proposal', async () => {
    scripted.api.answers['proposal:request'] = () => {
      throw new AppError('engine', 'The engine stopped.');
    };
    choosePrompt(scripted.session, 'position', 'liver');
    await expect.poll(() => scripted.state.proposing).toEqual({ kind: 'failed', message: 'The engine stopped.' });
  });
});
