// Owns adapters: private copies of the prompt projections, one file each in adapters/ (named by its SHA-256) and one row each, and which
// of them is active for a label.
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';
import type { Prompts } from '../common/prompts.ts';
import type { Adapter, Label } from '../common/study.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { readHashedFile } from '../files/hashed-file.ts';
import { contentHash, newRecordId } from './identifiers.ts';
import { findLabel } from './labels.ts';
import { json, number, text } from './rows.ts';
import type { Row } from './rows.ts';
import type { Workspace } from './workspace.ts';

export type AdapterInput = Omit<Adapter, 'id' | 'fileHash' | 'createdAt'>;

export function adapterPath(workspace: Workspace, fileHash: string): string {
  return join(workspace.folder, 'adapters', `${fileHash}.safetensors`);
}

/** Keeps an adapter: the file first, then its row; durable when it returns. It is not active until `activateAdapter`. */
export async function saveAdapter(workspace: Workspace, input: AdapterInput, bytes: Uint8Array): Promise<Adapter> {
  findLabel(workspace, input.labelId);
  const fileHash = contentHash(bytes);
  await writeFileAtomic(adapterPath(workspace, fileHash), bytes);
  const adapter: Adapter = { ...input, id: newRecordId(), fileHash, createdAt: workspace.timestamp() };
  workspace.database.run(
    `INSERT INTO adapters (id, label_id, model_hash, prompts, train_revision_ids, validation_revision_ids, seed, settings, metrics, file_hash, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      adapter.id,
      adapter.labelId,
      adapter.modelHash,
      JSON.stringify(adapter.prompts),
      JSON.stringify(adapter.trainRevisionIds),
      JSON.stringify(adapter.validationRevisionIds),
      adapter.seed,
      JSON.stringify(adapter.settings),
      JSON.stringify(adapter.metrics),
      fileHash,
      adapter.createdAt,
    ],
  );
  return adapter;
}

/** A label's adapters, the newest first. */
export function listAdapters(workspace: Workspace, labelId: string): Adapter[] {
  return workspace.database
    .all('SELECT * FROM adapters WHERE label_id = ? ORDER BY sequence DESC', [labelId])
    .map(toAdapter);
}

/** Throws AppError('not-found'). */
export function findAdapter(workspace: Workspace, adapterId: string): Adapter {
  const row = workspace.database.get('SELECT * FROM adapters WHERE id = ?', [adapterId]);
  if (!row) throw new AppError('not-found', `There is no adapter with the id "${adapterId}".`);
  return toAdapter(row);
}

/** The adapter's safetensors bytes. Throws AppError('corrupt') when the file no longer has its hash. */
export async function adapterBytes(workspace: Workspace, adapterId: string): Promise<Uint8Array> {
  const { fileHash } = findAdapter(workspace, adapterId);
  return readHashedFile(adapterPath(workspace, fileHash), fileHash);
}

/** The label's active adapter for the base model of this hash, or null where that speaks for itself. */
export function activeAdapter(workspace: Workspace, labelId: string, modelHash: string): Adapter | null {
  findLabel(workspace, labelId);
  const row = workspace.database.get(
    'SELECT adapters.* FROM active_adapters JOIN adapters ON adapters.id = active_adapters.adapter_id WHERE active_adapters.label_id = ? AND active_adapters.model_hash = ?',
    [labelId, modelHash],
  );
  return row ? toAdapter(row) : null;
}

/**
 * Makes an adapter the label's active one; null returns to the base model. `modelHash` is the hash of the base model in use; what is active
 * for others stays so. The label's own activeAdapterId is the last that was activated, for whichever base.
 * Throws AppError('conflict') for an adapter of another label or another model, AppError('corrupt') for a damaged file.
 */
export async function activateAdapter(
  workspace: Workspace,
  labelId: string,
  adapterId: string | null,
  modelHash: string,
): Promise<Label> {
  const label = findLabel(workspace, labelId);
  if (adapterId !== null) {
    const adapter = findAdapter(workspace, adapterId);
    checkAdapterFits(adapter, findLabel(workspace, adapter.labelId), label, modelHash);
    await adapterBytes(workspace, adapterId);
  }
  workspace.database.transaction(() => {
    if (adapterId === null) {
      workspace.database.run('DELETE FROM active_adapters WHERE label_id = ? AND model_hash = ?', [labelId, modelHash]);
    } else {
      workspace.database.run(
        'INSERT OR REPLACE INTO active_adapters (label_id, model_hash, adapter_id) VALUES (?, ?, ?)',
        [labelId, modelHash, adapterId],
      );
    }
    workspace.database.run('UPDATE labels SET active_adapter_id = ? WHERE id = ?', [adapterId, labelId]);
  });
  return findLabel(workspace, labelId);
}

/** Throws AppError('conflict') where an adapter is another label's, `owner`, or was made for another base model than that of this hash. */
export function checkAdapterFits(adapter: Adapter, owner: Label, label: Label, modelHash: string): void {
  if (owner.id !== label.id) {
    throw new AppError(
      'conflict',
      `This adapter was trained for the label "${owner.name}" and cannot be used for "${label.name}".`,
    );
  }
  if (adapter.modelHash !== modelHash) {
    throw new AppError(
      'conflict',
      `This adapter was made for the model with hash ${short(adapter.modelHash)}; the model in use has hash ${short(modelHash)}. Synchronize "${label.name}" again on this model.`,
    );
  }
}

function short(hash: string): string {
  return hash.slice(0, 12);
}

function toAdapter(row: Row): Adapter {
  return {
    id: text(row, 'id'),
    labelId: text(row, 'label_id'),
    modelHash: text(row, 'model_hash'),
    prompts: json<Prompts>(row, 'prompts'),
    trainRevisionIds: json<string[]>(row, 'train_revision_ids'),
    validationRevisionIds: json<string[]>(row, 'validation_revision_ids'),
    seed: number(row, 'seed'),
    settings: json<Adapter['settings']>(row, 'settings'),
    metrics: json<Adapter['metrics']>(row, 'metrics'),
    fileHash: text(row, 'file_hash'),
    createdAt: text(row, 'created_at'),
  };
}
