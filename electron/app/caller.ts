// Owns where relative paths of a command start: the folder that the user called from, which the bootstrap leaves for the repository's.
import { resolve } from 'node:path';

export function callerFolder(): string {
  return process.env.SONOSYNC_CALLER_FOLDER ?? process.cwd();
}

/** An absolute path for one that the user gave. */
export function callerPath(path: string): string {
  return resolve(callerFolder(), path);
}
