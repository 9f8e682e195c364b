// Owns the sessions of one network on one provider: the encoder and both decoders, each made when first needed.
import type { Prompts, Task } from '../common/prompts.ts';
import { promptIndices, promptNames, promptValues, type PromptName } from '../common/prompts.ts';
import { createGraphSession, type GraphSession } from '../nn/session.ts';
import { featureShapes } from '../../models/perceptguide/definition.ts';
import { decoderGraph, encoderGraph, type Network } from '../../models/perceptguide/graphs.ts';
import { isPromptProjection } from '../../models/perceptguide/parameters.ts';

/** The encoder's outputs by name (skip0, skip1, skip2, deepest) for one frame. */
export type Features = Readonly<Record<string, Float32Array>>;

/** Prompt projections by parameter name, in place of the base model's. */
export type Projections = ReadonlyMap<string, Float32Array>;

export class NetworkRunner {
  readonly network: Network;
  readonly provider: string;
  private readonly sessions = new Map<string, Promise<GraphSession>>();
  private readonly threads: number | undefined;
  private readonly baseProjections: Readonly<Record<string, Float32Array>>;

  /** threads: of one operator; ONNX Runtime's own choice where it is left out. */
  constructor(network: Network, provider: string, threads?: number) {
    this.network = network;
    this.provider = provider;
    this.threads = threads;
    this.baseProjections = Object.fromEntries(
      [...network.weights].filter(([name]) => isPromptProjection(name)).map(([name, { data }]) => [name, data]),
    );
  }

  /** Makes the sessions of a task where they are not made yet: else its first frame waits for them. `turn` is awaited before each. */
  async prepare(task: Task, turn?: () => Promise<void>): Promise<void> {
    for (const name of ['encoder', task] as const) {
      await turn?.();
      await this.session(name);
    }
  }

  /** image: (1, 3, side, side). */
  async encode(image: Float32Array): Promise<Features> {
    const session = await this.session('encoder');
    return session.run({ image });
  }

  /** Logits (1, 2, side, side) of segmentation or (1, 2) of classification, by the prompts' task. */
  async decode(features: Features, prompts: Prompts, projections: Projections | null): Promise<Float32Array> {
    return this.decodeTask(prompts.task, features, prompts, projections);
  }

  /** The same with the decoder named apart from the Task prompt, which the authors' code lets differ. */
  async decodeTask(
    task: Task,
    features: Features,
    prompts: Prompts,
    projections: Projections | null,
  ): Promise<Float32Array> {
    const session = await this.session(task);
    const feeds: Record<string, Float32Array> = { ...this.baseProjections, ...features, ...oneHotPrompts(prompts) };
    if (projections) for (const [name, data] of projections) feeds[name] = data;
    return (await session.run(feeds)).logits;
  }

  async release(): Promise<void> {
    const sessions = await Promise.allSettled(this.sessions.values());
    this.sessions.clear();
    for (const session of sessions) if (session.status === 'fulfilled') await session.value.release();
  }

  private session(name: 'encoder' | Task): Promise<GraphSession> {
    const known = this.sessions.get(name);
    if (known) return known;
    const graph = name === 'encoder' ? encoderGraph(this.network, 1) : decoderGraph(this.network, name, 1);
    const created = createGraphSession(graph, name, { provider: this.provider, threads: this.threads });
    this.sessions.set(name, created);
    // What failed for want of memory may do better later.
    created.catch(() => this.sessions.delete(name));
    return created;
  }
}

/** Bytes of one frame's features, for a cache's budget. */
export function featureBytes(network: Network): number {
  const elements = Object.values(featureShapes(network.config, 1)).map(([rows, channels]) => rows * channels);
  return 4 * elements.reduce((sum, count) => sum + count, 0);
}

/** One sample's prompts as one-hot vectors by input name. */
export function oneHotPrompts(prompts: Prompts): Record<PromptName, Float32Array> {
  const indices = promptIndices(prompts);
  return Object.fromEntries(
    promptNames.map((name) => {
      const vector = new Float32Array(promptValues[name].length);
      vector[indices[name]] = 1;
      return [name, vector];
    }),
  ) as Record<PromptName, Float32Array>; // one entry for each prompt name
}
