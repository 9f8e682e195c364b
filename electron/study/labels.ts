// Owns labels: the structures to annotate, each with its prompts, its code, its colour and the adapter that is active for it.
import type { SegmentCode } from '../common/codes.ts';
import { AppError } from '../common/errors.ts';
import { positions, types } from '../common/prompts.ts';
import type { ObjectType, Position } from '../common/prompts.ts';
import type { Label } from '../common/study.ts';
import { newRecordId } from './identifiers.ts';
import { nextLabelColor } from '../common/label-colors.ts';
import { json, number, optionalText, text, word } from './rows.ts';
import type { Row } from './rows.ts';
import type { Workspace } from './workspace.ts';

export interface LabelInput {
  readonly name: string;
  readonly position: Position;
  readonly type: ObjectType;
  /** '#rrggbb'; the first free one of the set where it is left out. */
  readonly color?: string | undefined;
  readonly code?: SegmentCode | null | undefined;
}

export type LabelChange = Partial<LabelInput> & { readonly hidden?: boolean | undefined };

/** All labels in the reader's order, which is that of adding until it is changed; those put away included. */
export function listLabels(workspace: Workspace): Label[] {
  return workspace.database.all('SELECT * FROM labels WHERE removed_at IS NULL ORDER BY place, sequence').map(toLabel);
}

/** Throws AppError('not-found'). */
export function findLabel(workspace: Workspace, labelId: string): Label {
  const row = workspace.database.get('SELECT * FROM labels WHERE id = ? AND removed_at IS NULL', [labelId]);
  if (!row) throw new AppError('not-found', `There is no label with the id "${labelId}".`);
  return toLabel(row);
}

/** The label of this name, letter case, white space and Unicode form aside, or null. */
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

/** Adds a label at the end, with a colour of its own. Throws AppError('conflict') where the name is taken, letter case aside. */
export function addLabel(workspace: Workspace, input: LabelInput): Label {
  return workspace.database.transaction(() => insertLabel(workspace, input));
}

/** addLabel inside a transaction of the caller's. */
export function insertLabel(workspace: Workspace, input: LabelInput): Label {
  const name = readName(input.name);
  refuseTakenName(workspace, name, null);
  const id = newRecordId();
  workspace.database.run(
    `INSERT INTO labels (id, name, folded_name, color, position, type, code, place)
     VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(place), 0) + 1 FROM labels))`,
    [
      id,
      name,
      foldName(name),
      input.color ?? nextLabelColor(listLabels(workspace).map((label) => label.color)),
      input.position,
      input.type,
      toJson(input.code ?? null),
    ],
  );
  return findLabel(workspace, id);
}

/** Changes what is named of a label. Throws AppError('not-found') or, where the new name is taken, AppError('conflict'). */
export function updateLabel(workspace: Workspace, labelId: string, change: LabelChange): Label {
  return workspace.database.transaction(() => {
    const label = findLabel(workspace, labelId);
    const name = change.name === undefined ? label.name : readName(change.name);
    refuseTakenName(workspace, name, labelId);
    workspace.database.run(
      'UPDATE labels SET name = ?, folded_name = ?, color = ?, position = ?, type = ?, code = ?, hidden = ? WHERE id = ?',
      [
        name,
        foldName(name),
        change.color ?? label.color,
        change.position ?? label.position,
        change.type ?? label.type,
        toJson(change.code === undefined ? label.code : change.code),
        Number(change.hidden ?? label.hidden),
        labelId,
      ],
    );
    return findLabel(workspace, labelId);
  });
}

export function setLabelHidden(workspace: Workspace, labelId: string, hidden: boolean): Label {
  workspace.database.run('UPDATE labels SET hidden = ? WHERE id = ?', [Number(hidden), labelId]);
  return findLabel(workspace, labelId);
}

/** Puts the labels into an order. Throws AppError('bad-input') unless every label is named once. */
export function reorderLabels(workspace: Workspace, labelIds: readonly string[]): Label[] {
  return workspace.database.transaction(() => {
    const known = listLabels(workspace).map((label) => label.id);
    if (labelIds.length !== known.length || known.some((id) => !labelIds.includes(id))) {
      throw new AppError('bad-input', `An order of the labels names each of the ${known.length} labels once.`);
    }
    labelIds.forEach((id, place) =>
      workspace.database.run('UPDATE labels SET place = ? WHERE id = ?', [place + 1, id]),
    );
    return listLabels(workspace);
  });
}

/** How much work hangs on a label. Proposals do not count: the network makes them by itself. */
export interface LabelUsage {
  /** Frames that are annotated. */
  readonly annotations: number;
  readonly measurements: number;
  readonly adapters: number;
}

/** Throws AppError('not-found'). */
export function labelUsage(workspace: Workspace, labelId: string): LabelUsage {
  findLabel(workspace, labelId);
  const count = (sql: string) => number(workspace.database.get(sql, [labelId]) ?? {}, 'count');
  return {
    annotations: count('SELECT count(DISTINCT frame_id) AS count FROM revisions WHERE label_id = ?'),
    measurements: count('SELECT count(DISTINCT tracking_uid) AS count FROM measurements WHERE label_id = ?'),
    adapters: count('SELECT count(*) AS count FROM adapters WHERE label_id = ?'),
  };
}

/** Takes a label away that nobody worked with. Throws AppError('conflict') where work hangs on it. */
export function removeLabel(workspace: Workspace, labelId: string): void {
  workspace.database.transaction(() => {
    const { name } = findLabel(workspace, labelId);
    const { annotations, measurements, adapters } = labelUsage(workspace, labelId);
    if (annotations + measurements + adapters > 0) {
      throw new AppError(
        'conflict',
        `"${name}" is used in ${annotations} frames, ${measurements} measurements and ${adapters} adapters. Hide it instead.`,
      );
    }
    workspace.database.run('UPDATE labels SET removed_at = ?, folded_name = ? WHERE id = ?', [
      workspace.timestamp(),
      // Folded names have no capitals, so that this one is in nobody's way.
      `REMOVED ${labelId}`,
      labelId,
    ]);
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

function toJson(code: SegmentCode | null): string | null {
  return code === null ? null : JSON.stringify(code);
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
    code: optionalText(row, 'code') === null ? null : json<SegmentCode>(row, 'code'),
    hidden: number(row, 'hidden') === 1,
    activeAdapterId: optionalText(row, 'active_adapter_id'),
  };
}
