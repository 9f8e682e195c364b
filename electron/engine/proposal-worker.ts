// The entry of a thread that proposes for frames which nobody waits for yet: one frame at a time, with sessions of one thread each.
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { createAbortError, toErrorMessage } from '../common/errors.ts';
import { LoadedModel } from '../inference/loaded-model.ts';
import type { ProposalRequest } from '../common/engine-protocol.ts';
import { threadControl, type FromThread, type ThreadData, type ToThread } from './thread-messages.ts';

/** A thread is held for a proposal that somebody waits for; should nobody let it go, it goes on by itself. */
const longestHoldMs = 2000;

/** Below the engine's own thread, as `nice` has it. */
const priority = 10;

const port = parentPort;
if (!port) throw new Error('Proposals ahead of the reader are made in a worker thread.');
giveWay();
const { folder, control } = workerData as ThreadData; // given by proposal-threads.ts
await serve(port, await LoadedModel.load(folder, 'cpu', { threads: 1, frames: 2 }));

async function serve(to: MessagePort, model: LoadedModel): Promise<void> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  const send = (message: FromThread): void => to.postMessage(message);
  to.on('message', (message: ToThread) => {
    if (message.kind === 'end') void model.release().then(() => to.close());
    else void propose(model, message.request).then(send);
  });
  send({ kind: 'ready' });
}

async function propose(model: LoadedModel, request: ProposalRequest): Promise<FromThread> {
  try {
    const result = await model.propose(request, { turn });
    return { kind: 'result', result, views: model.wholeFeatures(request.image.key) ?? null };
  } catch (error) {
    return { kind: 'error', error: toErrorMessage(error) };
  }
}

/** Whoever is waited for goes first. Linux gives each thread a priority of its own; elsewhere that of the process stands. */
function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(basename(readlinkSync('/proc/thread-self')));
    setPriority(thread, priority);
  } catch {
    // Without /proc, or where that is not allowed, the threads share evenly.
  }
}

async function turn(): Promise<void> {
  Atomics.wait(control, threadControl.held, 1, longestHoldMs);
  if (Atomics.load(control, threadControl.cancelled) === 1) throw createAbortError();
}
