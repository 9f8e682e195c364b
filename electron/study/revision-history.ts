// Owns the way back through a reader's work: their latest revisions in the order of the work, each with what it was made from.
import type { Frame, Revision } from '../common/study.ts';
import { findFrame } from './records.ts';
import { findProposal } from './proposals.ts';
import { findRevision, toRevision } from './revisions.ts';
import type { Workspace } from './workspace.ts';

export interface RevisionStep {
  readonly revision: Revision;
  readonly frame: Frame;
  /** The revision before it of the same annotation, whoever wrote that. */
  readonly parent: Revision | null;
  /** The mask of the proposal that it names. */
  readonly proposalMask: Uint8Array | null;
}

/** At most `limit` of the reader's latest revisions, oldest first. Those of labels that were removed are left out. */
export function recentSteps(workspace: Workspace, reader: string, limit: number): RevisionStep[] {
  return workspace.database
    .all(
      `SELECT revisions.* FROM revisions JOIN labels ON labels.id = revisions.label_id
       WHERE revisions.reader = ? AND labels.removed_at IS NULL ORDER BY revisions.sequence DESC LIMIT ?`,
      [reader, limit],
    )
    .reverse()
    .map((row) => {
      const revision = toRevision(row);
      const { parentId, proposalId } = revision;
      const proposal = proposalId === null ? null : findProposal(workspace, proposalId);
      return {
        revision,
        frame: findFrame(workspace, revision.frameId),
        parent: parentId === null ? null : findRevision(workspace, parentId),
        proposalMask: proposal && !proposal.followed ? proposal.mask : null,
      };
    });
}
