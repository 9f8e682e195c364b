import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../electron/common/errors.ts';
import { createMask, decodeMask, encodeMask, maskBox, maskDice } from '../../../electron/common/mask.ts';
import { cancelPropagation, copyMask, interpolate, propagate } from '../../../renderer/session/carry-over.ts';
import { redo, undo } from '../../../renderer/session/decisions.ts';
import { changeLook } from '../../../renderer/session/label-looks.ts';
import { openFrame } from '../../../renderer/session/navigation.ts';
import { createSession, startSession } from '../../../renderer/session/start.ts';
import { disc, frameSize } from '../support/scripted-api.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;
/** What the network finds in each frame, and how sure it is. */
let found: Map<string, { x: number; radius: number; sure?: number }>;
let boxes: { x: number; y: number; width: number; height: number }[];

beforeEach(async () => {
  scripted = await openScriptedSession();
  boxes = [];
  found = new Map([
    ['a2', { x: 31, radius: 8 }],
    ['a3', { x: 33, radius: 8 }],
  ]);
  scripted.api.answers['proposal:follow'] = ({ frameId, labelId, box }) => {
    boxes.push(box);
    const { x, radius, sure = 0.9 } = found.get(frameId)!;
    const mask = encodeMask(radius > 0 ? disc(x, 20, radius) : createMask(frameSize.width, frameSize.height));
    return { proposalId: `followed ${labelId} ${frameId}`, mask, meanProbability: sure };
  };
  paint(29);
});

/** The open frame's mask becomes a disc of radius 8. */
function paint(x: number): void {
  scripted.session.editor.replaceMask('outline', disc(x, 20, 8));
}

const latest = (frameId: string) => scripted.api.latest(frameId, 'lesion');
const notice = (): string => scripted.state.notice?.text ?? '';
const settled = () => scripted.session.editor.saves.whenSettled();

describe('a locked label', () => {
  it('is neither copied, followed nor interpolated, asks the network nothing, and says why', async () => {
    changeLook(scripted.session, 'lesion', { locked: true });
    for (const carry of [
      () => copyMask(scripted.session, 1),
      () => propagate(scripted.session, 1),
      () => interpolate(scripted.session),
    ]) {
      scripted.session.store.setState({ notice: null });
      await carry();
      expect(notice()).toContain('Lesion is locked');
      expect(scripted.state.frameId).toBe('a1');
    }
    expect(boxes).toEqual([]);
  });
});

describe('a frame whose carried-over mask is taken back there', () => {
  it('is proposed for, where it has no proposal of its own, and the mask can still be redone', async () => {
    await propagate(scripted.session, 1);
    await openFrame(scripted.session, 'A', 'a2');
    const { editor } = scripted.session;
    const carried = editor.document!.mask.data.slice();
    const asked = scripted.requests.length;
    await undo(scripted.session);
    await expect.poll(() => scripted.requests.length).toBe(asked + 1);
    await expect.poll(() => editor.document?.state.segmentAlgorithmType).toBe('AUTOMATIC');
    const proposed = editor.document!.mask.data.slice();
    expect(proposed).not.toEqual(carried);
    await redo(scripted.session);
    expect(editor.document!.mask.data).toEqual(carried);
    await undo(scripted.session);
    expect(editor.document!.mask.data).toEqual(proposed);
  });
});

describe('a copy to the neighbour', () => {
  it('is the reader’s own there, opens the frame, and is one undo', async () => {
    await copyMask(scripted.session, 1);
    expect(scripted.state.frameId).toBe('a2');
    const { document } = scripted.session.editor;
    expect(document?.mask.data).toEqual(disc(29, 20, 8).data);
    expect(document?.state).toMatchObject({ reviewState: 'edited', segmentAlgorithmType: 'SEMIAUTOMATIC' });
    await undo(scripted.session);
    await settled();
    expect(latest('a2')).toMatchObject({ reviewState: 'rejected', gesture: 'undo' });
    expect(latest('a1')?.reviewState).toBe('edited');
  });

  it('has nowhere to go from the last frame', async () => {
    await openFrame(scripted.session, 'A', 'a3');
    await copyMask(scripted.session, 1);
    expect(notice()).toBe('This is the last frame.');
    expect(scripted.state.frameId).toBe('a3');
  });
});

