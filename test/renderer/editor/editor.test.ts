import { beforeEach, describe, expect, it } from 'vitest';
import { type BinaryMask, countMaskPixels, createMask, decodeMask } from '../../../electron/common/mask.ts';
import { Editor, type EditorChange } from '../../../renderer/editor/editor.ts';
import { disc, frameSize, ScriptedApi } from '../support/scripted-api.ts';

const label = 'lesion';
let api: ScriptedApi;
let editor: Editor;

beforeEach(() => {
  api = new ScriptedApi();
  editor = new Editor(api);
});

function open(frameId: string, proposal: BinaryMask | null = disc(30, 20, 8), labelId = label): void {
  editor.open({
    frameId,
    labelId,
    ...frameSize,
    revision: api.latest(frameId, labelId),
    proposal: proposal && api.createProposal(frameId, labelId, proposal),
  });
}

function stroke(x: number, y: number, value: 0 | 1 = 1): void {
  editor.beginGesture(value === 1 ? 'brush' : 'eraser');
  editor.paint({ x, y }, { x: x + 5, y }, 3, value);
  editor.paint({ x: x + 5, y }, { x: x + 9, y: y + 4 }, 3, value);
  editor.completeGesture();
}

const mask = (): Uint8Array => editor.document!.mask.data.slice();
const state = () => editor.document!.state.reviewState;

async function saved() {
  await editor.saves.whenSettled();
  return api.revisions;
}

describe('opening', () => {
  it('starts the working mask from the proposal, and nothing is saved for that', async () => {
    open('a');
    expect(mask()).toEqual(disc(30, 20, 8).data);
    expect(editor.document?.state).toMatchObject({ reviewState: 'proposed', segmentAlgorithmType: 'AUTOMATIC' });
    expect(editor.canUndo).toBe(false);
    expect(await saved()).toHaveLength(0);
  });

  it('prefers what a reader said over the proposal', () => {
    api.writeElsewhere('a', label, disc(10, 10, 4));
    open('a');
    expect(mask()).toEqual(disc(10, 10, 4).data);
    expect(state()).toBe('edited');
    expect(editor.document?.proposalMask?.data).toEqual(disc(30, 20, 8).data);
  });

  it('keeps the bytes of a mask as long as no pixel of it changes, and no longer', async () => {
    open('b', null);
    open('a');
    const heldOfA = (): Uint8Array => {
      const present = mask();
      editor.openAgain('b', label);
      const { mask: bytes } = editor.held('a', label)!;
      expect(decodeMask(bytes, frameSize.width, frameSize.height).data).toEqual(present);
      editor.openAgain('a', label);
      return bytes;
    };
    let before = heldOfA();
    expect(heldOfA()).toBe(before);
    const changes = [
      () => stroke(5, 5),
      () => editor.undo(),
      () => editor.redo(),
      () => editor.amend((current) => ((current.data[3] = 1), { x: 3, y: 0, width: 1, height: 1 })),
      () => editor.replaceMask('smooth', disc(20, 20, 6)),
      () => editor.markAbsent(),
      () => editor.backToProposal(),
    ];
    for (const change of changes) {
      change();
      const bytes = heldOfA();
      expect(bytes).not.toEqual(before);
      expect((await saved()).at(-1)?.mask).toEqual(bytes);
      before = bytes;
    }
    editor.accept();
    expect(heldOfA()).toBe(before);
    editor.beginGesture('brush');
    editor.paint({ x: 5, y: 40 }, { x: 9, y: 40 }, 3, 1);
    editor.cancelGesture();
    expect(heldOfA()).toEqual(before);
  });

  it('keeps the proposal that is here where the same one is loaded again', () => {
    open('a');
    const { proposalMask, proposal } = editor.document!;
    editor.receiveProposal({ ...proposal!, mask: proposal!.mask.slice() });
    expect(editor.document?.proposalMask).toBe(proposalMask);
    editor.receiveProposal(api.createProposal('a', label, disc(31, 20, 8)));
    expect(editor.document?.proposalMask?.data).toEqual(disc(31, 20, 8).data);
    expect(mask()).toEqual(disc(31, 20, 8).data);
  });

  it('takes a revision that somebody else wrote meanwhile, and forgets the history that no longer fits', async () => {
    open('a');
    stroke(5, 5);
    await saved();
    open('b');
    api.writeElsewhere('a', label, disc(10, 10, 4));
    open('a');
    expect(mask()).toEqual(disc(10, 10, 4).data);
    expect(editor.canUndo).toBe(false);
  });

  it('keeps its own form of a document that it holds, saved or not', () => {
    open('a');
    stroke(5, 5);
    const painted = mask();
    open('b');
    open('a');
    expect(mask()).toEqual(painted);
    expect(state()).toBe('edited');
  });
});

