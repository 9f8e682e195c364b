import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../electron/common/errors.ts';
import { decodeMask } from '../../../electron/common/mask.ts';
import { accept, backToProposal } from '../../../renderer/session/decisions.ts';
import { openFrame, stepFrame } from '../../../renderer/session/navigation.ts';
import { choosePrompt, requestMissingProposal } from '../../../renderer/session/proposals.ts';
import type { Session } from '../../../renderer/session/session.ts';
import { disc, frameSize } from '../support/scripted-api.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
let session: Session;
let firstLook: string;

/** Frame a1 shows a first look, a disc of radius 6, whose second is waited for. */
beforeEach(async () => {
  scripted = await openScriptedSession();
  ({ session } = scripted);
  scripted.looksTwice = true;
  firstLook = await choose('liver');
});

const mask = () => session.editor.document!.mask.data;
const proposal = () => session.editor.document!.proposal!;

async function choose(position: 'liver' | 'head'): Promise<string> {
  choosePrompt(session, 'position', position);
  await expect.poll(() => session.editor.document?.proposal?.prompts.position).toBe(position);
  await expect.poll(() => scripted.secondLooks.has(proposal().id)).toBe(true);
  return proposal().id;
}

async function answer(radius: number | null, id = firstLook): Promise<void> {
  scripted.secondLooks.get(id)!(radius);
  await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a second look', () => {
  it('takes the place of the first without an undo, and its time stands beside', async () => {
    expect(mask()).toEqual(disc(30, 20, 6).data);
    expect(scripted.state.proposing.kind).toBe('idle');
    expect(scripted.state.lastProposal).toMatchObject({ milliseconds: 12, refinedMilliseconds: null });
    const changed: number[] = [];
    session.editor.subscribe((change) => {
      if (change.kind === 'pixels') changed.push(change.box.width);
    });
    await answer(8);
    expect(mask()).toEqual(disc(30, 20, 8).data);
    expect(proposal().provisional).toBe(false);
    expect(session.editor.document?.state).toMatchObject({ reviewState: 'proposed', proposalId: proposal().id });
    expect(session.editor.canUndo).toBe(false);
    expect(changed).toEqual([16]);
    expect(scripted.state.lastProposal).toMatchObject({ milliseconds: 12, refinedMilliseconds: 24 });
    expect(scripted.requests).toHaveLength(2);
  });

  it('leaves alone what was painted meanwhile, and is what Back gives', async () => {
    session.editor.apply('brush', (target) => {
      target.data.fill(1, 0, 5);
      return { x: 0, y: 0, width: 5, height: 1 };
    });
    const painted = mask().slice();
    await answer(8);
    expect(mask()).toEqual(painted);
    expect(session.editor.document?.state).toMatchObject({ reviewState: 'edited', proposalId: firstLook });
    backToProposal(session);
    expect(mask()).toEqual(disc(30, 20, 8).data);
  });

  it('does not change the mask under a brush: it takes its place when nothing was painted, else it does not', async () => {
    session.editor.beginGesture('brush');
    await answer(8);
    expect(mask()).toEqual(disc(30, 20, 6).data);
    session.editor.cancelGesture();
    expect(mask()).toEqual(disc(30, 20, 8).data);
    expect(session.editor.canUndo).toBe(false);

    const other = await choose('head');
    session.editor.beginGesture('brush');
    session.editor.paint({ x: 2, y: 2 }, { x: 4, y: 2 }, 2, 1);
    await answer(10, other);
    const underBrush = mask().slice();
    session.editor.completeGesture();
    expect(mask()).toEqual(underBrush);
    expect(session.editor.document?.state.proposalId).toBe(other);
    // What is proposed by now is shown, so that an accept takes what is seen; the stroke can be had back.
    session.editor.undo();
    expect(mask()).toEqual(disc(30, 20, 10).data);
    expect(session.editor.document?.state).toMatchObject({ reviewState: 'proposed', proposalId: proposal().id });
    session.editor.beginGesture('brush');
    session.editor.cancelGesture();
    session.editor.redo();
    expect(mask()).toEqual(underBrush);
    session.editor.undo();
    await accept(session);
    await session.editor.saves.whenSettled();
    const accepted = scripted.api.latest('a1', 'lesion')!;
    expect(decodeMask(accepted.mask, frameSize.width, frameSize.height).data).toEqual(disc(30, 20, 10).data);
    expect(accepted.reviewState).toBe('accepted');
  });

  it('leaves alone what was accepted meanwhile, also when its frame is opened again', async () => {
    await accept(session);
    expect(scripted.state.frameId).not.toBe('a1');
    await answer(8);
    await openFrame(session, 'A', 'a1');
    expect(mask()).toEqual(disc(30, 20, 6).data);
    expect(session.editor.document?.state).toMatchObject({ reviewState: 'accepted', proposalId: firstLook });
    expect(scripted.requested.filter((words) => words.startsWith('a1'))).toHaveLength(2);
  });

  it('of other prompts than those chosen by now is not shown', async () => {
    scripted.answerAtOnce = false;
    choosePrompt(session, 'position', 'head');
    await answer(8);
    expect(mask()).toEqual(disc(30, 20, 6).data);
    scripted.answerAtOnce = true;
    scripted.requests.at(-1)!.answer();
    await expect.poll(() => proposal().prompts.position).toBe('head');
    await expect.poll(() => scripted.secondLooks.has(proposal().id)).toBe(true);
    await answer(10, proposal().id);
    expect(mask()).toEqual(disc(30, 20, 10).data);
  });

  it('that was given up is asked for again when its frame is opened', async () => {
    await stepFrame(session, 1);
    await answer(null);
    const countAsked = (): number => scripted.requested.filter((words) => words.startsWith('a1')).length;
    const asked = countAsked();
    await stepFrame(session, -1);
    await expect.poll(countAsked).toBe(asked + 1);
  });

  it('on its way is not asked for again, nor when it has come', async () => {
    requestMissingProposal(session);
    expect(scripted.requests).toHaveLength(2);
    await answer(8);
    requestMissingProposal(session);
    expect(scripted.requests).toHaveLength(2);
  });

  it('that fails leaves the first and says why', async () => {
    scripted.api.answers['proposal:refine'] = () => {
      throw new AppError('engine', 'The engine stopped.');
    };
    choosePrompt(session, 'position', 'head');
    await expect
      .poll(() => scripted.state.notice?.text)
      .toBe('The proposal stays as it was at the first look. The engine stopped.');
    expect(mask()).toEqual(disc(30, 20, 7).data);
  });
});
