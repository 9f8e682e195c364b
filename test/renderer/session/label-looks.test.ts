import { beforeEach, describe, expect, it } from 'vitest';
import { countMaskPixels, decodeMask } from '../../../electron/common/mask.ts';
import { accept, undo } from '../../../renderer/session/decisions.ts';
import { type FrameMasks, otherMasks } from '../../../renderer/session/frame-masks.ts';
import { changeLook, lookOf, standardLook, toggleLook } from '../../../renderer/session/label-looks.ts';
import { changeLabel, moveLabel, removeLabel, selectLabel } from '../../../renderer/session/labels.ts';
import { openFrame, stepFrame } from '../../../renderer/session/navigation.ts';
import { scrubTo, stop } from '../../../renderer/session/playback.ts';
import { createSession } from '../../../renderer/session/start.ts';
import { disc, frameSize } from '../support/scripted-api.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;

const others = () =>
  otherMasks(scripted.state, scripted.session.editor).map(({ name, reviewState, mask }) => ({
    name,
    reviewState,
    pixels: countMaskPixels(decodeMask(mask, frameSize.width, frameSize.height)),
  }));

const paint = (x: number, y: number, radius: number) => {
  const { editor } = scripted.session;
  editor.beginGesture('brush');
  editor.paint({ x, y }, { x, y }, radius, 1);
  editor.completeGesture();
};

beforeEach(async () => {
  scripted = await openScriptedSession();
});

