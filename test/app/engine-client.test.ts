// The host's end of the engine over real child processes: order, cancel, progress, crashes, and nothing left behind.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createEngineClient } from '../../electron/app/engine-client.ts';
import type { EngineClient, EngineState } from '../../electron/app/engine-client.ts';
import { forkEngine } from '../../electron/app/engine-process.ts';
import type { EngineImage, ProposalRequest, SynchronizeRequest } from '../../electron/common/engine-protocol.ts';
import { AppError, isAbortError } from '../../electron/common/errors.ts';
import { decodeMask } from '../../electron/common/mask.ts';

const entry = fileURLToPath(new URL('../support/step-engine.ts', import.meta.url));
const hostEntry = fileURLToPath(new URL('../support/engine-host.ts', import.meta.url));

let clients: EngineClient[] = [];

function createClient(environment: Record<string, string> = {}) {
  const starts: Record<string, string>[] = [];
  const client = createEngineClient({
    spawn: (added) => {
      starts.push(added);
      return forkEngine({ ...environment, ...added }, entry);
    },
    backoffMs: 20,
  });
  const states: EngineState[] = [];
  client.onStateChange((state) => states.push(state));
  clients.push(client);
  return { client, starts, states };
}

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  clients = [];
});

const proposalRequest: ProposalRequest = {
  model: { folder: 'any' },
  image: { key: 'a', width: 3, height: 2, channels: 1, pixels: Uint8Array.of(0, 200, 0, 255, 255, 10) },
  prompts: { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' },
  box: null,
  adapter: null,
};
const job = (steps: number, stepMs: number) => ({ job: 'bench', options: { steps, stepMs } }) as const;
/** A synchronization that asks for frames of these names. */
const asking = (keys: string): SynchronizeRequest => ({
  model: { folder: 'any' },
  prompts: proposalRequest.prompts,
  adapter: null,
  corrections: Array.from(keys, (imageKey) => ({
    imageKey,
    revisionId: imageKey,
    mask: new Uint8Array(),
    patientKey: null,
    studyId: 'study',
    instanceId: 'instance',
    frameNumber: 1,
    side: null,
  })),
  seed: 1,
});
const describeFolder = (folder: string) => ({ model: { folder } });

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function waitUntil(condition: () => boolean, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (performance.now() < end) {
    if (condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return condition();
}

/** Runs a job and calls `act` at its first progress of each process that works on it. */
function runJob(client: EngineClient, steps: number, stepMs: number, act: (pid: number) => void) {
  const seen = new Set<number>();
  const retries: string[] = [];
  const result = client.call('job:run', job(steps, stepMs), {
    onProgress: ({ message }) => {
      if (seen.has(Number(message))) return;
      seen.add(Number(message));
      act(Number(message));
    },
    onRetry: (reason) => retries.push(reason),
  });
  return { result, seen, retries };
}

describe('calls to the engine process', () => {
  it('carry typed arrays both ways', async () => {
    const { client } = createClient();
    const result = await client.call('proposal:run', proposalRequest);
    expect([...decodeMask(result.mask, 3, 2).data]).toEqual([0, 1, 0, 1, 1, 0]);
  });

  it('report every progress of a job in order, before its result', async () => {
    const { client } = createClient();
    const fractions: (number | null)[] = [];
    await client.call('job:run', job(5, 1), { onProgress: ({ fraction }) => fractions.push(fraction) });
    expect(fractions).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
  });

  it('reject with what their caller says to a progress, and the next ones go on', async () => {
    const { client, starts } = createClient();
    const onProgress = (): void => {
      throw new Error('The label is gone.');
    };
    await expect(client.call('job:run', job(50, 1), { onProgress })).rejects.toThrow('The label is gone.');
    const result = await client.call('proposal:run', proposalRequest);
    expect([...decodeMask(result.mask, 3, 2).data]).toEqual([0, 1, 0, 1, 1, 0]);
    expect(starts).toHaveLength(1);
  });

  it('reject with the code and the message that the engine gave, a bug as a fault', async () => {
    const { client, starts } = createClient();
    await expect(client.call('model:describe', describeFolder('missing'))).rejects.toMatchObject({
      name: 'AppError',
      code: 'not-found',
      message: 'No model folder is at "missing".',
    });
    await expect(client.call('model:describe', describeFolder('bug'))).rejects.toMatchObject({ code: 'fault' });
    await expect(client.call('model:describe', describeFolder('uncloneable'))).rejects.toMatchObject({ code: 'fault' });
    expect(starts).toHaveLength(1);
  });

  it('wait for one step at most when a background job runs', async () => {
    const { client } = createClient();
    const stepMs = 100;
    const waits: number[] = [];
    const order: string[] = [];
    const proposals: Promise<void>[] = [];
    await client.call('job:run', job(12, stepMs), {
      onProgress: ({ fraction }) => {
        order.push(`step ${Math.round((fraction ?? 0) * 12)}`);
        if (proposals.length === 3) return;
        const asked = performance.now();
        proposals.push(
          (async () => {
            await client.call('proposal:run', proposalRequest);
            waits.push(performance.now() - asked);
            order.push('proposal');
          })(),
        );
      },
    });
    await Promise.all(proposals);
    expect(waits).toHaveLength(3);
    // One step, and more for a machine that does other things; without turns it would be the twelve steps.
    expect(Math.min(...waits)).toBeLessThan(stepMs * 3);
    const afterFirst = order.slice(order.indexOf('step 1'), order.indexOf('proposal'));
    expect(afterFirst.length).toBeLessThanOrEqual(3);
    expect(order.indexOf('proposal')).toBeLessThan(order.indexOf('step 12'));
  });

  it('end within one step when they are cancelled, and the engine is free then', async () => {
    const { client, starts } = createClient();
    const controller = new AbortController();
    const fractions: number[] = [];
    const result = client.call('job:run', job(1000, 60), {
      signal: controller.signal,
      onProgress: ({ fraction }) => {
        fractions.push(fraction ?? 0);
        if (fractions.length === 3) controller.abort();
      },
    });
    await expect(result).rejects.toSatisfy(isAbortError);
    // The step that was running when the cancel arrived may still have told of its end.
    expect(fractions.length).toBeLessThanOrEqual(4);
    await client.call('model:describe', describeFolder('any'));
    expect(starts).toHaveLength(1);
  });

  it('are not sent when their signal is aborted already', async () => {
    const { client, starts } = createClient();
    const call = client.call('job:run', job(1, 1), { signal: AbortSignal.abort() });
    await expect(call).rejects.toSatisfy(isAbortError);
    expect(starts).toHaveLength(0);
  });
});

describe('what the engine asks while it works on a call', () => {
  const answers = async (key: string): Promise<EngineImage> => ({
    ...proposalRequest.image,
    key,
    pixels: Uint8Array.of(key.charCodeAt(0), 7),
  });

  it('is answered by the caller, one question at a time', async () => {
    const { client } = createClient();
    let open = 0;
    const onQuestion = async (key: string): Promise<EngineImage> => {
      open += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(open).toBe(1);
      open -= 1;
      return answers(key);
    };
    const { caution } = await client.call('training:synchronize', asking('abc'), { onQuestion });
    expect(caution).toBe('a: 97 7, b: 98 7, c: 99 7');
  });

  it('may be refused, which ends the call with those words; and where nobody answers it is a fault', async () => {
    const { client, starts } = createClient();
    const onQuestion = (): Promise<never> => Promise.reject(new AppError('not-found', 'The frame is gone.'));
    await expect(client.call('training:synchronize', asking('ab'), { onQuestion })).rejects.toMatchObject({
      code: 'not-found',
      message: 'The frame is gone.',
    });
    await expect(client.call('training:synchronize', asking('ab'))).rejects.toMatchObject({ code: 'fault' });
    expect(await client.call('training:synchronize', asking('b'), { onQuestion: answers })).toMatchObject({
      caution: 'b: 98 7',
    });
    expect(starts).toHaveLength(1);
  });

  it('is waited for no longer once the call is cancelled', async () => {
    const { client, starts } = createClient();
    const controller = new AbortController();
    const never = (): Promise<never> => {
      setTimeout(() => controller.abort(), 5);
      return new Promise(() => {});
    };
    const call = client.call('training:synchronize', asking('a'), { signal: controller.signal, onQuestion: never });
    await expect(call).rejects.toSatisfy(isAbortError);
    await client.call('model:describe', describeFolder('any'));
    expect(starts).toHaveLength(1);
  });

  it('is asked anew by the process that follows one that died', async () => {
    const { client, starts } = createClient();
    const asked: string[] = [];
    const onQuestion = async (key: string): Promise<EngineImage> => {
      asked.push(key);
      return answers(key);
    };
    const dying = { ...asking('abc'), prompts: { ...proposalRequest.prompts, position: 'leg' } as const };
    await expect(client.call('training:synchronize', dying, { onQuestion })).rejects.toMatchObject({ code: 'engine' });
    expect(asked).toEqual(['a', 'b', 'a', 'b']);
    const { caution } = await client.call('training:synchronize', asking('c'), { onQuestion });
    expect(caution).toBe('c: 99 7');
    expect(starts).toHaveLength(3);
  });
});

describe('a crash of the engine process', () => {
  it('in the middle of a job starts the job again in a new process and says so', async () => {
    const { client, starts, states } = createClient();
    let kills = 0;
    const { result, retries } = runJob(client, 6, 30, (pid) => {
      if (kills++ === 0) process.kill(pid, 'SIGKILL');
    });
    expect(await result).toMatchObject({ steps: 6, provider: 'webgpu' });
    expect(retries).toEqual(['The engine process was ended by SIGKILL.']);
    expect(starts).toEqual([{}, {}]);
    expect(states.map(({ state }) => state)).toEqual(['starting', 'ready', 'starting', 'starting', 'ready']);
    expect(states[2].summary).toContain('SIGKILL');
    expect(states[2].summary).toContain('starts again');
  });

  it('a second time gives the job up, and the next process runs on the CPU only', async () => {
    const { client, starts } = createClient();
    const { result, seen } = runJob(client, 20, 30, (pid) => process.kill(pid, 'SIGKILL'));
    await expect(result).rejects.toMatchObject({ code: 'engine', message: expect.stringContaining('SIGKILL') });
    expect(seen.size).toBe(2);
    expect(await client.call('model:describe', describeFolder('any'))).toMatchObject({ id: 'cpu' });
    expect(starts).toEqual([{}, {}, { SONOSYNC_PROVIDER: 'cpu' }]);
    expect(client.state()).toMatchObject({ state: 'ready', provider: 'cpu' });
    expect(client.state().summary).toContain('two crashes');
  });

  it('repeats the interactive calls that waited behind a job', async () => {
    const { client } = createClient();
    const waiting: Promise<unknown>[] = [];
    let kills = 0;
    const { result } = runJob(client, 4, 80, (pid) => {
      if (kills++ > 0) return;
      waiting.push(client.call('proposal:run', proposalRequest));
      process.kill(pid, 'SIGKILL');
    });
    await result;
    expect(await waiting[0]).toMatchObject({ provider: 'webgpu' });
  });

  it('by a probe that fails on the GPU does not give up what waits behind it', async () => {
    const { client, starts } = createClient();
    const probe = client.call('engine:probe', { model: { folder: 'bad driver' } });
    const waiting = client.call('proposal:run', proposalRequest);
    expect(await probe).toMatchObject({ chosen: { inference: 'cpu' } });
    expect(await waiting).toMatchObject({ provider: 'cpu' });
    expect(starts).toEqual([{}, {}, { SONOSYNC_PROVIDER: 'cpu' }]);
  });

  it('does not repeat a call that was cancelled', async () => {
    const { client } = createClient();
    const controller = new AbortController();
    let jobs = 0;
    const result = client.call('job:run', job(50, 100), {
      signal: controller.signal,
      onProgress: ({ message }) => {
        if (jobs++ > 0) return;
        controller.abort();
        process.kill(Number(message), 'SIGKILL');
      },
    });
    await expect(result).rejects.toSatisfy(isAbortError);
  });

  it('by an error that nothing caught ends in AppError engine, which names the exit code', async () => {
    const { client } = createClient();
    await expect(client.call('model:describe', describeFolder('uncaught'))).rejects.toMatchObject({
      code: 'engine',
      message: expect.stringContaining('exit code 70'),
    });
  });

  it('probes the providers again in the new process', async () => {
    const { client, states } = createClient();
    const { versions } = await client.call('engine:probe', { model: { folder: 'any' } });
    expect(client.state()).toEqual({ state: 'ready', provider: 'webgpu', summary: 'Runs on webgpu.' });
    process.kill(Number(versions['pid']), 'SIGKILL');
    await waitUntil(() => states.length > 4 && client.state().provider === 'webgpu', 10_000);
    expect(states.at(-1)).toEqual({ state: 'ready', provider: 'webgpu', summary: 'Runs on webgpu.' });
    const again = await client.call('engine:probe', { model: { folder: 'any' } });
    expect(again.versions['pid']).not.toBe(versions['pid']);
  });
});

describe('an engine that dies at its start', () => {
  it('is tried a few times with growing pauses, then calls are refused and nothing loops', async () => {
    const { client, starts, states } = createClient({ STEP_ENGINE_DIES_AT_START: 'yes' });
    await expect(client.call('model:describe', describeFolder('any'))).rejects.toMatchObject({
      code: 'engine',
      message: expect.stringContaining('exit code 9'),
    });
    expect(client.state().state).toBe('failed');
    expect(starts).toHaveLength(4);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(starts).toHaveLength(4);
    await expect(client.call('model:describe', describeFolder('any'))).rejects.toMatchObject({ code: 'engine' });
    expect(starts).toHaveLength(5);
    expect(states.at(-1)?.state).toBe('failed');
  });

  it('is refused in words where the system starts no process at all', async () => {
    // One value of the environment beyond Linux' limit of 128 KiB: the start itself fails.
    const { client } = createClient({ OVERSIZED: 'x'.repeat(200_000) });
    await expect(client.call('model:describe', describeFolder('any'))).rejects.toMatchObject({
      code: 'engine',
      message: expect.stringContaining('could not be started'),
    });
  });
});

describe('the end of the host', () => {
  it('by close() cancels what is pending and leaves no process, in the middle of a step too', async () => {
    const { client, starts } = createClient();
    const pids: number[] = [];
    const { result } = runJob(client, 2, 20, (pid) => pids.push(pid));
    await result;
    const pending = client.call('job:run', job(1, 20_000));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const started = performance.now();
    const closed = client.close();
    await expect(pending).rejects.toSatisfy(isAbortError);
    await closed;
    expect(performance.now() - started).toBeLessThan(5000);
    expect(isRunning(pids[0])).toBe(false);
    await expect(client.call('job:run', job(1, 1))).rejects.toSatisfy(isAbortError);
    expect(starts).toHaveLength(1);
  });

  it('by a kill ends the engine as well', async () => {
    const host = spawn(process.execPath, [hostEntry], { stdio: ['ignore', 'pipe', 'inherit'] });
    const enginePid = await new Promise<number>((resolve) =>
      host.stdout.once('data', (text: Buffer) => resolve(Number(text.toString().trim()))),
    );
    expect(isRunning(enginePid)).toBe(true);
    host.kill('SIGKILL');
    expect(await waitUntil(() => !isRunning(enginePid), 5000)).toBe(true);
  });
});
