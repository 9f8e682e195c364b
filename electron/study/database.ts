// Owns the SQLite connection (node:sqlite): durability settings, transactions, and the meaning of SQLite's errors.
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { AppError } from '../common/errors.ts';
import type { Row } from './rows.ts';

export type SqlValue = SQLInputValue;

/** Primary result codes of SQLite (sqlite.org/rescode.html) and what they mean to the reader. */
const storageCodes = new Map([
  [8, 'it is read-only'],
  [10, 'reading or writing it failed'],
  [13, 'the disk is full'],
  [14, 'it cannot be opened'],
]);
const busyCodes = new Set([5, 6]);
const corruptCodes = new Set([11, 26]);

/** One connection. Every statement is durable when it returns; inside `transaction`, when the transaction returns. */
export class Database {
  readonly file: string;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string) {
    this.file = file;
    this.#connection = explain(file, () => new DatabaseSync(file, { timeout: 1000 }));
  }

  /** Sets the connection up for writing. Apart from opening, so that a file of another program is looked at and left as it is. */
  makeDurable(): void {
    const mode = this.get('PRAGMA journal_mode = WAL')?.journal_mode;
    if (mode !== 'wal') {
      throw new AppError(
        'storage',
        `${this.file}: a write-ahead log is needed; the file system here gives ${String(mode)}.`,
      );
    }
    // FULL: the log is flushed at every commit, so a committed gesture survives a power cut.
    // Recursive triggers: INSERT OR REPLACE, too, meets the triggers that refuse to delete.
    this.script('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;');
  }

  /** Runs one statement that returns no rows. */
  run(sql: string, parameters: readonly SqlValue[] = []): void {
    explain(this.file, () => this.#prepare(sql).run(...parameters));
  }

  /** Adds a row; the keys are column names. */
  insert(table: string, values: Readonly<Record<string, SqlValue>>): void {
    const columns = Object.keys(values);
    const places = columns.map(() => '?').join(', ');
    this.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`, Object.values(values));
  }

  /** Fills those columns of a row that are empty so far. */
  fill(table: string, id: string, values: Readonly<Record<string, SqlValue>>): void {
    const known = Object.entries(values).filter(([, value]) => value !== null);
    if (known.length === 0) return;
    const settings = known.map(([column]) => `${column} = coalesce(${column}, ?)`).join(', ');
    this.run(`UPDATE ${table} SET ${settings} WHERE id = ?`, [...known.map(([, value]) => value), id]);
  }

  /** The first row, or null. */
  get(sql: string, parameters: readonly SqlValue[] = []): Row | null {
    return explain(this.file, () => this.#prepare(sql).get(...parameters)) ?? null;
  }

  all(sql: string, parameters: readonly SqlValue[] = []): Row[] {
    return explain(this.file, () => this.#prepare(sql).all(...parameters));
  }

  /** Runs several statements, as in a migration. */
  script(sql: string): void {
    explain(this.file, () => this.#connection.exec(sql));
  }

  /** Runs `body` in one transaction: all of it is durable when this returns, none of it when it throws. `body` does not wait. */
  transaction<T>(body: () => T): T {
    this.script('BEGIN IMMEDIATE');
    try {
      const result = body();
      this.script('COMMIT');
      return result;
    } catch (error) {
      // SQLite rolls back by itself after some failures, a full disk among them.
      if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    explain(this.file, () => this.#connection.close());
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function explain<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw toStoreError(file, error);
  }
}

/** SQLite's error as an AppError that names the file; anything else as it is. */
function toStoreError(file: string, error: unknown): unknown {
  const code = sqliteCode(error);
  if (code === null) return error;
  const storage = storageCodes.get(code);
  if (storage) return new AppError('storage', `Cannot write ${file}: ${storage}.`, { cause: error });
  if (busyCodes.has(code)) {
    return new AppError('storage', `Cannot write ${file}: another program holds it.`, { cause: error });
  }
  if (corruptCodes.has(code)) {
    return new AppError('corrupt', `${file} is damaged, or is not a SonoSync workspace database.`, { cause: error });
  }
  return error;
}

/** The primary result code of an error of SQLite, or null for other errors. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}