describe('the other labels of a frame', () => {
  it('are drawn as they were last corrected, and the one being worked on is not among them', async () => {
    scripted.api.writeElsewhere('a1', 'cyst', disc(10, 10, 3));
    await openFrame(scripted.session, 'A', 'a2');
    expect(others()).toEqual([]);
    await openFrame(scripted.session, 'A', 'a1');
    await expect
      .poll(others)
      .toEqual([{ name: 'Cyst', reviewState: 'edited', pixels: countMaskPixels(disc(10, 10, 3)) }]);
    await selectLabel(scripted.session, 'cyst');
    expect(others()).toEqual([]);
  });

  it('are there as soon as another label is selected, before anything is saved', async () => {
    paint(50, 40, 3);
    const painted = countMaskPixels(scripted.session.editor.document!.mask);
    await selectLabel(scripted.session, 'cyst');
    expect(others()).toEqual([{ name: 'Lesion', reviewState: 'edited', pixels: painted }]);
  });

  it('that are merely proposed, absent, hidden or put away are not drawn', async () => {
    await selectLabel(scripted.session, 'cyst');
    expect(others()).toEqual([]); // the lesion is proposed
    await selectLabel(scripted.session, 'lesion');
    paint(50, 40, 3);
    await selectLabel(scripted.session, 'cyst');
    expect(others()).toHaveLength(1);
    changeLook(scripted.session, 'lesion', { visible: false });
    expect(others()).toEqual([]);
    changeLook(scripted.session, 'lesion', { visible: true });
    scripted.session.store.setState({ othersHidden: true });
    expect(others()).toEqual([]);
    scripted.session.store.setState({
      othersHidden: false,
      labels: scripted.labels.map((one) => ({ ...one, hidden: true })),
    });
    expect(others()).toEqual([]);
  });

  it('are seen on frames that pass by, the selected label’s among them, loaded once each', async () => {
    scripted.api.writeElsewhere('a1', 'lesion', disc(20, 20, 4));
    scripted.api.writeElsewhere('a2', 'lesion', disc(20, 20, 5));
    scripted.api.writeElsewhere('a2', 'cyst', disc(40, 20, 3));
    const loads = () => scripted.api.sent.filter(({ name }) => name === 'annotation:load-frame').length;
    scrubTo(scripted.session, 1);
    await expect.poll(() => others().map((one) => one.name)).toEqual(['Lesion', 'Cyst']);
    scripted.session.store.setState({ othersHidden: true });
    expect(others().map((one) => one.name)).toEqual(['Lesion']);
    scripted.session.store.setState({ othersHidden: false });
    scrubTo(scripted.session, 2);
    expect(others()).toEqual([]);
    await expect.poll(() => scripted.state.frameMasks?.frameId).toBe('a3');
    const before = loads();
    scrubTo(scripted.session, 1);
    expect(others()).toHaveLength(2);
    expect(loads()).toBe(before);
    // What was changed meanwhile is loaded again.
    const { id } = scripted.api.writeElsewhere('a3', 'cyst', disc(40, 20, 3));
    scripted.api.emit('annotation:saved', { frameId: 'a3', labelId: 'cyst', revisionId: id, savedAt: '' });
    scrubTo(scripted.session, 2);
    await expect.poll(() => others().map((one) => one.name)).toEqual(['Cyst']);
    await stop(scripted.session);
    expect(scripted.state).toMatchObject({ frameId: 'a3', shownFrameId: null });
    expect(others().map((one) => one.name)).toEqual(['Cyst']);
  });

  it('are the very same ones when a frame is opened again, so that nothing is drawn anew, as far as they have not changed', async () => {
    scripted.api.writeElsewhere('a1', 'cyst', disc(40, 20, 3));
    scripted.api.writeElsewhere('a1', 'lymph-node', disc(20, 20, 3));
    const shows = (frameId: string) => expect.poll(() => scripted.state.frameMasks?.frameId).toBe(frameId);
    const loads = () => scripted.api.sent.filter(({ name }) => name === 'annotation:load-frame').length;
    await stepFrame(scripted.session, 1);
    await shows('a2');
    await stepFrame(scripted.session, -1);
    await expect.poll(() => scripted.state.frameMasks?.revisions.length).toBe(2);
    const before = scripted.state.frameMasks;
    const asked = loads();
    await stepFrame(scripted.session, 1);
    await stepFrame(scripted.session, -1);
    await expect.poll(loads).toBeGreaterThan(asked);
    await shows('a1');
    expect(scripted.state.frameMasks).toBe(before);
    // Written elsewhere, without a word of it.
    const { id } = scripted.api.writeElsewhere('a1', 'cyst', disc(40, 20, 5));
    await stepFrame(scripted.session, 1);
    await stepFrame(scripted.session, -1);
    await expect.poll(() => scripted.state.frameMasks?.revisions.map((one) => one.id)).toContain(id);
    const kept = (labelId: string) => (masks: FrameMasks | null) =>
      masks?.revisions.find((one) => one.labelId === labelId);
    expect(kept('lymph-node')(scripted.state.frameMasks)).toBe(kept('lymph-node')(before));
    expect(kept('cyst')(scripted.state.frameMasks)).not.toBe(kept('cyst')(before));
  });

  it('follow what is changed elsewhere', async () => {
    scripted.api.writeElsewhere('a1', 'cyst', disc(10, 10, 3));
    const revision = scripted.api.latest('a1', 'cyst')!;
    scripted.api.emit('annotation:saved', { frameId: 'a1', labelId: 'cyst', revisionId: revision.id, savedAt: '' });
    await expect.poll(() => others().length).toBe(1);
  });
});

describe('the look of a label', () => {
  it('is its own, and is there again in another session', () => {
    changeLook(scripted.session, 'cyst', { opacity: 0.6, outlineOnly: true });
    toggleLook(scripted.session, 'locked');
    expect(lookOf(scripted.state, 'cyst')).toEqual({ ...standardLook, opacity: 0.6, outlineOnly: true });
    expect(lookOf(scripted.state, 'lesion')).toEqual({ ...standardLook, locked: true });
    const again = createSession(scripted.api, scripted.memory).store.getState();
    expect(again.labelLooks).toEqual(scripted.state.labelLooks);
  });

  it('that cannot be understood is the standard one', () => {
    for (const wrong of ['{', '[1]', '{"cyst":{"opacity":"thick"}}', '{"cyst":{"size":1}}']) {
      scripted.stored.set('sonosync.label-looks', wrong);
      expect(createSession(scripted.api, scripted.memory).store.getState().labelLooks).toEqual({});
    }
  });
});

