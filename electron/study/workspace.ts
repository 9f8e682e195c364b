// Owns the open workspace folder: its lock, its database and the paths of what lies beside it. Every family of records works on this.
import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../common/errors.ts';
import { Database } from './database.ts';
import { lockWorkspace } from './lock.ts';
import type { WorkspaceLock } from './lock.ts';
import { migrate, refuseForeignDatabase } from './schema.ts';

export interface WorkspaceOptions {
  /** Who corrects: kept with every revision. */
  readonly reader: string;
  /** Make the workspace where there is none (the default); otherwise a missing one is AppError('not-found'). */
  readonly create?: boolean;
  /** The clock of createdAt and importedAt. */
  readonly now?: () => Date;
}

export interface Workspace {
  readonly folder: string;
  readonly database: Database;
  readonly reader: string;
  readonly lock: WorkspaceLock;
  /** ISO 8601, UTC. */
  timestamp(): string;
}

/** Opens or creates a workspace. One process at a time: AppError('conflict') while it is open elsewhere. */
export function openWorkspace(path: string, options: WorkspaceOptions): Workspace {
  const folder = resolve(path);
  const file = join(folder, 'workspace.sqlite');
  if (options.create === false && !exists(file)) {
    throw new AppError('not-found', `${folder} is not a workspace: it has no workspace.sqlite.`);
  }
  if (!exists(file)) refuseForeignFolder(folder);
  makeFolders(folder);
  const lock = lockWorkspace(folder);
  try {
    return { folder, database: openDatabase(file), reader: options.reader, lock, timestamp: clock(options.now) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

export function closeWorkspace(workspace: Workspace): void {
  try {
    workspace.database.close();
  } finally {
    workspace.lock.release();
  }
}

/** Where unfinished files lie, on the disk of the objects. A session that opens the workspace throws away what is there (staging.ts). */
export function unfinishedFolder({ folder }: Pick<Workspace, 'folder'>): string {
  return join(folder, 'unfinished');
}

/** What is thrown away must be the workspace's own. */
function refuseForeignFolder(folder: string): void {
  const unfinished = unfinishedFolder({ folder });
  if (!exists(unfinished)) return;
  throw new AppError(
    'conflict',
    `${folder} cannot become a workspace: it has a folder "unfinished", which a workspace would empty. Choose another folder, or rename that one.`,
  );
}

function openDatabase(file: string): Database {
  const database = new Database(file);
  try {
    refuseForeignDatabase(database);
    database.makeDurable();
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function makeFolders(folder: string): void {
  try {
    for (const name of ['objects', 'adapters', 'exports']) mkdirSync(join(folder, name), { recursive: true });
  } catch (cause) {
    const found = exists(folder) && !statSync(folder).isDirectory() ? 'it is a file' : 'it cannot be written';
    throw new AppError('storage', `${folder} cannot be a workspace folder: ${found}.`, { cause });
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function clock(now: () => Date = () => new Date()): () => string {
  return () => now().toISOString();
}