describe('following a structure', () => {
  it('asks in each frame for what is in the grown box of the one before, and leaves what it finds to be looked at', async () => {
    await propagate(scripted.session, 1);
    await settled();
    expect([boxes[0].x, boxes[0].y]).toEqual([21 - 5.6, 12 - 5.6]);
    expect(boxes[0].width).toBeCloseTo(16 + 11.2);
    expect(boxes[1].x).toBeCloseTo(maskBox(disc(31, 20, 8))!.x - 5.6);
    for (const [id, x] of [
      ['a2', 31],
      ['a3', 33],
    ] as const) {
      const revision = latest(id);
      expect(revision).toMatchObject({
        reviewState: 'proposed',
        segmentAlgorithmType: 'SEMIAUTOMATIC',
        proposalId: `followed lesion ${id}`,
        gesture: expect.stringMatching(/^propagate#/),
      });
      expect(decodeMask(revision!.mask, frameSize.width, frameSize.height).data).toEqual(disc(x, 20, 8).data);
    }
    expect(notice()).toBe('Carried over to 2 frames. It reached the last frame.');
    expect(scripted.state).toMatchObject({ frameId: 'a1', carryRun: null });
    expect(scripted.session.editor.document?.frameId).toBe('a1');
    expect(scripted.state.frames.map(({ states }) => states.lesion)).toEqual(['edited', 'proposed', 'proposed']);
  });

  it('is one undo and one redo, without leaving the open frame', async () => {
    await propagate(scripted.session, 1);
    await undo(scripted.session);
    await settled();
    expect([latest('a1')?.reviewState, latest('a2')?.reviewState, latest('a3')?.reviewState]).toEqual([
      'edited',
      'rejected',
      'rejected',
    ]);
    expect(scripted.state.frameId).toBe('a1');
    await redo(scripted.session);
    await settled();
    expect([latest('a2')?.gesture, latest('a3')?.reviewState]).toEqual(['redo', 'proposed']);
    await undo(scripted.session);
    await undo(scripted.session);
    await settled();
    expect(latest('a1')?.gesture).toBe('undo');
  });

  it('is still one undo after a restart', async () => {
    await propagate(scripted.session, 1);
    await settled();
    const again = createSession(scripted.api, scripted.memory);
    await startSession(again);
    await undo(again);
    await again.editor.saves.whenSettled();
    expect([latest('a1')?.reviewState, latest('a2')?.reviewState, latest('a3')?.reviewState]).toEqual([
      'edited',
      'rejected',
      'rejected',
    ]);
    await redo(again);
    await again.editor.saves.whenSettled();
    expect([latest('a2')?.reviewState, latest('a3')?.reviewState]).toEqual(['proposed', 'proposed']);
  });

  it('shows what was carried over when its frame is opened, and no proposal takes its place', async () => {
    await propagate(scripted.session, 1);
    await openFrame(scripted.session, 'A', 'a2');
    const carried = disc(31, 20, 8).data;
    expect(scripted.session.editor.document?.mask.data).toEqual(carried);
    scripted.session.editor.receiveProposal(scripted.api.createProposal('a2', 'lesion', disc(10, 10, 4)));
    expect(scripted.session.editor.document?.mask.data).toEqual(carried);
    expect(scripted.session.editor.document?.proposalMask?.data).toEqual(disc(10, 10, 4).data);
    expect(scripted.requested.filter((words) => words.startsWith('a2'))).toEqual([]);
  });

  it('stops where the masks no longer overlap, and says where and by how much', async () => {
    found.set('a3', { x: 50, radius: 6 });
    await propagate(scripted.session, 1);
    await settled();
    const overlap = Math.round(100 * maskDice(disc(50, 20, 6), disc(31, 20, 8)));
    expect(notice()).toBe(
      `Carried over to 1 frame. It stopped in frame 3: the mask overlaps the one before by only ${overlap} %.`,
    );
    expect(latest('a3')).toBeNull();
  });

  it('stops where the model is unsure, and where nothing is found', async () => {
    found.set('a2', { x: 31, radius: 8, sure: 0.55 });
    await propagate(scripted.session, 1);
    expect(notice()).toBe('Carried over to 0 frames. It stopped in frame 2: the model is only 55 % sure.');
    found.set('a2', { x: 31, radius: 0 });
    await propagate(scripted.session, 1);
    expect(notice()).toBe('Carried over to 0 frames. It stopped in frame 2: nothing is found.');
  });

  it('stops before a frame that somebody has annotated, also backwards', async () => {
    await openFrame(scripted.session, 'A', 'a3');
    await scripted.whenProposed();
    paint(33);
    await propagate(scripted.session, -1);
    expect(notice()).toBe('Carried over to 1 frame. It stopped before frame 1, which is annotated.');
  });

  it.each([true, false])(
    'stops before what others annotated since it was looked at here; said so: %s',
    async (isSaid) => {
      await openFrame(scripted.session, 'A', 'a2');
      await scripted.whenProposed();
      await openFrame(scripted.session, 'A', 'a1');
      const { id, createdAt } = scripted.api.writeElsewhere('a2', 'lesion', disc(10, 10, 3));
      const saved = { frameId: 'a2', labelId: 'lesion', revisionId: id, savedAt: createdAt };
      if (isSaid) scripted.api.emit('annotation:saved', saved);
      await propagate(scripted.session, 1);
      await settled();
      expect(notice()).toBe('Carried over to 0 frames. It stopped before frame 2, which is annotated.');
      expect(latest('a2')?.id).toBe(id);
    },
  );

  it('keeps what it has when it is cancelled or the network fails', async () => {
    const answer = scripted.api.answers['proposal:follow']!;
    scripted.api.answers['proposal:follow'] = (input) => {
      cancelPropagation(scripted.session);
      return answer(input);
    };
    await propagate(scripted.session, 1);
    expect(notice()).toBe('Carried over to 1 frame. It was cancelled.');
    scripted.api.answers['proposal:follow'] = () => {
      throw new AppError('engine', 'The engine stopped.');
    };
    await propagate(scripted.session, 1);
    expect(notice()).toBe('Carried over to 0 frames. It stopped: The engine stopped.');
  });

  it('waits with what it found until the stroke that is being drawn is done', async () => {
    const { editor } = scripted.session;
    const run = propagate(scripted.session, 1);
    editor.beginGesture('brush');
    editor.paint({ x: 5, y: 5 }, { x: 9, y: 5 }, 2, 1);
    await expect.poll(() => scripted.state.carryRun?.done).toBe(2);
    expect(editor.isInGesture).toBe(true);
    editor.completeGesture();
    await run;
    await settled();
    expect(latest('a2')?.gesture).toMatch(/^propagate#/);
    expect(latest('a1')?.gesture).toBe('brush');
  });
});

describe('a frame of another size', () => {
  const resize = (id: string): void => {
    const frames = scripted.state.frames.map((frame) =>
      frame.id === id ? { ...frame, width: 80, height: 60 } : frame,
    );
    scripted.session.store.setState({ frames });
  };
  const otherSize = { code: 'bad-input', message: 'Masks differ in size: 64×48 and 80×60.' };

  it('takes no copy of the mask', async () => {
    resize('a2');
    await expect(copyMask(scripted.session, 1)).rejects.toMatchObject(otherSize);
    expect(scripted.state.frameId).toBe('a1');
    expect(latest('a2')).toBeNull();
  });

  it('is not filled by interpolation, and none is then', async () => {
    await openFrame(scripted.session, 'A', 'a3');
    await scripted.whenProposed();
    paint(37);
    await openFrame(scripted.session, 'A', 'a2');
    await scripted.whenProposed();
    resize('a2');
    await expect(interpolate(scripted.session)).rejects.toMatchObject(otherSize);
    await settled();
    expect(latest('a2')).toBeNull();
  });
});

describe('interpolation', () => {
  it('fills the frames between two annotated ones by the shape between theirs, as one undo', async () => {
    await openFrame(scripted.session, 'A', 'a3');
    await scripted.whenProposed();
    paint(37);
    await openFrame(scripted.session, 'A', 'a2');
    await scripted.whenProposed();
    await interpolate(scripted.session);
    await settled();
    expect(notice()).toBe('Interpolated 1 frame between frames 1 and 3.');
    const between = decodeMask(latest('a2')!.mask, frameSize.width, frameSize.height);
    expect(maskDice(between, disc(33, 20, 8))).toBeGreaterThan(0.97);
    expect(latest('a2')).toMatchObject({ reviewState: 'proposed', gesture: expect.stringMatching(/^interpolate#/) });
    await undo(scripted.session);
    await settled();
    expect(latest('a2')?.gesture).toBe('undo');
    expect(latest('a3')?.reviewState).toBe('edited');
  });

  it('needs an annotated frame on either side', async () => {
    await interpolate(scripted.session);
    expect(notice()).toBe('Interpolation needs an annotated frame before and one after this one.');
  });
});
