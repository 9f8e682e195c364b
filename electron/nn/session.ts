// Owns the one door to ONNX Runtime. run() is a synchronous call behind a promise (onnxruntime #19611), so only the engine process and the
// command line's own jobs may pass through it, never the process that holds the window or the store.
import { InferenceSession, Tensor, env, listSupportedBackends } from 'onnxruntime-node';
import { AppError, messageOf } from '../common/errors.ts';
import type { Graph } from './graph.ts';
import { neededInputs, serializeOnnx } from './onnx.ts';
import { sizeOf } from './value.ts';

export interface SessionOptions {
  /** 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'. A provider that is missing rejects; there is no silent fallback. */
  readonly provider?: string;
  /** Threads of one operator; ONNX Runtime's own choice (the physical cores) when left out. */
  readonly threads?: number | undefined;
}

/** Float32 tensors by input name, each row-major and filling its input's shape. */
export type Feeds = Readonly<Record<string, Float32Array>>;

/** A graph made runnable on one provider. */
export interface GraphSession {
  readonly provider: string;
  /** Runs once. Every needed input must be given; throws Error naming the one that is missing or of another size, AppError('engine') when the provider fails. */
  run(feeds: Feeds): Promise<Record<string, Float32Array>>;
  /** Runs once and writes the outputs that `results` names into the given arrays (no copy on the CPU provider); returns all outputs. */
  runInto(feeds: Feeds, results: Readonly<Record<string, Float32Array>>): Promise<Record<string, Float32Array>>;
  release(): Promise<void>;
}

env.logLevel = 'error';

/** Throws AppError('engine') when the provider is missing or refuses the graph; the message says which and why. */
export async function createGraphSession(
  graph: Graph,
  name: string,
  options: SessionOptions = {},
): Promise<GraphSession> {
  const provider = options.provider ?? 'cpu';
  const inputs = new Map(neededInputs(graph).map((value) => [value.name, value.shape]));
  const outputs = new Map([...graph.outputs].map(([outputName, value]) => [outputName, value.shape]));
  const session = await createSession(serializeOnnx(graph, name), options);

  async function runInto(feeds: Feeds, results: Readonly<Record<string, Float32Array>>) {
    const tensors: Record<string, Tensor> = {};
    for (const [inputName, shape] of inputs) tensors[inputName] = toTensor(name, inputName, feeds[inputName], shape);
    const fetches: Record<string, Tensor | null> = {};
    for (const [outputName, shape] of outputs) {
      const target = results[outputName];
      fetches[outputName] = target ? toTensor(name, outputName, target, shape) : null;
    }
    const fetched = await session.run(tensors, fetches).catch((error: unknown) => {
      const reason = messageOf(error);
      throw new AppError('engine', `${name} failed on the ${provider} provider: ${reason}`, { cause: error });
    });
    const values: Record<string, Float32Array> = {};
    for (const outputName of outputs.keys()) {
      const tensor = fetched[outputName];
      const data = (tensor.location === 'cpu' ? tensor.data : await tensor.getData()) as Float32Array; // every output is float32
      const target = results[outputName];
      if (target && data.buffer !== target.buffer) target.set(data);
      values[outputName] = target ?? data;
    }
    return values;
  }

  return {
    provider,
    run: (feeds) => runInto(feeds, {}),
    runInto,
    release: () => session.release(),
  };
}

/** Runs the bytes of a model's file on the CPU as any other program would: by the names that are in it. */
export async function runModelFile(
  bytes: Uint8Array,
  runs: readonly Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>>[],
): Promise<Record<string, Float32Array>[]> {
  const session = await createSession(bytes, {});
  try {
    const results: Record<string, Float32Array>[] = [];
    for (const run of runs) {
      const feeds = Object.entries(run).map(
        ([name, { shape, data }]) => [name, new Tensor('float32', data, shape)] as const,
      );
      const fetched = await session.run(Object.fromEntries(feeds));
      // Every output of our networks is float32.
      results.push(Object.fromEntries(Object.entries(fetched).map(([name, { data }]) => [name, data as Float32Array])));
    }
    return results;
  } catch (error) {
    const reason = messageOf(error);
    throw new AppError('engine', `The model's file does not run: ${reason}`, { cause: error });
  } finally {
    await session.release();
  }
}

/** ONNX Runtime's version, for reports. */
export function runtimeVersion(): string {
  return env.versions.node ?? env.versions.common;
}

async function createSession(
  bytes: Uint8Array,
  { provider = 'cpu', threads }: SessionOptions,
): Promise<InferenceSession> {
  // onnxruntime-node drops a provider that this system's build does not know, with no more than a log line, and runs on the CPU.
  const supported = listSupportedBackends().map((backend) => backend.name);
  if (!supported.includes(provider)) {
    throw new AppError(
      'engine',
      `This system's ONNX Runtime has no provider ${provider}; it has ${supported.join(', ')}.`,
    );
  }
  try {
    return await InferenceSession.create(bytes, {
      executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      ...(threads ? { intraOpNumThreads: threads } : {}),
      // Spinning threads would take the cores from the window and from the other session while they wait.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (error) {
    const reason = messageOf(error);
    throw new AppError('engine', `The ${provider} provider cannot run this network: ${reason}`, { cause: error });
  }
}

function toTensor(graphName: string, name: string, data: Float32Array | undefined, shape: readonly number[]): Tensor {
  if (!data) throw new Error(`${graphName}: input ${name} was not given.`);
  if (data.length !== sizeOf(shape)) {
    throw new Error(`${graphName}: ${name} has ${data.length} numbers; [${shape.join(', ')}] needs ${sizeOf(shape)}.`);
  }
  return new Tensor('float32', data, shape);
}