describe('one gesture', () => {
  it('is one undo and one revision, however many moves it had', async () => {
    open('a');
    const before = mask();
    stroke(5, 5);
    const after = mask();
    expect(await saved()).toHaveLength(1);
    editor.undo();
    expect(mask()).toEqual(before);
    expect(editor.canUndo).toBe(false);
    editor.redo();
    expect(mask()).toEqual(after);
  });

  it('on a proposal makes a SEMIAUTOMATIC revision, on a bare frame a MANUAL one', async () => {
    open('a');
    stroke(5, 5);
    open('b', null);
    stroke(5, 5);
    const [first, second] = await saved();
    expect(first).toMatchObject({ segmentAlgorithmType: 'SEMIAUTOMATIC', reviewState: 'edited', gesture: 'brush' });
    expect(first.proposalId).toBe('proposal-1');
    expect(second).toMatchObject({ segmentAlgorithmType: 'MANUAL', proposalId: null });
    expect(decodeMask(first.mask, 64, 48).data[5 * 64 + 5]).toBe(1);
  });

  it('cannot be undone before it ends', () => {
    open('a');
    stroke(5, 5);
    editor.beginGesture('brush');
    editor.paint({ x: 40, y: 40 }, { x: 44, y: 40 }, 2, 1);
    const during = mask();
    expect(editor.undo()).toBeNull();
    expect(editor.redo()).toBeNull();
    expect(mask()).toEqual(during);
  });

  it('that is cancelled rewinds to its mark and leaves no trace', async () => {
    open('a');
    stroke(5, 5);
    const marked = mask();
    editor.beginGesture('eraser');
    editor.paint({ x: 0, y: 0 }, { x: 60, y: 40 }, 10, 0);
    editor.cancelGesture();
    expect(mask()).toEqual(marked);
    expect(await saved()).toHaveLength(1);
    editor.undo();
    expect(editor.canUndo).toBe(false);
  });

  it('that changes no pixel is none', async () => {
    open('a', null);
    stroke(5, 5, 0);
    expect(editor.canUndo).toBe(false);
    expect(await saved()).toHaveLength(0);
    expect(state()).toBeNull();
  });

  it('tells listeners the box of its pixels', () => {
    open('a', null);
    const changes: EditorChange[] = [];
    editor.subscribe((change) => changes.push(change));
    editor.beginGesture('brush');
    editor.paint({ x: 10.5, y: 10.5 }, { x: 10.5, y: 10.5 }, 1.2, 1);
    expect(changes).toEqual([{ kind: 'pixels', box: { x: 9, y: 9, width: 3, height: 3 } }]);
  });

  it('keeps changed pixels only in the history', () => {
    open('a');
    stroke(5, 5);
    const entry = editor.history.undo();
    // Runs of a small stroke, two words each; the mask has 3072 pixels.
    expect(entry?.toggles.length).toBeLessThan(40);
  });
});

describe('undo and redo', () => {
  it('append revisions with the state of that time; the store only grows', async () => {
    open('a');
    stroke(5, 5);
    editor.accept();
    editor.undo();
    editor.undo();
    editor.redo();
    const revisions = await saved();
    expect(revisions.map((one) => [one.gesture, one.reviewState, one.segmentAlgorithmType])).toEqual([
      ['brush', 'edited', 'SEMIAUTOMATIC'],
      ['accept', 'accepted', 'SEMIAUTOMATIC'],
      ['undo', 'edited', 'SEMIAUTOMATIC'],
      ['undo', 'proposed', 'AUTOMATIC'],
      ['redo', 'edited', 'SEMIAUTOMATIC'],
    ]);
    expect(revisions.map((one) => one.parentId)).toEqual([null, ...revisions.slice(0, -1).map((one) => one.id)]);
    expect(revisions[2].mask).toEqual(revisions[0].mask);
  });

  it('go across frames and labels in the order of the work', () => {
    open('a');
    stroke(5, 5);
    const ofA = mask();
    open('b');
    stroke(40, 30);
    open('b', null, 'cyst');
    stroke(20, 20);
    open('c');
    expect(editor.undo()).toMatchObject({ key: 'b/cyst' });
    expect(countMaskPixels(editor.document!.mask)).toBe(0);
    expect(editor.undo()).toMatchObject({ key: 'b/lesion' });
    expect(mask()).toEqual(disc(30, 20, 8).data);
    expect(editor.undo()).toMatchObject({ key: 'a/lesion' });
    expect(editor.document?.frameId).toBe('a');
    expect(editor.redo()).toMatchObject({ key: 'a/lesion' });
    expect(mask()).toEqual(ofA);
    expect(editor.redo()?.key).toBe('b/lesion');
    expect(editor.redo()?.key).toBe('b/cyst');
    expect(editor.redo()).toBeNull();
  });

  it('forget what was undone once something new is done', () => {
    open('a');
    stroke(5, 5);
    editor.undo();
    stroke(40, 30);
    expect(editor.canRedo).toBe(false);
  });

  it('go back to before the first word with a revision that says to use none', async () => {
    open('a', null);
    stroke(5, 5);
    editor.undo();
    expect(state()).toBeNull();
    expect((await saved()).at(-1)).toMatchObject({ gesture: 'undo', reviewState: 'rejected' });
    editor.discard('a', label);
    open('a', disc(30, 20, 8));
    expect(mask()).toEqual(disc(30, 20, 8).data);
    expect(state()).toBe('proposed');
  });
});

