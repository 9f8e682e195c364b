import { describe, expect, it } from 'vitest';
import { createMask } from '../../../electron/common/mask.ts';
import { createRandom, type Random } from '../../../electron/nn/random.ts';
import { Editor } from '../../../renderer/editor/editor.ts';
import { documentKey } from '../../../renderer/editor/save-queue.ts';
import { disc, frameSize, ScriptedApi } from '../support/scripted-api.ts';

const frameIds = ['a', 'b', 'c'];
const labelIds = ['lesion', 'cyst'];

/** An editor and the store behind it; `restart` is a new page over the same store. */
class Work {
  readonly api = new ScriptedApi();
  readonly random: Random;
  editor = new Editor(this.api);

  constructor(seed: number) {
    this.random = createRandom(seed);
  }

  /** As the page opens it: with the latest revision and the latest proposal of the store. */
  open(frameId: string, labelId: string): void {
    const proposal = this.api.latestProposal(frameId, labelId);
    if (this.editor.openAgain(frameId, labelId)) return;
    this.editor.open({ frameId, labelId, ...frameSize, revision: this.api.latest(frameId, labelId), proposal });
  }

  async restart(): Promise<void> {
    await this.editor.saves.whenSettled();
    this.editor = new Editor(this.api);
    this.editor.restore(this.api.history(500));
  }

  undo(): boolean {
    const entry = this.editor.history.latest;
    if (!entry) return false;
    if (!this.editor.holds(entry.key)) this.open(entry.frameId, entry.labelId);
    return this.editor.undo() !== null;
  }

  redo(): boolean {
    const entry = this.editor.history.nextRedo;
    if (!entry) return false;
    if (!this.editor.holds(entry.key)) this.open(entry.frameId, entry.labelId);
    return this.editor.redo() !== null;
  }

  point(): { x: number; y: number } {
    return { x: this.random.next() * frameSize.width, y: this.random.next() * frameSize.height };
  }

  /** One random thing that a reader does; true where it can be undone. */
  gesture(): boolean {
    const { random, editor } = this;
    if (random.next() < 0.35 || !editor.document) {
      this.open(frameIds[random.integer(frameIds.length)], labelIds[random.integer(labelIds.length)]);
    }
    const before = editor.history.latest;
    const kind = random.integer(10);
    if (kind === 0) editor.accept();
    else if (kind === 1) editor.markAbsent();
    else if (kind === 2) editor.backToProposal();
    else if (kind === 3) editor.replaceMask('fill-holes', disc(random.next() * 64, 20, 1 + random.next() * 12));
    else {
      editor.beginGesture(kind % 2 ? 'brush' : 'eraser');
      for (let i = random.integer(4); i >= 0; i -= 1) {
        editor.paint(this.point(), this.point(), 1 + random.next() * 4, kind % 2 ? 1 : 0);
      }
      if (kind === 9) editor.cancelGesture();
      else editor.completeGesture();
    }
    return editor.history.latest !== before;
  }

  /** Every mask, as this editor has it or would open it. */
  masks(): string {
    return frameIds
      .flatMap((frameId) => labelIds.map((labelId) => [frameId, labelId]))
      .map(([frameId, labelId]) => {
        this.open(frameId, labelId);
        return `${documentKey(frameId, labelId)} ${this.editor.document!.mask.data.join('')}`;
      })
      .join('\n');
  }
}

async function gesturesDone(work: Work, count: number): Promise<string[]> {
  const states = [work.masks()];
  while (states.length <= count) {
    if (work.gesture()) states.push(work.masks());
  }
  await work.editor.saves.whenSettled();
  return states;
}

function propose(work: Work): void {
  for (const frameId of frameIds) work.api.createProposal(frameId, 'lesion', disc(30, 20, 5 + work.random.integer(8)));
}

describe('200 gestures over frames and labels', () => {
  it.each(Array.from({ length: 12 }, (_, i) => i + 1))(
    'undone and redone give the same masks bit for bit (seed %d)',
    async (seed) => {
      const work = new Work(seed);
      propose(work);
      const states = await gesturesDone(work, 200);
      for (let done = 199; done >= 0; done -= 1) {
        expect(work.undo()).toBe(true);
        if (done % 20 === 0) expect(work.masks()).toBe(states[done]);
      }
      expect(work.undo()).toBe(false);
      expect(work.masks()).toBe(states[0]);
      for (let done = 1; done <= 200; done += 1) {
        expect(work.redo()).toBe(true);
        if (done % 20 === 0) expect(work.masks()).toBe(states[done]);
      }
      expect(work.redo()).toBe(false);
    },
  );

  it.each(Array.from({ length: 12 }, (_, i) => i + 101))(
    'are undone and redone after restarts as before them (seed %d)',
    async (seed) => {
      const work = new Work(seed);
      propose(work);
      const states = await gesturesDone(work, 200);
      let done = 200;
      for (let step = 0; step < 240; step += 1) {
        if (step % 37 === 0) {
          await work.restart();
          expect(work.masks(), `after a restart with ${done} done`).toBe(states[done]);
          await work.restart();
        }
        // Mostly back, sometimes forth again.
        const back = done === 0 ? false : done === 200 || work.random.next() < 0.8;
        expect(back ? work.undo() : work.redo(), `${back ? 'undo' : 'redo'} from ${done}`).toBe(true);
        done += back ? -1 : 1;
        if (step % 15 === 0) expect(work.masks(), `${done} done`).toBe(states[done]);
      }
      await work.restart();
      expect(work.masks()).toBe(states[done]);
      while (work.undo()) done -= 1;
      expect(done).toBe(0);
      expect(work.masks()).toBe(states[0]);
    },
  );
});

