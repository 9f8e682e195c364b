import { describe, expect, it } from 'vitest';
import { AppError } from '../../../electron/common/errors.ts';
import { encodeMask } from '../../../electron/common/mask.ts';
import { type RevisionDraft, SaveQueue } from '../../../renderer/editor/save-queue.ts';
import { joinSaveStates, type SaveState } from '../../../renderer/editor/save-state.ts';
import { disc, ScriptedApi } from '../support/scripted-api.ts';

function draft(gesture: string, frameId = 'a'): RevisionDraft {
  return {
    frameId,
    labelId: 'lesion',
    proposalId: null,
    reviewState: 'edited',
    segmentAlgorithmType: 'MANUAL',
    mask: encodeMask(disc(20, 20, gesture.length)),
    gesture,
  };
}

function createQueue() {
  const api = new ScriptedApi();
  const queue = new SaveQueue(api, { retryDelaysMs: [1, 2] });
  const states: SaveState[] = [];
  queue.subscribe((state) => states.push(state));
  return { api, queue, states };
}

describe('the save queue', () => {
  it('saves in order, each revision the child of the one before', async () => {
    const { api, queue, states } = createQueue();
    for (const gesture of ['brush', 'eraser', 'accept']) queue.add(draft(gesture));
    expect(queue.state).toMatchObject({ kind: 'saving', pending: 3 });
    await queue.whenSettled();
    expect(api.revisions.map((one) => [one.gesture, one.parentId])).toEqual([
      ['brush', null],
      ['eraser', 'revision-1'],
      ['accept', 'revision-2'],
    ]);
    expect(queue.state).toEqual({ kind: 'saved', savedAt: api.revisions[2].createdAt });
    expect(states.at(-1)?.kind).toBe('saved');
  });

  it('keeps what fails, says why, and saves it once the app answers again', async () => {
    const { api, queue, states } = createQueue();
    const full = new AppError('storage', 'The disk is full.');
    api.saveTroubles.push(full, full, full);
    queue.add(draft('brush'));
    queue.add(draft('eraser'));
    await queue.whenSettled();
    expect(states).toContainEqual({ kind: 'retrying', pending: 2, savedAt: null, message: 'The disk is full.' });
    expect(api.revisions.map((one) => one.gesture)).toEqual(['brush', 'eraser']);
    expect(queue.state.kind).toBe('saved');
  });

  it('does not write twice what was written although its answer was lost', async () => {
    const { api, queue } = createQueue();
    api.saveTroubles.push('lost');
    queue.add(draft('brush'));
    queue.add(draft('eraser'));
    await queue.whenSettled();
    expect(api.revisions.map((one) => one.gesture)).toEqual(['brush', 'eraser']);
    expect(queue.state.kind).toBe('saved');
  });

  it('tries at once when told to, instead of waiting', async () => {
    const api = new ScriptedApi();
    const queue = new SaveQueue(api, { retryDelaysMs: [3_600_000] });
    api.saveTroubles.push(new AppError('fault', 'SonoSync does not answer.'));
    queue.add(draft('brush'));
    await expect.poll(() => queue.state.kind).toBe('retrying');
    queue.retryNow();
    await queue.whenSettled();
    expect(api.revisions).toHaveLength(1);
  });

  it('stops a document in conflict in words, while the others go on', async () => {
    const { api, queue } = createQueue();
    api.writeElsewhere('a', 'lesion', disc(5, 5, 2));
    queue.add(draft('brush'));
    queue.add(draft('brush', 'b'));
    await queue.whenSettled();
    expect(queue.state).toMatchObject({
      kind: 'conflict',
      pending: 1,
      frameId: 'a',
      message: 'Another revision came first.',
      refused: false,
    });
    expect(api.latest('b', 'lesion')?.gesture).toBe('brush');
    expect(queue.hasPending('a/lesion')).toBe(true);
  });

  it('puts the reader’s own revisions on top when told to keep them', async () => {
    const { api, queue } = createQueue();
    const theirs = api.writeElsewhere('a', 'lesion', disc(5, 5, 2));
    queue.add(draft('brush'));
    queue.add(draft('accept'));
    await queue.whenSettled();
    await queue.resolveConflict('a/lesion', 'keep-mine');
    await queue.whenSettled();
    expect(api.revisions.map((one) => one.gesture)).toEqual(['import', 'brush', 'accept']);
    expect(api.revisions[1].parentId).toBe(theirs.id);
    expect(queue.state.kind).toBe('saved');
  });

  it('holds what can never be saved, and nothing else; it is given up when told to', async () => {
    const { api, queue } = createQueue();
    const gone = new AppError('not-found', 'There is no label with the id "removed".');
    api.answers['annotation:load'] = () => {
      throw gone;
    };
    api.saveTroubles.push(gone);
    queue.add({ ...draft('brush'), labelId: 'removed' });
    queue.add(draft('brush', 'b'));
    await queue.whenSettled();
    expect(api.latest('b', 'lesion')?.gesture).toBe('brush');
    expect(queue.state).toMatchObject({ kind: 'conflict', refused: true, pending: 1, message: gone.message });
    api.saveTroubles.push(gone);
    await queue.resolveConflict('a/removed', 'keep-mine');
    await queue.whenSettled();
    expect(queue.state).toMatchObject({ kind: 'conflict', pending: 1 });
    await queue.resolveConflict('a/removed', 'take-theirs');
    await queue.whenSettled();
    expect(queue.state.kind).toBe('saved');
  });

  it('gives them up only when told to', async () => {
    const { api, queue } = createQueue();
    api.writeElsewhere('a', 'lesion', disc(5, 5, 2));
    queue.add(draft('brush'));
    await queue.whenSettled();
    await queue.resolveConflict('a/lesion', 'take-theirs');
    await queue.whenSettled();
    expect(api.revisions).toHaveLength(1);
    expect(queue.state.kind).toBe('saved');
    queue.add(draft('eraser'));
    await queue.whenSettled();
    expect(api.revisions[1]).toMatchObject({ gesture: 'eraser', parentId: 'revision-1' });
  });
});

describe('the state of several queues', () => {
  const at = (minute: number): string => `2026-01-01T10:0${minute}:00.000Z`;

  it('is the gravest of theirs, with all that waits and the latest save', () => {
    const saved: SaveState = { kind: 'saved', savedAt: at(3) };
    const saving: SaveState = { kind: 'saving', pending: 2, savedAt: at(1) };
    const retrying: SaveState = { kind: 'retrying', pending: 3, savedAt: null, message: 'The disk is full.' };
    expect(joinSaveStates([saved, { kind: 'saved', savedAt: null }])).toEqual(saved);
    expect(joinSaveStates([saved, saving])).toEqual({ kind: 'saving', pending: 2, savedAt: at(3) });
    expect(joinSaveStates([saving, retrying])).toEqual({ ...retrying, pending: 5, savedAt: at(1) });
    expect(joinSaveStates([{ kind: 'saved', savedAt: null }, saved])).toEqual(saved);
  });
});
