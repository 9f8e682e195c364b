// The order of work inside one process; the process boundary is tested in test/app/engine-client.test.ts.
import { describe, expect, it } from 'vitest';
import { AppError, createAbortError } from '../../electron/common/errors.ts';
import type { FromEngine } from '../../electron/common/engine-protocol.ts';
import { JobQueue } from '../../electron/engine/queue.ts';
import type { EngineFunctions, QueueOptions } from '../../electron/engine/queue.ts';

const description = { id: 'm', hash: 'h', parameters: 1, tensors: 1, config: {} };

function createQueue(functions: Partial<EngineFunctions>, beside?: QueueOptions['beside']) {
  const messages: FromEngine[] = [];
  const faults: unknown[] = [];
  const unused = async (): Promise<never> => {
    throw new AppError('unsupported', 'Not part of this test.');
  };
  const queue = new JobQueue({
    functions: {
      'engine:probe': unused,
      'model:describe': unused,
      'proposal:run': unused,
      'proposal:prepare': unused,
      'proposal:probabilities': unused,
      'model:export': unused,
      'training:synchronize': unused,
      'job:run': unused,
      ...functions,
    },
    ...(beside ? { beside } : {}),
    send: (message) => {
      structuredClone(message);
      messages.push(message);
    },
    onFault: (error) => faults.push(error),
  });
  const answered = async (id: number) => {
    for (;;) {
      const answer = messages.find(
        (message) => message.kind !== 'ready' && message.kind !== 'progress' && message.id === id,
      );
      if (answer) return answer;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { queue, messages, faults, answered };
}

const job = (id: number) => ({ kind: 'request', id, method: 'job:run', params: {} }) as const;
const interactive = (id: number) => ({ kind: 'request', id, method: 'model:describe', params: {} }) as const;
const ahead = (id: number) => ({ kind: 'request', id, method: 'proposal:prepare', params: {} }) as const;
const said = {
  mask: new Uint8Array(),
  meanProbability: 1,
  uncertainty: 0,
  classification: null,
  provisional: false,
  milliseconds: 1,
  provider: 'cpu',
};

describe('the job queue', () => {
  it('lets interactive requests run at the next turn of a background job, and then goes on with the job', async () => {
    const order: string[] = [];
    const { queue, answered } = createQueue({
      'job:run': async (_request, { turn }) => {
        for (let step = 1; step <= 3; step += 1) {
          order.push(`step ${step}`);
          if (step === 1) queue.receive(interactive(2));
          await turn();
        }
        return {};
      },
      'model:describe': async () => {
        order.push('interactive');
        return description;
      },
    });
    queue.receive(job(1));
    await answered(1);
    expect(order).toEqual(['step 1', 'interactive', 'step 2', 'step 3']);
  });

  it('lets one frame ahead of the reader in at each turn of a long job, and the reader into either', async () => {
    const order: string[] = [];
    const { queue, answered } = createQueue({
      'job:run': async (_request, { turn }) => {
        for (let step = 1; step <= 3; step += 1) {
          order.push(`step ${step}`);
          await turn();
        }
        return {};
      },
      'proposal:prepare': async (_request, { turn }) => {
        order.push('ahead');
        queue.receive(interactive(10 + order.length));
        await turn();
        order.push('ahead is done');
        return said;
      },
      'model:describe': async () => {
        order.push('reader');
        return description;
      },
    });
    queue.receive(job(1));
    for (const id of [2, 3, 4, 5]) queue.receive(ahead(id));
    await answered(5);
    const frame = ['ahead', 'reader', 'ahead is done'];
    expect(order).toEqual(['step 1', ...frame, 'step 2', ...frame, 'step 3', ...frame, ...frame]);
  });

  it('lets no frame ahead of the reader into another, and begins a long job before those that wait', async () => {
    const order: string[] = [];
    const { queue, answered } = createQueue({
      'job:run': async () => {
        order.push('job');
        return {};
      },
      'proposal:prepare': async (_request, { turn }) => {
        order.push('begun');
        await turn();
        order.push('done');
        return said;
      },
    });
    for (const id of [1, 2]) queue.receive(ahead(id));
    queue.receive(job(3));
    await answered(2);
    expect(order).toEqual(['begun', 'done', 'job', 'begun', 'done']);
  });

  it('runs beside everything else what other threads do, and cancels that too', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { queue, answered } = createQueue(
      {
        'job:run': async () => {
          await released;
          return {};
        },
      },
      (method) =>
        method === 'proposal:prepare'
          ? async ({ signal }) => {
              if (signal.aborted) throw createAbortError();
              await new Promise((resolve) => setTimeout(resolve, 5));
              return said;
            }
          : null,
    );
    queue.receive(job(1));
    queue.receive(ahead(2));
    queue.receive(ahead(3));
    queue.receive({ kind: 'cancel', id: 3 });
    expect(await answered(2)).toMatchObject({ kind: 'result', value: said });
    expect(await answered(3)).toMatchObject({ kind: 'error', error: { code: 'aborted' } });
    release();
    expect(await answered(1)).toMatchObject({ kind: 'result' });
  });

  it('runs one thing at a time, also where an interactive method waits for something', async () => {
    let inside = 0;
    let most = 0;
    const enter = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside -= 1;
    };
    const { queue, answered } = createQueue({
      'job:run': async (_request, { turn }) => {
        for (let step = 0; step < 4; step += 1) {
          await enter();
          await turn();
        }
        return {};
      },
      'model:describe': async () => {
        await enter();
        return description;
      },
    });
    for (const id of [1, 2]) queue.receive(job(id));
    for (const id of [3, 4, 5]) queue.receive(interactive(id));
    await Promise.all([1, 2, 3, 4, 5].map(answered));
    expect(most).toBe(1);
  });

  it('alternates with an endless stream of interactive requests, so that the background job ends', async () => {
    let id = 10;
    let steps = 0;
    let proposals = 0;
    const { queue, answered } = createQueue({
      'job:run': async (_request, { turn }) => {
        for (; steps < 20; steps += 1) await turn();
        return {};
      },
      'model:describe': async () => {
        proposals += 1;
        if (steps < 20) queue.receive(interactive(id++)); // the next one waits before this one is answered
        return description;
      },
    });
    queue.receive(job(1));
    queue.receive(interactive(2));
    await answered(1);
    expect(proposals).toBeGreaterThanOrEqual(19);
    expect(proposals).toBeLessThanOrEqual(22);
  });

  it('lets a proposal run between two steps of a probe as well', async () => {
    const order: string[] = [];
    const { queue, answered } = createQueue({
      'engine:probe': async (_request, { turn }) => {
        queue.receive(interactive(2));
        for (const provider of ['webgpu', 'cpu']) {
          order.push(provider);
          await turn();
        }
        return {
          versions: {},
          inference: [],
          training: [],
          chosen: { inference: 'cpu', training: 'cpu' },
          summary: '',
        };
      },
      'model:describe': async () => {
        order.push('interactive');
        return description;
      },
    });
    queue.receive({ kind: 'request', id: 1, method: 'engine:probe', params: {} });
    await answered(1);
    expect(order).toEqual(['webgpu', 'interactive', 'cpu']);
  });

  it('runs background jobs in the order in which they came', async () => {
    const { queue, messages, answered } = createQueue({ 'job:run': async (_request, { turn }) => (await turn(), {}) });
    for (const id of [3, 1, 2]) queue.receive(job(id));
    await answered(2);
    expect(messages.map((message) => message.kind !== 'ready' && message.id)).toEqual([3, 1, 2]);
  });

  it('stops a cancelled job at its next turn and answers that it was cancelled', async () => {
    let steps = 0;
    const { queue, answered } = createQueue({
      'job:run': async (_request, { turn }) => {
        for (;;) {
          steps += 1;
          if (steps === 3) queue.receive({ kind: 'cancel', id: 1 });
          await turn();
        }
      },
    });
    queue.receive(job(1));
    expect(await answered(1)).toEqual({ kind: 'error', id: 1, error: { code: 'aborted', message: 'Cancelled.' } });
    expect(steps).toBe(3);
  });

  it('answers a cancelled request that still waits without running it', async () => {
    let runs = 0;
    const { queue, messages, answered } = createQueue({
      'job:run': async (_request, { turn }) => {
        runs += 1;
        await turn();
        return {};
      },
    });
    queue.receive(job(1));
    queue.receive(job(2));
    queue.receive({ kind: 'cancel', id: 2 });
    await answered(1);
    expect(runs).toBe(1);
    expect(messages[0]).toEqual({ kind: 'error', id: 2, error: { code: 'aborted', message: 'Cancelled.' } });
  });

  it('gives no result and no progress of a job that was cancelled while it ran to its end', async () => {
    const { queue, messages, answered } = createQueue({
      'job:run': async (_request, { report }) => {
        report({ message: 'before', fraction: null });
        queue.receive({ kind: 'cancel', id: 1 });
        report({ message: 'after', fraction: null });
        return {};
      },
    });
    queue.receive(job(1));
    await answered(1);
    expect(messages.map((message) => message.kind)).toEqual(['progress', 'error']);
  });

  it('ignores the cancel of a request that was answered', async () => {
    const { queue, messages, answered } = createQueue({ 'model:describe': async () => description });
    queue.receive(interactive(1));
    await answered(1);
    queue.receive({ kind: 'cancel', id: 1 });
    expect(messages).toHaveLength(1);
  });

  it('answers a result that cannot be cloned with a fault, and goes on', async () => {
    const { queue, faults, answered } = createQueue({
      'job:run': async () => ({ value: () => {} }),
      'model:describe': async () => description,
    });
    queue.receive(job(1));
    queue.receive(interactive(2));
    expect(await answered(1)).toMatchObject({ kind: 'error', error: { code: 'fault' } });
    expect(await answered(2)).toMatchObject({ kind: 'result', value: description });
    expect(faults).toHaveLength(1);
  });

  it('refuses a method that it does not know by name', async () => {
    const { queue, answered, faults } = createQueue({});
    queue.receive({ kind: 'request', id: 1, method: 'model:forget' as never, params: {} }); // what an older host might send
    const answer = await answered(1);
    expect(answer).toMatchObject({ kind: 'error', error: { code: 'unsupported' } });
    expect(JSON.stringify(answer)).toContain('model:forget');
    expect(faults).toEqual([]);
  });
});
