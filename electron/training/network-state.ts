// Owns the trained tensors: parameters, moments and their running average, with a spare for each that the next step writes into.
import type { GraphSession } from '../nn/session.ts';
import { stepRates, firstMoment, secondMoment, updated, type AdamWOptions } from '../nn/optimizers.ts';
import type { Weight, Weights } from '../nn/weights.ts';

interface TrainedTensor {
  readonly shape: readonly number[];
  value: Float32Array;
  m: Float32Array;
  v: Float32Array;
  spare: { value: Float32Array; m: Float32Array; v: Float32Array };
  average: Float32Array;
}

export class NetworkState {
  readonly tensors = new Map<string, TrainedTensor>();
  private averaged = 0;

  /** Copies the weights of the given names. */
  constructor(weights: Weights, names: Iterable<string>) {
    for (const name of names) {
      const weight = weights.get(name);
      if (!weight) throw new Error(`No weight is named ${name}.`);
      this.tensors.set(name, createTensor(weight));
    }
  }

  /** One step of a step graph: parameters and moments go in, their successors become current. Returns its other outputs, loss and gradientNorm among them, each one number. */
  async step(
    session: GraphSession,
    trained: readonly string[],
    batch: Readonly<Record<string, Float32Array>>,
    { learningRate, step, optimizer }: { learningRate: number; step: number; optimizer: AdamWOptions },
  ): Promise<Readonly<Record<string, number>>> {
    const feeds: Record<string, Float32Array> = { ...batch, ...stepRates(learningRate, step, optimizer) };
    const results: Record<string, Float32Array> = {};
    for (const name of trained) {
      const tensor = this.require(name);
      feeds[name] = tensor.value;
      feeds[firstMoment(name)] = tensor.m;
      feeds[secondMoment(name)] = tensor.v;
      results[updated(name)] = tensor.spare.value;
      results[updated(firstMoment(name))] = tensor.spare.m;
      results[updated(secondMoment(name))] = tensor.spare.v;
    }
    const outputs = await session.runInto(feeds, results);
    const single = Object.entries(outputs).filter(([name]) => !(name in results));
    const numbers = Object.fromEntries(single.map(([name, [number]]) => [name, number]));
    if (![numbers.loss, numbers.gradientNorm].every(Number.isFinite)) return numbers; // the spare is thrown away
    for (const name of trained) {
      const tensor = this.require(name);
      const { value, m, v, spare } = tensor;
      // Muon has no second moment: that of an earlier rule stays as it is.
      const hasSecond = updated(secondMoment(name)) in outputs;
      Object.assign(tensor, { value: spare.value, m: spare.m, ...(hasSecond ? { v: spare.v } : {}) });
      tensor.spare = { value, m, v: hasSecond ? v : spare.v };
    }
    return numbers;
  }

  /** Exponential average of the parameters, of about `horizon` calls; young averages forget faster, so that they have no bias to 0. */
  average(horizon: number): void {
    this.averaged += 1;
    const rate = Math.max(1 / horizon, 1 / this.averaged);
    for (const { value, average } of this.tensors.values()) {
      for (let i = 0; i < value.length; i += 1) average[i] += (value[i] - average[i]) * rate;
    }
  }

  weights(kind: 'current' | 'average'): Map<string, Weight> {
    return new Map(
      [...this.tensors].map(([name, tensor]) => [
        name,
        { shape: tensor.shape, data: kind === 'current' ? tensor.value : tensor.average },
      ]),
    );
  }

  /** Everything needed to go on later; `m.`, `v.` and `average.` stand before the moments' and averages' names. */
  toTensors(): Map<string, Weight> {
    const all = new Map<string, Weight>();
    for (const [name, { shape, value, m, v, average }] of this.tensors) {
      all.set(name, { shape, data: value });
      all.set(firstMoment(name), { shape, data: m });
      all.set(secondMoment(name), { shape, data: v });
      all.set(`average.${name}`, { shape, data: average });
    }
    return all;
  }

  /** The inverse of toTensors, after `averaged` calls of `average`. Throws Error naming the tensor that is missing. */
  static fromTensors(tensors: Weights, names: Iterable<string>, averaged = 0): NetworkState {
    const state = new NetworkState(tensors, names);
    for (const [name, tensor] of state.tensors) {
      for (const [field, stored] of [
        ['m', firstMoment(name)],
        ['v', secondMoment(name)],
        ['average', `average.${name}`],
      ] as const) {
        const weight = tensors.get(stored);
        if (!weight) throw new Error(`No tensor is named ${stored}.`);
        tensor[field].set(weight.data);
      }
    }
    state.averaged = averaged;
    return state;
  }

  private require(name: string): TrainedTensor {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new Error(`${name} is not among the trained tensors.`);
    return tensor;
  }
}

function createTensor({ shape, data }: Weight): TrainedTensor {
  const zeros = (): Float32Array => new Float32Array(data.length);
  return {
    shape,
    value: data.slice(),
    m: zeros(),
    v: zeros(),
    spare: { value: zeros(), m: zeros(), v: zeros() },
    average: data.slice(),
  };
}
