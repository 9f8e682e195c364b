// Owns labels: the structures to annotate, each with its prompts, its colour and the adapter that is active for it.
import { AppError } from '../common/errors.ts';
import { positions, types } from '../common/prompts.ts';
import type { ObjectType, Position } from '../common/prompts.ts';
import type { Label } from '../common/study.ts';
import { newRecordId } from './identifiers.ts';
import { nextLabelColor } from './label-colors.ts';
import { optionalText, text, word } from './rows.ts';
import type { Row } from './rows.ts';
import type { Workspace } from './workspace.ts';

export interface LabelInput {
  readonly name: string;
  readonly position: Position;
  readonly type: ObjectType;
}

export type LabelChange = Partial<LabelInput>;

/** All labels in the order in which they were added. */
export function listLabels(workspace: Workspace): Label[] {
  return workspace.database.all('SELECT * FROM labels ORDER BY sequence').map(toLabel);
}

/** Throws AppError('not-found'). */
export function findLabel(workspace: Workspace, labelId: string): Label {
  const row = workspace.database.get('SELECT * FROM labels WHERE id = ?', [labelId]);
  if (!row) throw new AppError('not-found', `There is no label with the id "${labelId}".`);
  return toLabel(row);
}

/** The label of this name, letter case aside, or null. */
export function findLabelByName(workspace: Workspace, name: string): Label | null {
  const row = workspace.database.get('SELECT * FROM labels WHERE folded_name = ?', [foldName(name)]);
  return row ? toLabel(row) : null;
}

/** The label of this id or name. Throws AppError('not-found') naming the labels there are. */
export function findLabelNamed(workspace: Workspace, idOrName: string): Label {
  const all = listLabels(workspace);
  const label = all.find((candidate) => candidate.id === idOrName) ?? findLabelByName(workspace, idOrName);
  if (label) return label;
  const names = all.map((candidate) => `"${candidate.name}"`).join(', ');
  throw new AppError(
    'not-found',
    `There is no label "${idOrName}". ${names ? `There are: ${names}.` : 'There are none yet.'}`,
  );
}

/** Adds a label with a colour of its own. Throws AppError('conflict') where the name is taken, letter case aside. */
export function addLabel(workspace: Workspace, input: LabelInput): Label {
  const name = readName(input.name);
  refuseTakenName(workspace, name, null);
  const color = nextLabelColor(listLabels(workspace).map((label) => label.color));
  const label: Label = {
    id: newRecordId(),
    name,
    color,
    position: input.position,
    type: input.type,
    activeAdapterId: null,
  };
  workspace.database.run(
    'INSERT INTO labels (id, name, folded_name, color, position, type) VALUES (?, ?, ?, ?, ?, ?)',
    [label.id, name, foldName(name), color, label.position, label.type],
  );
  return label;
}

/** Changes a label's name or prompts. Throws AppError('not-found') or, where the new name is taken, AppError('conflict'). */
export function updateLabel(workspace: Workspace, labelId: string, change: LabelChange): Label {
  return workspace.database.transaction(() => {
    const label = findLabel(workspace, labelId);
    const name = change.name === undefined ? label.name : readName(change.name);
    refuseTakenName(workspace, name, labelId);
    workspace.database.run('UPDATE labels SET name = ?, folded_name = ?, position = ?, type = ? WHERE id = ?', [
      name,
      foldName(name),
      change.position ?? label.position,
      change.type ?? label.type,
      labelId,
    ]);
    return findLabel(workspace, labelId);
  });
}

function refuseTakenName(workspace: Workspace, name: string, exceptId: string | null): void {
  const taken = findLabelByName(workspace, name);
  if (taken && taken.id !== exceptId) {
    throw new AppError('conflict', `There is already a label named "${taken.name}". Choose another name.`);
  }
}

function readName(name: string): string {
  const trimmed = name.normalize('NFC').trim().replaceAll(/\s+/gu, ' ');
  if (trimmed === '') throw new AppError('bad-input', 'A label needs a name; this one is empty.');
  return trimmed;
}

function foldName(name: string): string {
  return readName(name).toLowerCase();
}

function toLabel(row: Row): Label {
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    color: text(row, 'color'),
    position: word(row, 'position', positions),
    type: word(row, 'type', types),
    activeAdapterId: optionalText(row, 'active_adapter_id'),
  };
}
