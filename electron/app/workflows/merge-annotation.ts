// Owns what becomes of one annotation from elsewhere: a revision, whole or not at all. What is newer than the workspace's own follows it, what is the
// same or older changes nothing, and where both sides changed nobody decides but a person.
import { createHash } from 'node:crypto';
import { encodeMask } from '../../common/mask.ts';
import type { Frame, Label, ReviewState, Revision, SegmentAlgorithmType } from '../../common/study.ts';
import type { ReadAnnotation } from '../../export/export-format.ts';
import type { AppContext } from '../context.ts';
import type { ExportRecord } from './export-record.ts';

/** An annotation from elsewhere with all that its files and their record say of it. */
export interface Incoming {
  readonly label: string;
  readonly prompts: ReadAnnotation['prompts'];
  readonly mask: Uint8Array;
  readonly reviewState: ReviewState;
  readonly segmentAlgorithmType: SegmentAlgorithmType;
  readonly reader: string;
  readonly trackingUID: string | null;
  /** What it is, or, where it was changed in the files, what it began as. */
  readonly revisionId: string | null;
  readonly ancestorIds: readonly string[];
  /** When that revision was saved, where its mask is still the same; else null. */
  readonly unchangedSince: string | null;
}

export function describeIncoming(read: ReadAnnotation, record: ExportRecord, foreignReader: string): Incoming {
  const mask = encodeMask(read.mask);
  const recorded = record.annotation(read);
  const isChanged = recorded !== undefined && recorded.maskHash !== createHash('sha256').update(mask).digest('hex');
  const isEmpty = !read.mask.data.includes(1);
  const absent = read.absent || (recorded === undefined && isEmpty);
  return {
    label: read.label,
    prompts: read.prompts ?? record.prompts(read.label),
    mask,
    reviewState: stateOf(recorded?.reviewState ?? null, absent, isEmpty),
    segmentAlgorithmType: isChanged ? 'MANUAL' : (recorded?.segmentAlgorithmType ?? 'MANUAL'),
    reader: (isChanged ? null : recorded?.reader) || foreignReader,
    trackingUID: read.trackingUID ?? recorded?.trackingUID ?? null,
    revisionId: read.revisionId ?? recorded?.revisionId ?? null,
    ancestorIds: recorded?.ancestorIds ?? [],
    // Only the record proves that a mask is that of the revision it names.
    unchangedSince: recorded && !isChanged ? recorded.createdAt : null,
  };
}

/** Absent goes with an empty mask alone; what was drawn into an absent frame since is accepted. */
function stateOf(recorded: ReviewState | null, absent: boolean, isEmpty: boolean): ReviewState {
  if (absent && isEmpty) return 'absent';
  return recorded === null || recorded === 'absent' ? 'accepted' : recorded;
}

/** The label of that name; where there is none, it is added with the prompts that the files say, else the study's position and "organ". */
export function findLabel(
  { store, events }: AppContext,
  frame: Frame,
  incoming: Pick<Incoming, 'label' | 'prompts'>,
  added: Set<string>,
): Label {
  const known = store.findLabelByName(incoming.label);
  if (known) return known;
  const position = incoming.prompts?.position ?? store.study(frame.studyId).position ?? 'indis';
  const label = store.addLabel({ name: incoming.label, position, type: incoming.prompts?.type ?? 'organ' });
  events.emit('label:changed', { labelId: label.id });
  added.add(label.name);
  return label;
}

export type Outcome = 'added' | 'updated' | 'unchanged' | 'conflicts';

export function merge(context: AppContext, frame: Frame, label: Label, incoming: Incoming, source: string): Outcome {
  const { store } = context;
  const ours = store.latestRevision(frame.id, label.id);
  if (!ours) {
    append(context, frame, label, incoming, null);
    return 'added';
  }
  if (isSameContent(ours, incoming) && !decidesOn(ours, incoming)) return 'unchanged';
  const history = store.listRevisionIds(frame.id, label.id);
  const isKnown = incoming.revisionId !== null && history.includes(incoming.revisionId);
  // The workspace has gone on from what these files hold.
  if (isKnown && !changedSince(context, incoming)) return 'unchanged';
  const follows = isKnown ? incoming.revisionId === ours.id : incoming.ancestorIds.includes(ours.id);
  // Nobody has decided on a mere proposal.
  if (follows || ours.reviewState === 'proposed') {
    append(context, frame, label, incoming, ours);
    return 'updated';
  }
  const { mask, reviewState, segmentAlgorithmType, reader, revisionId, unchangedSince } = incoming;
  const conflict = store.conflicts.save({
    frameId: frame.id,
    labelId: label.id,
    ourRevisionId: ours.id,
    theirRevisionId: unchangedSince === null ? null : revisionId,
    mask,
    reviewState,
    segmentAlgorithmType,
    reader,
    source,
  });
  return conflict.decision === null ? 'conflicts' : 'unchanged';
}

function isSameContent(ours: Revision, incoming: Incoming): boolean {
  const bothAbsent = (ours.reviewState === 'absent') === (incoming.reviewState === 'absent');
  return bothAbsent && Buffer.compare(ours.mask, incoming.mask) === 0;
}

/** Whether somebody went on from our very revision, or from a mere proposal, and decided on the mask as it is. */
function decidesOn(ours: Revision, { reviewState, ancestorIds }: Incoming): boolean {
  return reviewState !== ours.reviewState && (ancestorIds.includes(ours.id) || ours.reviewState === 'proposed');
}

/** Whether the files hold another mask than the revision that they name, which this workspace has. */
function changedSince({ store }: AppContext, { revisionId, mask }: Incoming): boolean {
  return revisionId !== null && Buffer.compare(store.revision(revisionId).mask, mask) !== 0;
}

function append(context: AppContext, frame: Frame, label: Label, incoming: Incoming, ours: Revision | null): void {
  const { store, events } = context;
  const { revisionId, trackingUID, unchangedSince } = incoming;
  const itself = revisionId !== null && unchangedSince !== null && !store.hasRevision(revisionId);
  const revision = store.saveRevision({
    frameId: frame.id,
    labelId: label.id,
    parentId: ours?.id ?? null,
    proposalId: null,
    reviewState: incoming.reviewState,
    segmentAlgorithmType: incoming.segmentAlgorithmType,
    mask: incoming.mask,
    gesture: 'import',
    reader: incoming.reader,
    origin: {
      ...(itself ? { id: revisionId, createdAt: unchangedSince } : {}),
      ...(trackingUID ? { trackingUID } : {}),
    },
  });
  events.emit('annotation:saved', {
    frameId: frame.id,
    labelId: label.id,
    revisionId: revision.id,
    savedAt: revision.createdAt,
  });
}
