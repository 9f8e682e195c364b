// Owns proposals for everything of a label that nobody has decided on yet, and accepting them as they are.
import { countMaskPixels, decodeMask } from '../../common/mask.ts';
import type { Frame, Label, Proposal, Revision } from '../../common/study.ts';
import type { AppContext } from '../context.ts';
import { proposeMany } from './propose-many.ts';
import type { UnreadableFrame } from './unreadable-frames.ts';

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

export interface PreAnnotation {
  readonly proposals: readonly FrameProposal[];
  /** What was passed over. */
  readonly unreadable: readonly UnreadableFrame[];
}

/** Proposes for every frame that has no annotation of the label by a person, in study order. What a person did is never touched. */
export async function preAnnotate(
  context: AppContext,
  label: Label,
  options: PreAnnotateOptions,
): Promise<PreAnnotation> {
  const { store } = context;
  const frames = store.listFrameRecords().filter((frame) => {
    const latest = store.latestRevision(frame.id, label.id);
    return latest === null || isNetworksOwn(latest);
  });
  const proposals: (FrameProposal | undefined)[] = [];
  let done = 0;
  const unreadable = await proposeMany(context, label, frames, {
    signal: options.signal,
    onProposed: (frame, proposal, place) => {
      if (options.accept) acceptProposal(context, frame, proposal);
      proposals[place] = { frame, label, proposal };
      done += 1;
      options.onProgress?.(done, frames.length);
    },
  });
  return { proposals: proposals.filter((made) => made !== undefined), unreadable };
}

/** A mask that was carried over from other frames is a person's work already, though not accepted. */
function isNetworksOwn({ reviewState, segmentAlgorithmType }: Revision): boolean {
  return reviewState === 'proposed' && segmentAlgorithmType === 'AUTOMATIC';
}

/** Accepts a proposal unchanged, unless a person was faster. */
function acceptProposal({ store, events }: AppContext, frame: Frame, proposal: Proposal): void {
  const latest = store.latestRevision(frame.id, proposal.labelId);
  if (latest && !isNetworksOwn(latest)) return;
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
