// Owns proposals: what the network said, with the model, adapter and prompts that it said it with. Append-only.
import { AppError } from '../common/errors.ts';
import type { Prompts } from '../common/prompts.ts';
import type { Proposal } from '../common/study.ts';
import { newRecordId } from './identifiers.ts';
import { findLabel } from './labels.ts';
import { checkMask } from './mask-check.ts';
import { findFrame } from './records.ts';
import { blob, json, number, optionalText, text } from './rows.ts';
import type { Row } from './rows.ts';
import type { Workspace } from './workspace.ts';

export type ProposalInput = Omit<Proposal, 'id' | 'createdAt'>;

/** Appends a proposal; durable when it returns. Throws AppError('bad-input') for a mask of another size or a probability outside 0..1. */
export function saveProposal(workspace: Workspace, input: ProposalInput): Proposal {
  const frame = findFrame(workspace, input.frameId);
  findLabel(workspace, input.labelId);
  checkMask(input.mask, frame);
  for (const name of ['meanProbability', 'uncertainty'] as const) {
    if (!Number.isFinite(input[name]) || input[name] < 0) {
      throw new AppError('bad-input', `A proposal's ${name} is a number from 0; found ${input[name]}.`);
    }
  }
  const proposal: Proposal = { ...input, id: newRecordId(), createdAt: workspace.timestamp() };
  workspace.database.run(
    `INSERT INTO proposals (id, frame_id, label_id, prompts, box, model_id, model_hash, adapter_id, mask, mean_probability, uncertainty, classification, provisional, followed, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      proposal.id,
      proposal.frameId,
      proposal.labelId,
      JSON.stringify(proposal.prompts),
      proposal.box && JSON.stringify(proposal.box),
      proposal.modelId,
      proposal.modelHash,
      proposal.adapterId,
      proposal.mask,
      proposal.meanProbability,
      proposal.uncertainty,
      proposal.classification && JSON.stringify(proposal.classification),
      proposal.provisional ? 1 : 0,
      proposal.followed ? 1 : 0,
      proposal.createdAt,
    ],
  );
  return proposal;
}

/** The newest proposal of (frame, label), or null. Those that were made while a structure was followed are not among them. */
export function latestProposal(workspace: Workspace, frameId: string, labelId: string): Proposal | null {
  const row = workspace.database.get(
    'SELECT * FROM proposals WHERE frame_id = ? AND label_id = ? AND followed = 0 ORDER BY sequence DESC LIMIT 1',
    [frameId, labelId],
  );
  return row ? toProposal(row) : null;
}

/** Throws AppError('not-found'). */
export function findProposal(workspace: Workspace, proposalId: string): Proposal {
  const row = workspace.database.get('SELECT * FROM proposals WHERE id = ?', [proposalId]);
  if (!row) throw new AppError('not-found', `There is no proposal with the id "${proposalId}".`);
  return toProposal(row);
}

function toProposal(row: Row): Proposal {
  return {
    id: text(row, 'id'),
    frameId: text(row, 'frame_id'),
    labelId: text(row, 'label_id'),
    prompts: json<Prompts>(row, 'prompts'),
    box: row.box === null ? null : json<Proposal['box']>(row, 'box'),
    modelId: text(row, 'model_id'),
    modelHash: text(row, 'model_hash'),
    adapterId: optionalText(row, 'adapter_id'),
    mask: blob(row, 'mask'),
    meanProbability: number(row, 'mean_probability'),
    uncertainty: number(row, 'uncertainty'),
    classification: row.classification === null ? null : json<Proposal['classification']>(row, 'classification'),
    provisional: number(row, 'provisional') === 1,
    followed: number(row, 'followed') === 1,
    createdAt: text(row, 'created_at'),
  };
}
