// Owns proposals for many frames at once: everything of a label that nobody has decided on yet.
import { countMaskPixels, decodeMask } from '../../common/mask.ts';
import type { Frame, Label, Proposal } from '../../common/study.ts';
import type { AppContext } from '../context.ts';
import { propose } from './propose.ts';

export interface PreAnnotateOptions {
  /** Accept each proposal as it is; a frame without a single pixel becomes 'absent'. */
  readonly accept: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface FrameProposal {
  readonly frame: Frame;
  readonly label: Label;
  readonly proposal: Proposal;
}

/** So many frames are on their way at a time: while the engine computes one, the next is read. */
const framesInFlight = 2;

/** Proposes for every frame that has no annotation of the label by a person, in study order. What a person did is never touched. */
export async function preAnnotate(
  context: AppContext,
  label: Label,
  options: PreAnnotateOptions,
): Promise<FrameProposal[]> {
  const { store } = context;
  const frames = store.listFrameRecords().filter((frame) => {
    const state = store.latestRevision(frame.id, label.id)?.reviewState;
    return state === undefined || state === 'proposed';
  });
  const proposals: FrameProposal[] = [];
  let next = 0;
  const work = async () => {
    while (next < frames.length) {
      options.signal?.throwIfAborted();
      const place = next++;
      const frame = frames[place];
      const { proposal } = await propose(context, { frameId: frame.id, labelId: label.id }, options.signal);
      if (options.accept) acceptProposal(context, frame, proposal);
      proposals[place] = { frame, label, proposal };
      options.onProgress?.(proposals.filter(Boolean).length, frames.length);
    }
  };
  const workers = Array.from({ length: framesInFlight }, async () => {
    await work().finally(() => {
      // One that failed or was cancelled takes no frame more, and neither does the other.
      next = frames.length;
    });
  });
  // All have ended before a failure is thrown, so that nothing is saved after it.
  const outcomes = await Promise.allSettled(workers);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return proposals;
}

/** Accepts a proposal unchanged, unless a person was faster. */
function acceptProposal({ store, events }: AppContext, frame: Frame, proposal: Proposal): void {
  const latest = store.latestRevision(frame.id, proposal.labelId);
  if (latest && latest.reviewState !== 'proposed') return;
  const isEmpty = countMaskPixels(decodeMask(proposal.mask, frame.width, frame.height)) === 0;
  const revision = store.saveRevision({
    frameId: frame.id,
    labelId: proposal.labelId,
    parentId: latest?.id ?? null,
    proposalId: proposal.id,
    reviewState: isEmpty ? 'absent' : 'accepted',
    segmentAlgorithmType: 'AUTOMATIC',
    mask: proposal.mask,
    gesture: isEmpty ? 'absent' : 'accept',
  });
  events.emit('annotation:saved', {
    frameId: frame.id,
    labelId: proposal.labelId,
    revisionId: revision.id,
    savedAt: revision.createdAt,
  });
}