describe('deciding', () => {
  it('accepting is one undo, and accepting twice is accepting once', async () => {
    open('a');
    editor.accept();
    editor.accept();
    expect(await saved()).toHaveLength(1);
    expect(api.revisions[0]).toMatchObject({ reviewState: 'accepted', segmentAlgorithmType: 'AUTOMATIC' });
    editor.undo();
    expect(state()).toBe('proposed');
    expect(editor.canUndo).toBe(false);
  });

  it('"not here" empties the mask, and undo brings it back', async () => {
    open('a');
    stroke(5, 5);
    const painted = mask();
    editor.markAbsent();
    expect(countMaskPixels(editor.document!.mask)).toBe(0);
    expect((await saved()).at(-1)).toMatchObject({ reviewState: 'absent', gesture: 'absent' });
    editor.undo();
    expect(mask()).toEqual(painted);
    expect(state()).toBe('edited');
  });

  it('back to the proposal is a gesture of its own', () => {
    open('a');
    stroke(5, 5);
    const painted = mask();
    editor.backToProposal();
    expect(mask()).toEqual(disc(30, 20, 8).data);
    expect(state()).toBe('proposed');
    editor.undo();
    expect(mask()).toEqual(painted);
  });

  it('a command that computes a new mask is one gesture', async () => {
    open('a');
    editor.replaceMask('fill-holes', createMask(frameSize.width, frameSize.height));
    expect((await saved())[0]).toMatchObject({ gesture: 'fill-holes', reviewState: 'edited' });
    editor.undo();
    expect(mask()).toEqual(disc(30, 20, 8).data);
  });
});

describe('a proposal that arrives', () => {
  it('replaces an untouched proposal without an undo', () => {
    open('a');
    editor.receiveProposal(api.createProposal('a', label, disc(12, 12, 6)));
    expect(mask()).toEqual(disc(12, 12, 6).data);
    expect(editor.canUndo).toBe(false);
  });

  it('is only shown beside what the reader made', () => {
    open('a');
    stroke(5, 5);
    const painted = mask();
    editor.receiveProposal(api.createProposal('a', label, disc(12, 12, 6)));
    expect(mask()).toEqual(painted);
    expect(editor.document?.proposalMask?.data).toEqual(disc(12, 12, 6).data);
    expect(editor.document?.state.proposalId).toBe('proposal-1');
  });

  it('does not touch the mask in the middle of a gesture', () => {
    open('a', null);
    editor.beginGesture('brush');
    editor.paint({ x: 5, y: 5 }, { x: 9, y: 5 }, 2, 1);
    const during = mask();
    editor.receiveProposal(api.createProposal('a', label, disc(12, 12, 6)));
    expect(mask()).toEqual(during);
    editor.completeGesture();
    expect(state()).toBe('edited');
  });

  it('while a first mask stands is shown once that is undone, and the mask is redone and undone from there', () => {
    open('a', null);
    stroke(5, 5);
    const painted = mask();
    editor.receiveProposal(api.createProposal('a', label, disc(12, 12, 6)));
    expect(mask()).toEqual(painted);
    for (const _ of [1, 2]) {
      editor.undo();
      expect(mask()).toEqual(disc(12, 12, 6).data);
      expect(state()).toBe('proposed');
      editor.redo();
      expect(mask()).toEqual(painted);
      expect(state()).toBe('edited');
    }
  });

  it('after an undo takes the place of what is there, and what was undone is redone as it was, and undone from there', () => {
    open('a');
    stroke(5, 5);
    const painted = mask();
    editor.undo();
    editor.receiveProposal(api.createProposal('a', label, disc(12, 12, 6)));
    for (const _ of [1, 2]) {
      expect(mask()).toEqual(disc(12, 12, 6).data);
      expect(editor.document?.state.proposalId).toBe('proposal-2');
      editor.redo();
      expect(mask()).toEqual(painted);
      expect(state()).toBe('edited');
      editor.undo();
    }
  });

  it('for another frame is ignored', () => {
    open('a');
    editor.receiveProposal(api.createProposal('b', label, disc(12, 12, 6)));
    expect(mask()).toEqual(disc(30, 20, 8).data);
  });

  it('between two undos leaves the earlier one exact', () => {
    open('a');
    stroke(5, 5);
    const painted = mask();
    editor.backToProposal();
    editor.receiveProposal(api.createProposal('a', label, disc(12, 12, 6)));
    expect(mask()).toEqual(disc(12, 12, 6).data);
    editor.undo();
    expect(mask()).toEqual(painted);
    editor.redo();
    expect(mask()).toEqual(disc(12, 12, 6).data);
    expect(editor.document?.state.proposalId).toBe('proposal-2');
  });
});
