// Owns the folders of trainings in SONOSYNC_HOME. They hold copies of patients' pictures: each notes whose it is, so that those of a process
// that was killed are found and emptied.
import { mkdir, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from '../files/atomic-write.ts';
import type { Home } from './home.ts';

const prefix = 'training-';
const holderName = 'training.holder';

/** Ids of processes are used again, in a container at every start: of this one are the folders that it made itself. */
const ownFolders = new Set<string>();

/** Makes a folder for a training of this process, with nothing in it but the note. */
export async function makeTrainingFolder(home: Home): Promise<string> {
  await mkdir(home.folder, { recursive: true });
  const folder = await mkdtemp(join(home.folder, prefix));
  ownFolders.add(folder);
  try {
    await writeFileAtomic(join(folder, holderName), new TextEncoder().encode(`${process.pid}\n${hostname()}\n`));
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Where the parts of a training lie in its folder. */
export function trainingPaths(folder: string): { dataset: string; run: string; model: string } {
  return { dataset: join(folder, 'dataset'), run: join(folder, 'run'), model: join(folder, 'model') };
}

/** Takes away what trainings left whose process is no more. A folder that cannot be read or removed waits for the next time. */
export async function clearLeftTrainings(home: Home): Promise<void> {
  const names = await readdir(home.folder).catch(() => []);
  for (const name of names.filter((candidate) => candidate.startsWith(prefix))) {
    const folder = join(home.folder, name);
    if (await isLeft(folder)) await clearFolder(folder).catch(() => undefined);
  }
}

/** False where that cannot be told: without a note, as in the moment before it is written, or on another machine that shares the home. */
async function isLeft(folder: string): Promise<boolean> {
  const note = await readFile(join(folder, holderName), 'utf8').catch(() => '');
  const [processId, host] = note.split('\n');
  if (!/^[1-9]\d*$/.test(processId) || host !== hostname()) return false;
  return Number(processId) === process.pid ? !ownFolders.has(folder) : !isRunning(Number(processId));
}

function isRunning(processId: number): boolean {
  try {
    // Signal 0 is none: it asks whether there is such a process.
    return process.kill(processId, 0);
  } catch (error) {
    // One of another user may not be asked, and is there.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** A model that is whole stays: the reader was told where it lies when it could not be installed. */
async function clearFolder(folder: string): Promise<void> {
  const { dataset, run, model } = trainingPaths(folder);
  const isWhole = await stat(join(model, 'manifest.json')).then(
    () => true,
    () => false,
  );
  for (const path of isWhole ? [dataset, run] : [folder]) await rm(path, { recursive: true, force: true });
}
