// Owns proposals for many frames in a row, in the background: an interactive proposal waits for one frame of them at most. A frame that cannot
// be read is passed over.
import type { Prompts } from '../../common/prompts.ts';
import type { Frame, Label, Proposal } from '../../common/study.ts';
import { labelPrompts, requireModel, usableAdapterId } from '../context.ts';
import type { AppContext } from '../context.ts';
import { propose } from './propose.ts';
import { pictureFault } from './unreadable-frames.ts';
import type { UnreadableFrame } from './unreadable-frames.ts';

export interface ProposeManyOptions {
  /** Instead of the label's own; the input is always the whole frame. */
  readonly prompts?: Partial<Prompts> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called once for each frame, in the order in which they are done. */
  readonly onProposed?: (frame: Frame, proposal: Proposal, place: number) => void;
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
  // A choice of another model meanwhile is for what begins after it.
  const model = requireModel(context);
  const unreadable: (UnreadableFrame | undefined)[] = [];
  let next = 0;
  const work = async () => {
    while (next < frames.length) {
      signal?.throwIfAborted();
      const place = next++;
      const frame = frames[place];
      const input = { frameId: frame.id, labelId: label.id, prompts: asked };
      try {
        const { proposal } = await propose(context, input, { background: true, model, ...(signal ? { signal } : {}) });
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
