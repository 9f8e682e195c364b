// Owns proposals for many frames in a row, in the background: an interactive proposal waits for one frame of them at most. A frame that cannot
// be read is passed over.
import { AppError } from '../../common/errors.ts';
import type { ErrorCode } from '../../common/errors.ts';
import type { Prompts } from '../../common/prompts.ts';
import type { Frame, Label, Proposal } from '../../common/study.ts';
import { labelPrompts, requireModel, usableAdapterId } from '../context.ts';
import type { AppContext } from '../context.ts';
import { propose } from './propose.ts';

export interface ProposeManyOptions {
  /** Instead of the label's own; the input is always the whole frame. */
  readonly prompts?: Partial<Prompts> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called once for each frame, in the order in which they are done. */
  readonly onProposed?: (frame: Frame, proposal: Proposal, place: number) => void;
}

/** A frame that was passed over, and what is wrong with its picture. */
export interface UnreadableFrame {
  readonly frame: Frame;
  readonly reason: string;
}

/** So many frames are on their way at a time: while the engine's threads compute some, the next are read. */
const framesInFlight = 6;

/**
 * Proposes for these frames in their order, and returns those whose picture cannot be read: they do not hold up the others. Anything else
 * that fails ends it. Ends with AbortError when it is cancelled; what is proposed by then stays.
 */
export async function proposeMany(
  context: AppContext,
  label: Label,
  frames: readonly Frame[],
  { prompts, signal, onProposed }: ProposeManyOptions,
): Promise<UnreadableFrame[]> {
  const asked = { ...prompts, mode: 'whole' } as const;
  const unreadable: (UnreadableFrame | undefined)[] = [];
  let next = 0;
  const work = async () => {
    while (next < frames.length) {
      signal?.throwIfAborted();
      const place = next++;
      const frame = frames[place];
      const input = { frameId: frame.id, labelId: label.id, prompts: asked };
      try {
        const { proposal } = await propose(context, input, { background: true, ...(signal ? { signal } : {}) });
        onProposed?.(frame, proposal, place);
      } catch (error) {
        const reason = await pictureFault(context, frame, error);
        if (reason === null) throw error;
        unreadable[place] = { frame, reason };
      }
    }
  };
  const workers = Array.from({ length: framesInFlight }, async () => {
    await work().finally(() => {
      // One that failed or was cancelled takes no frame more, and neither do the others.
      next = frames.length;
    });
  });
  // All have ended before a failure is thrown, so that nothing is saved after it.
  const outcomes = await Promise.allSettled(workers);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return unreadable.filter((found) => found !== undefined);
}

/** So many reasons are told in words. */
const toldReasons = 3;

/** What is said of frames that were passed over; null where there are none. */
export function describeUnreadable(unreadable: readonly UnreadableFrame[]): string | null {
  if (unreadable.length === 0) return null;
  // A file that is gone is the same reason for each of its frames.
  const reasons = [...new Set(unreadable.map(({ reason }) => reason))];
  const more = reasons.length > toldReasons ? ' …' : '';
  const frames = unreadable.length === 1 ? '1 frame' : `${unreadable.length} frames`;
  return `${frames} could not be read: ${reasons.slice(0, toldReasons).join(' ')}${more}`;
}

/** What a picture that cannot be had is; a disk that fails ('storage') is no matter of one frame. */
const pictureFaults: readonly ErrorCode[] = ['bad-input', 'corrupt', 'unsupported', 'not-found'];

/**
 * What is wrong with the picture of a frame that failed; null where that is not why. The engine and the adapter fail with the same codes, so
 * that the picture is asked for itself: only then, because the engine has most pictures already and needs none.
 */
async function pictureFault({ store }: AppContext, frame: Frame, error: unknown): Promise<string | null> {
  if (!isPictureFault(error)) return null;
  try {
    await store.framePicture(frame.id);
    return null;
  } catch (fault) {
    return isPictureFault(fault) ? fault.message : null;
  }
}

function isPictureFault(error: unknown): error is AppError {
  return error instanceof AppError && pictureFaults.includes(error.code);
}

/** Whether nobody has decided on the frame or changed anything in it. */
export function isUntouched({ store }: AppContext, frame: Frame, label: Label): boolean {
  const state = store.latestRevision(frame.id, label.id)?.reviewState;
  return state === undefined || state === 'proposed' || state === 'rejected';
}

/** Whether the frame has a proposal that the model in use would only repeat: of the same adapter, with the same prompts, after all its looks. */
export function isUpToDate(context: AppContext, frame: Frame, label: Label, prompts: Partial<Prompts> = {}): boolean {
  const proposal = context.store.latestProposal(frame.id, label.id);
  if (!proposal || proposal.provisional || proposal.modelHash !== requireModel(context).hash) return false;
  if (proposal.adapterId !== usableAdapterId(context, label)) return false;
  const wanted: Prompts = { ...labelPrompts(label), ...prompts, mode: 'whole' };
  const { position, task, mode, type } = proposal.prompts;
  return position === wanted.position && task === wanted.task && mode === wanted.mode && type === wanted.type;
}