describe('after a restart', () => {
  function stroke(work: Work, x: number, y: number): void {
    work.editor.beginGesture('brush');
    work.editor.paint({ x, y }, { x: x + 6, y }, 3, 1);
    work.editor.completeGesture();
  }

  it('a scribble and what the network added to it are still one undo', async () => {
    const work = new Work(1);
    work.open('a', 'lesion');
    stroke(work, 10, 10);
    const painted = work.editor.document!.mask.data.slice();
    work.editor.apply('scribble', (mask) => {
      mask.data.fill(1, 2000, 2020);
      return { x: 0, y: 31, width: 64, height: 1 };
    });
    work.editor.amend((mask) => {
      mask.data.fill(1, 2064, 2084);
      return { x: 0, y: 32, width: 64, height: 1 };
    });
    await work.restart();
    expect(work.undo()).toBe(true);
    expect(work.editor.document!.mask.data).toEqual(painted);
    expect(work.undo()).toBe(true);
    expect(work.undo()).toBe(false);
    expect(work.redo()).toBe(true);
    expect(work.redo()).toBe(true);
    expect(work.editor.document!.mask.data[2070]).toBe(1);
  });

  it('what somebody else changed since is not undone, and what is elsewhere is', async () => {
    const work = new Work(1);
    work.open('a', 'lesion');
    stroke(work, 10, 10);
    work.open('b', 'lesion');
    stroke(work, 10, 10);
    await work.editor.saves.whenSettled();
    work.api.writeElsewhere('b', 'lesion', disc(40, 20, 6));
    await work.restart();
    work.open('b', 'lesion');
    expect(work.editor.document!.mask.data).toEqual(disc(40, 20, 6).data);
    expect(work.editor.history.latest).toMatchObject({ key: 'a/lesion' });
    expect(work.undo()).toBe(true);
    expect(work.editor.document).toMatchObject({ frameId: 'a', state: { reviewState: null } });
    expect(work.undo()).toBe(false);
  });

  it('a gesture that came after somebody else’s word is undone to that word', async () => {
    const work = new Work(1);
    work.open('a', 'lesion');
    stroke(work, 10, 10);
    await work.editor.saves.whenSettled();
    work.api.writeElsewhere('a', 'lesion', disc(40, 20, 6));
    await work.restart();
    work.open('a', 'lesion');
    stroke(work, 20, 30);
    await work.restart();
    expect(work.undo()).toBe(true);
    expect(work.editor.document!.mask.data).toEqual(disc(40, 20, 6).data);
    expect(work.undo()).toBe(false);
  });

  it('a newer proposal for what nobody has judged does not spoil the way back', async () => {
    const work = new Work(1);
    work.api.createProposal('a', 'lesion', disc(30, 20, 8));
    work.open('a', 'lesion');
    stroke(work, 10, 10);
    const painted = work.editor.document!.mask.data.slice();
    work.editor.backToProposal();
    await work.editor.saves.whenSettled();
    work.api.createProposal('a', 'lesion', disc(30, 30, 5));
    await work.restart();
    work.open('a', 'lesion');
    expect(work.editor.document!.mask.data).toEqual(disc(30, 30, 5).data);
    expect(work.undo()).toBe(true);
    expect(work.editor.document!.mask.data).toEqual(painted);
    // Before the stroke nobody had judged what was proposed: now that is the newer one, which is shown. The stroke can be had back.
    expect(work.undo()).toBe(true);
    expect(work.editor.document!.mask.data).toEqual(disc(30, 30, 5).data);
    expect(work.editor.redo()).not.toBeNull();
    expect(work.editor.document!.mask.data).toEqual(painted);
  });

  it('goes back as far as the revisions that were asked for', async () => {
    const work = new Work(1);
    work.open('a', 'lesion');
    for (let i = 0; i < 6; i += 1) stroke(work, 5 + 8 * i, 10);
    work.undo();
    await work.editor.saves.whenSettled();
    const editor = new Editor(work.api);
    // The last three: two strokes and the undo of one of them.
    editor.restore(work.api.history(3));
    work.editor = editor;
    expect(work.undo()).toBe(true);
    expect(work.undo()).toBe(false);
    expect(work.redo()).toBe(true);
    expect(work.redo()).toBe(true);
    expect(work.redo()).toBe(false);
    expect(work.editor.document!.mask.data.some((value) => value === 1)).toBe(true);
    expect(work.editor.document!.mask.data.length).toBe(createMask(64, 48).data.length);
  });
});
