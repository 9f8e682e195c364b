// Owns the saving of an annotation: one revision for each gesture of the interface, or one for a mask that comes from a file.
import type { CommandOutput, ParsedCommandInput } from '../../common/api.ts';
import { AppError } from '../../common/errors.ts';
import { countMaskPixels, decodeMask, encodeMask, masksEqual } from '../../common/mask.ts';
import type { BinaryMask } from '../../common/mask.ts';
import type { Frame, Label, Proposal, Revision, SegmentAlgorithmType } from '../../common/study.ts';
import type { AppContext } from '../context.ts';

/** Appends a revision, durable when it returns. Throws AppError('conflict') where the annotation was changed meanwhile. */
export function saveAnnotation(
  context: AppContext,
  input: ParsedCommandInput<'annotation:save'>,
): CommandOutput<'annotation:save'> {
  const revision = context.store.saveRevision(input);
  announce(context, revision);
  return { revisionId: revision.id, savedAt: revision.createdAt };
}

/**
 * Accepts a mask as the annotation of (frame, label); an empty one says that the structure is absent.
 * Throws AppError('bad-input') naming `file`, where it came from, when it is not of the frame's size.
 */
export function correctAnnotation(
  context: AppContext,
  frame: Frame,
  label: Label,
  mask: BinaryMask,
  file: string,
): Revision {
  if (mask.width !== frame.width || mask.height !== frame.height) {
    throw new AppError(
      'bad-input',
      `${file} is a mask of ${mask.width}×${mask.height} pixels; frame ${frame.frameNumber} has ${frame.width}×${frame.height}.`,
    );
  }
  const { store } = context;
  const proposal = store.latestProposal(frame.id, label.id);
  const isEmpty = countMaskPixels(mask) === 0;
  const revision = store.saveRevision({
    frameId: frame.id,
    labelId: label.id,
    parentId: store.latestRevision(frame.id, label.id)?.id ?? null,
    proposalId: proposal?.id ?? null,
    reviewState: isEmpty ? 'absent' : 'accepted',
    segmentAlgorithmType: origin(mask, proposal),
    mask: encodeMask(mask),
    gesture: 'import',
  });
  announce(context, revision);
  return revision;
}

/** AUTOMATIC where the network's mask was taken as it is, SEMIAUTOMATIC where it was there to start from. */
function origin(mask: BinaryMask, proposal: Proposal | null): SegmentAlgorithmType {
  if (!proposal) return 'MANUAL';
  return masksEqual(mask, decodeMask(proposal.mask, mask.width, mask.height)) ? 'AUTOMATIC' : 'SEMIAUTOMATIC';
}

function announce({ events }: AppContext, revision: Revision): void {
  const { frameId, labelId, id, createdAt } = revision;
  events.emit('annotation:saved', { frameId, labelId, revisionId: id, savedAt: createdAt });
}
