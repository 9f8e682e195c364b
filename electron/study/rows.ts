// Owns the reading of database rows: each column is checked against the kind that the record needs.
import { AppError } from '../common/errors.ts';

export type Row = Readonly<Record<string, unknown>>;

export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : wrongColumn(column, 'text', value);
}

export function optionalText(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

/** A number, whole or not. */
export function number(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : wrongColumn(column, 'a number', value);
}

export function optionalNumber(row: Row, column: string): number | null {
  return row[column] === null ? null : number(row, column);
}

/** 0 or 1 as a truth value. */
export function optionalFlag(row: Row, column: string): boolean | null {
  return row[column] === null ? null : number(row, column) === 1;
}

export function blob(row: Row, column: string): Uint8Array {
  const value = row[column];
  return value instanceof Uint8Array ? value : wrongColumn(column, 'bytes', value);
}

/** One of the words of a closed list. */
export function word<W extends string>(row: Row, column: string, words: readonly W[]): W {
  const value = text(row, column);
  return words.find((candidate) => candidate === value) ?? wrongColumn(column, `one of ${words.join(', ')}`, value);
}

/** A JSON column; the store wrote it from a typed record, so its shape is taken as that record's. */
export function json<T>(row: Row, column: string): T {
  const source = text(row, column);
  try {
    return JSON.parse(source) as T;
  } catch (cause) {
    throw new AppError('corrupt', `Column ${column} of the workspace database is not JSON.`, { cause });
  }
}

export function optionalJson<T>(row: Row, column: string): T | null {
  return row[column] === null ? null : json<T>(row, column);
}

function wrongColumn(column: string, expected: string, value: unknown): never {
  const found = value === null ? 'nothing' : typeof value;
  throw new AppError('corrupt', `Column ${column} of the workspace database: expected ${expected}, found ${found}.`);
}
