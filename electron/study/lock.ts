// Owns the rule that a workspace is open in one process at a time.
// The lock is the operating system's, taken through SQLite on a file of its own: it ends with the process that holds it, however that
// dies, so no lock is ever stale. What the file beside it says about the holder only serves the message.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../common/errors.ts';
import { sqliteCode } from './database.ts';

export interface WorkspaceLock {
  release(): void;
}

/** Keeps a held lock from the garbage collector, which would close its connection: it ends by `release` or with the process. */
const heldConnections = new Set<DatabaseSync>();

/** Takes the lock. Throws AppError('conflict') while another process, or this one, has the workspace open; 'storage' where it cannot be made. */
export function lockWorkspace(folder: string): WorkspaceLock {
  const file = join(folder, 'workspace.lock');
  const holderFile = join(folder, 'workspace.holder');
  let connection: DatabaseSync | null = null;
  try {
    connection = new DatabaseSync(file, { timeout: 0 });
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection?.close();
    if (sqliteCode(error) === 5) {
      throw new AppError('conflict', `The workspace ${folder} is already open${describeHolder(holderFile)}.`, {
        cause: error,
      });
    }
    throw new AppError('storage', `Cannot lock the workspace: ${file} cannot be written.`, { cause: error });
  }
  const held = connection;
  heldConnections.add(held);
  noteHolder(holderFile);
  return {
    release() {
      try {
        rmSync(holderFile, { force: true });
      } catch {
        // On a disk that became read-only the note stays; the lock itself ends below.
      }
      held.exec('ROLLBACK');
      held.close();
      heldConnections.delete(held);
    },
  };
}

function noteHolder(holderFile: string): void {
  try {
    writeFileSync(holderFile, `${process.pid}\n${hostname()}\n${new Date().toISOString()}\n`);
  } catch {
    // Only the message of a refused second process gets poorer; a disk that is full reports itself at the first save.
  }
}

function describeHolder(holderFile: string): string {
  try {
    const [processId, host, since] = readFileSync(holderFile, 'utf8').trim().split('\n');
    return ` in another SonoSync process (process ${processId} on ${host}, since ${since}). Close that one first`;
  } catch {
    return ' in another SonoSync process. Close that one first';
  }
}