describe('a locked label', () => {
  it('is changed by no gesture, decision or undo, and says so', async () => {
    const { editor } = scripted.session;
    paint(50, 40, 3);
    const before = editor.document!.mask.data.slice();
    changeLook(scripted.session, 'lesion', { locked: true });
    paint(20, 20, 5);
    editor.replaceMask('fill-holes', disc(1, 1, 1));
    await undo(scripted.session);
    await accept(scripted.session);
    expect(editor.document).toMatchObject({ frameId: 'a1', state: { reviewState: 'edited' } });
    expect(editor.document!.mask.data).toEqual(before);
    expect(scripted.state.notice?.text).toContain('Lesion is locked');
    changeLook(scripted.session, 'lesion', { locked: false });
    await undo(scripted.session);
    expect(editor.document!.mask.data).not.toEqual(before);
  });

  it('lets no outline begin that would be lost when it is closed, but a box may ask', () => {
    const { tools } = scripted.session;
    const pointer = { image: { x: 10, y: 10 }, canvas: { x: 10, y: 10 } };
    changeLook(scripted.session, 'lesion', { locked: true });
    for (const tool of ['polygon', 'livewire', 'outline', 'brush', 'wand', 'scribble'] as const) {
      scripted.session.store.setState({ notice: null });
      tools.select(tool);
      tools.pointerDown(pointer, {});
      expect(tools.isIdle, tool).toBe(true);
      tools.pointerUp(pointer);
      expect(scripted.state.notice?.text).toContain('Lesion is locked');
    }
    tools.select('box');
    tools.pointerDown(pointer, {});
    expect(tools.isIdle).toBe(false);
    tools.cancel();
  });
});

describe('a mask that is hidden', () => {
  it('is shown as soon as somebody changes it', () => {
    scripted.session.store.setState({ masksHidden: true });
    changeLook(scripted.session, 'lesion', { visible: false });
    paint(20, 20, 5);
    expect(scripted.state.masksHidden).toBe(false);
    expect(lookOf(scripted.state, 'lesion').visible).toBe(true);
    expect(scripted.session.editor.document?.state.reviewState).toBe('edited');
  });
});

describe('the list of labels', () => {
  beforeEach(() => {
    const change = (labelId: string, part: object) => {
      scripted.labels = scripted.labels.map((one) => (one.id === labelId ? { ...one, ...part } : one));
      return scripted.labels.find((one) => one.id === labelId)!;
    };
    Object.assign(scripted.api.answers, {
      'label:update': ({ labelId, ...part }: { labelId: string }) => change(labelId, part),
      'label:remove': ({ labelId }: { labelId: string }) => {
        scripted.labels = scripted.labels.filter((one) => one.id !== labelId);
        return {};
      },
      'label:reorder': ({ labelIds }: { labelIds: string[] }) => {
        scripted.labels = labelIds.map((id) => scripted.labels.find((one) => one.id === id)!);
        return scripted.labels;
      },
    });
  });

  it('is put into another order', async () => {
    await moveLabel(scripted.session, 'cyst', -1);
    expect(scripted.state.labels.map((one) => one.id)).toEqual(['cyst', 'lesion']);
    await moveLabel(scripted.session, 'cyst', -1);
    expect(scripted.state.labels.map((one) => one.id)).toEqual(['cyst', 'lesion']);
  });

  it('selects the next label where the selected one is put away or removed', async () => {
    await changeLabel(scripted.session, 'lesion', { hidden: true });
    expect(scripted.state.labelId).toBe('cyst');
    expect(scripted.session.editor.document?.labelId).toBe('cyst');
    await removeLabel(scripted.session, 'cyst');
    expect(scripted.state.labelId).toBeNull();
    expect(scripted.session.editor.document).toBeNull();
  });
});
