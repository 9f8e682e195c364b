// Owns the proposals that are made while the reader does something else: those for the frames that come next, and the job for every frame
// of a cine or a study. Of either there is one at a time.
import type { EventValue, ParsedCommandInput } from '../common/api.ts';
import { AppError, isAbortError, messageOf } from '../common/errors.ts';
import type { Frame } from '../common/study.ts';
import { requireModel } from './context.ts';
import type { AppContext } from './context.ts';
import { isUntouched, isUpToDate, proposeMany } from './workflows/propose-many.ts';
import { describeUnreadable } from './workflows/unreadable-frames.ts';

export class ProposalJobs {
  #job: AbortController | null = null;
  #ahead: AbortController | null = null;

  /** Proposes for these frames where that is still to be done, and gives up what an earlier call left. Failures are told when a frame is opened. */
  prepare(context: AppContext, { labelId, frameIds, prompts }: ParsedCommandInput<'proposal:prepare'>): void {
    this.#ahead?.abort();
    const controller = new AbortController();
    this.#ahead = controller;
    const label = context.store.label(labelId);
    const frames = frameIds
      .map((id) => context.store.frame(id))
      .filter((frame) => isUntouched(context, frame, label) && !isUpToDate(context, frame, label, prompts));
    proposeMany(context, label, frames, { prompts, signal: controller.signal }).catch(() => undefined);
  }

  /**
   * Begins to propose for every frame of a cine or study that nobody has touched; returns how many there are. Progress and the end come as
   * events. Throws AppError('conflict') while another such job runs.
   */
  start(context: AppContext, { labelId, scope, prompts }: ParsedCommandInput<'proposal:start'>): number {
    if (this.#job)
      throw new AppError('conflict', 'Proposals for many frames are being made already. Cancel them first.');
    requireModel(context);
    const label = context.store.label(labelId);
    const frames = framesOf(context, scope).filter(
      (frame) => isUntouched(context, frame, label) && !isUpToDate(context, frame, label, prompts),
    );
    const controller = new AbortController();
    this.#job = controller;
    const started = performance.now();
    let done = 0;
    const progress = (): EventValue<'proposal:progressed'> => {
      const seconds = (performance.now() - started) / 1000;
      const framesPerSecond = done === 0 ? 0 : done / seconds;
      const secondsLeft = done === 0 ? null : (frames.length - done) / framesPerSecond;
      return { labelId, done, total: frames.length, framesPerSecond, secondsLeft };
    };
    const onProposed = (): void => {
      done += 1;
      context.events.emit('proposal:progressed', progress());
    };
    const end = (cancelled: boolean, trouble: string | null): void => {
      this.#job = null;
      const { total, framesPerSecond } = progress();
      context.events.emit('proposal:finished', { labelId, done, total, framesPerSecond, cancelled, trouble });
    };
    proposeMany(context, label, frames, { prompts, signal: controller.signal, onProposed }).then(
      (unreadable) => end(false, describeUnreadable(unreadable)),
      (error: unknown) => {
        const cancelled = isAbortError(error);
        end(cancelled, cancelled ? null : messageOf(error));
      },
    );
    return frames.length;
  }

  cancel(): void {
    this.#job?.abort();
  }

  close(): void {
    this.#job?.abort();
    this.#ahead?.abort();
  }
}

function framesOf({ store }: AppContext, scope: ParsedCommandInput<'proposal:start'>['scope']): Frame[] {
  if ('studyId' in scope) {
    store.study(scope.studyId);
    return store.listFrameRecords(scope.studyId);
  }
  return store.browser.loadStrip(scope.frameId).frames.map(({ id }) => store.frame(id));
}
