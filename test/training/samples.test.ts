import { describe, expect, it } from 'vitest';
import { createMask } from '../../electron/common/mask.ts';
import { createRandom } from '../../electron/nn/random.ts';
import { pretrainingAugmentation } from '../../electron/training/augment.ts';
import { evenly } from '../../electron/training/evenly.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';
import { NetworkState } from '../../electron/training/network-state.ts';
import { createSampleDraw } from '../../electron/training/samples.ts';
import { discItems } from '../support/phantoms.ts';

describe('what is drawn to train on', () => {
  it('is local or highlighted only where there is something to look at', () => {
    const items = discItems(4, 1).map((item, index) =>
      index % 2 === 0 ? item : { ...item, mask: createMask(item.frame.width, item.frame.height) },
    );
    const draw = createSampleDraw(
      {
        items,
        chances: [1, 1, 1, 1],
        task: 'segmentation',
        spec: ownInput,
        side: 28,
        inputShares: [0, 0.5, 0.5],
        augmentation: pretrainingAugmentation,
      },
      createRandom(1),
    );
    const drawn = draw(60);
    const modesOf = (isEmpty: boolean) =>
      new Set(drawn.filter(({ item }) => !item.mask!.data.includes(1) === isEmpty).map(({ prompts }) => prompts.mode));
    expect(modesOf(true)).toEqual(new Set(['whole']));
    expect(modesOf(false)).toEqual(new Set(['local', 'location']));
  });

  it('a few out of many are from all over, in order', () => {
    const many = Array.from({ length: 71 }, (_, index) => index);
    const few = evenly(many, 40);
    expect(few).toHaveLength(40);
    expect(few.toSorted((a, b) => a - b)).toEqual(few);
    expect(new Set(few).size).toBe(40);
    expect(few.at(-1)).toBeGreaterThan(68);
    expect(evenly([1, 2], 40)).toEqual([1, 2]);
  });
});

describe('a running average', () => {
  it('goes on after a stop as if there had been none', () => {
    const names = ['w'];
    const state = new NetworkState(new Map([['w', { shape: [1], data: Float32Array.of(1) }]]), names);
    const put = (target: NetworkState, value: number): void => {
      target.tensors.get('w')!.value = Float32Array.of(value);
      target.average(100);
    };
    for (const value of [2, 4, 6]) put(state, value);
    const resumed = NetworkState.fromTensors(state.toTensors(), names, 3);
    for (const one of [state, resumed]) put(one, 16);
    const average = (one: NetworkState) => one.weights('average').get('w')!.data[0];
    expect(average(state)).toBeCloseTo(7, 5);
    expect(average(resumed)).toBe(average(state));
  });
});
