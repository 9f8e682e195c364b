// Owns what an open document is and what it begins as.
import type { ProposalView, RevisionView } from '../../electron/common/api.ts';
import { type BinaryMask, createMask, decodeMask } from '../../electron/common/mask.ts';
import { type DocumentState, isPristine } from './history.ts';

/** What is known of one (frame, label) when it is opened. */
export interface LoadedAnnotation {
  readonly frameId: string;
  readonly labelId: string;
  readonly width: number;
  readonly height: number;
  readonly revision: RevisionView | null;
  readonly proposal: ProposalView | null;
}

/** The open document. `mask` is painted in place; read it, write it only through the Editor. */
export interface OpenDocument {
  readonly key: string;
  readonly frameId: string;
  readonly labelId: string;
  readonly mask: BinaryMask;
  readonly state: DocumentState;
  readonly proposal: ProposalView | null;
  readonly proposalMask: BinaryMask | null;
}

/** What becomes of one of several documents that are changed together. */
export interface DocumentChange {
  readonly loaded: LoadedAnnotation;
  readonly mask: BinaryMask;
  readonly state: DocumentState;
}

/** A document that was put away: its mask as run-length bytes, so that a day's work fits into memory. */
export interface PackedDocument {
  readonly frameId: string;
  readonly labelId: string;
  readonly width: number;
  readonly height: number;
  readonly mask: Uint8Array;
  readonly state: DocumentState;
  readonly proposal: ProposalView | null;
}

/** `bytes`: the mask's run-length bytes. */
export function packDocument(document: OpenDocument, bytes: Uint8Array): PackedDocument {
  const { frameId, labelId, mask, state, proposal } = document;
  return { frameId, labelId, width: mask.width, height: mask.height, mask: bytes, state, proposal };
}

export function unpackDocument(key: string, packed: PackedDocument): OpenDocument {
  const { frameId, labelId, width, height, state, proposal } = packed;
  const mask = decodeMask(packed.mask, width, height);
  const proposalMask = proposal ? decodeMask(proposal.mask, width, height) : null;
  return { key, frameId, labelId, mask, state, proposal, proposalMask };
}

/** Nobody and no model has said anything yet. */
export const untouchedState: DocumentState = { reviewState: null, segmentAlgorithmType: 'MANUAL', proposalId: null };

export function proposedState(proposalId: string): DocumentState {
  return { reviewState: 'proposed', segmentAlgorithmType: 'AUTOMATIC', proposalId };
}

export function sameState(a: DocumentState, b: DocumentState): boolean {
  return (
    a.reviewState === b.reviewState &&
    a.segmentAlgorithmType === b.segmentAlgorithmType &&
    a.proposalId === b.proposalId
  );
}

/** The working mask is the reader's latest word, else the proposal, else empty. */
export function createDocument(key: string, loaded: LoadedAnnotation): OpenDocument {
  const { frameId, labelId, width, height, revision, proposal } = loaded;
  const proposalMask = proposal ? decodeMask(proposal.mask, width, height) : null;
  if (revision && revision.reviewState !== 'rejected' && !isPristine(revision)) {
    const { reviewState, segmentAlgorithmType, proposalId } = revision;
    const state = { reviewState, segmentAlgorithmType, proposalId };
    return { key, frameId, labelId, mask: decodeMask(revision.mask, width, height), state, proposal, proposalMask };
  }
  const mask = createMask(width, height);
  if (proposalMask) mask.data.set(proposalMask.data);
  return {
    key,
    frameId,
    labelId,
    mask,
    state: proposal ? proposedState(proposal.id) : untouchedState,
    proposal,
    proposalMask,
  };
}
