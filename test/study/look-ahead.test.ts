import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LookAhead, type FramePlace } from '../../electron/study/look-ahead.ts';

function setUp() {
  const loaded: number[] = [];
  const waiting: (() => void)[] = [];
  const ahead = new LookAhead(3, async ({ frameNumber }: FramePlace) => {
    loaded.push(frameNumber);
    await new Promise<void>((resolve) => void waiting.push(resolve));
  });
  const ask = (frameNumber: number, instanceId = 'a') =>
    ahead.asked({ instanceId, frameNumber, frameCount: 20 }, Promise.resolve());
  /** Lets loads finish, one after another, until no more are begun. */
  const finish = async () => {
    for (let quiet = 0; quiet < 3;) {
      const next = waiting.shift();
      next?.();
      quiet = next ? 0 : quiet + 1;
      await setImmediate();
    }
    return loaded.splice(0);
  };
  return { ask, finish };
}

describe('frames that are loaded ahead', () => {
  it('are those after a first frame, and those on the way of steps forward and back', async () => {
    const { ask, finish } = setUp();
    ask(1);
    expect(await finish()).toEqual([2, 3, 4]);
    ask(2);
    expect(await finish()).toEqual([3, 4, 5]);
    ask(4);
    expect(await finish()).toEqual([6, 8, 10]);
    ask(3);
    expect(await finish()).toEqual([2, 1]);
  });

  it('are none after a jump, in another instance, or beyond the last', async () => {
    const { ask, finish } = setUp();
    ask(1);
    await finish();
    ask(12);
    expect(await finish()).toEqual([]);
    ask(5, 'b');
    expect(await finish()).toEqual([]);
    ask(19);
    ask(20);
    expect(await finish()).toEqual([]);
  });

  it('are given up at the next request, but for the one that is under way', async () => {
    const { ask, finish } = setUp();
    ask(1);
    await setImmediate();
    ask(15);
    expect(await finish()).toEqual([2]);
  });

  it('go on when one of them fails', async () => {
    const loaded: number[] = [];
    const ahead = new LookAhead(3, ({ frameNumber }) => {
      loaded.push(frameNumber);
      return Promise.reject(new Error('damaged'));
    });
    ahead.asked({ instanceId: 'a', frameNumber: 1, frameCount: 9 }, Promise.reject(new Error('damaged')));
    await setImmediate();
    expect(loaded).toEqual([2, 3, 4]);
  });
});
