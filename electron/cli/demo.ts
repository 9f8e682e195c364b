// Owns `demo`: the whole loop on the simulated sample study, and a page that shows it.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { callerFolder, callerPath } from '../app/caller.ts';
import { findHome } from '../app/home.ts';
import { findInstallation } from '../app/installation.ts';
import { launchApp } from '../app/launch.ts';
import { runDemo } from '../app/workflows/demo.ts';
import type { DemoResult } from '../app/workflows/demo.ts';
import { AppError } from '../common/errors.ts';
import { modelFolder } from './engine-job.ts';
import { wholeNumber } from './option-values.ts';
import { action } from './shell.ts';
import type { CommandContext } from './shell.ts';

interface DemoCommandOptions {
  readonly out: string;
  readonly model?: string;
  readonly seed: number;
}

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('propose, correct, synchronize and propose again on simulated pictures; writes a page that shows it')
    .requiredOption('--out <dir>', 'a new or empty folder')
    .option('--model <model>', 'id or folder of the base model')
    .option('--seed <n>', 'of every random choice', wholeNumber, 1)
    .action(
      action<DemoCommandOptions>(async ({ out, model, seed }, _args, context) => {
        const folder = callerPath(out);
        await takeFolder(folder);
        try {
          const named = model === undefined ? null : await modelFolder(model);
          const { record, page, ...figures } = await showLoop(folder, named, seed, context);
          const { activated, reason } = record.synchronization;
          const frames = record.frames.map(({ title, heldOut, absent, diceBefore, diceAfter }) => {
            return { title, heldOut, absent, diceBefore, diceAfter };
          });
          return {
            json: { page, model: record.model.id, ...figures, activated, reason, seconds: record.seconds, frames },
            text: `Held-out Dice ${figures.diceBefore.toFixed(3)} before, ${figures.diceAfter.toFixed(3)} after ${figures.corrections} corrections. Page: ${page}`,
          };
        } catch (error) {
          // The folder was empty: half a demonstration would only stand in the way of the next.
          for (const part of demoParts) await rm(join(folder, part), { recursive: true, force: true });
          throw error;
        }
      }),
    );
}

/** What a demonstration writes into its folder. */
const demoParts = ['index.html', 'pictures', 'exports', 'workspace'];

async function showLoop(
  folder: string,
  model: string | null,
  seed: number,
  context: CommandContext,
): Promise<DemoResult> {
  const app = await launchApp({
    host: 'cli',
    workspaceFolder: join(folder, 'workspace'),
    model,
    home: findHome(process.env, callerFolder()),
    warn: context.note,
  });
  try {
    const { resourcesFolder } = findInstallation();
    return await runDemo(app.context, { folder, resourcesFolder, seed, signal: context.signal, note: context.note });
  } finally {
    await app.close();
  }
}

/** Makes the folder. Throws AppError('conflict') where it holds anything: nothing is written over. */
async function takeFolder(folder: string): Promise<void> {
  const entries = await mkdir(folder, { recursive: true })
    .then(() => readdir(folder))
    .catch((cause: unknown) => {
      throw new AppError('storage', `The folder ${folder} cannot be made or read.`, { cause });
    });
  if (entries.length > 0) {
    throw new AppError('conflict', `${folder} is not empty. Choose a new or empty folder; nothing was written.`);
  }
}
