// Owns `pretrain`: supervised training of the whole network on M2-US sets. A call that is interrupted goes on from its last checkpoint.
import type { Command } from 'commander';
import { callerPath } from '../app/caller.ts';
import { modelFolder, runJob } from './engine-job.ts';
import { names, positiveNumber, wholeNumber, providerOption } from './option-values.ts';
import { action } from './shell.ts';

interface PretrainOptions {
  readonly provider: string;
  readonly dataset: string;
  readonly minutes: number;
  readonly out: string;
  readonly init?: string;
  readonly sets?: string[];
  readonly seed?: number;
  readonly batch?: number;
  readonly learningRate?: number;
}

export function addPretrain(program: Command): void {
  program
    .command('pretrain')
    .description('train a base model on folders in the M2-US layout')
    .requiredOption('--dataset <root>', 'the folder that holds segmentation/ and classification/')
    .requiredOption('--minutes <n>', 'how long this call may take', positiveNumber)
    .requiredOption('--out <dir>', 'the model folder to write, and to go on from')
    .option('--init <model>', 'id or folder of a model to start from')
    .option('--sets <names>', 'only these sets, separated by commas', names)
    .option('--seed <n>', 'of every random choice', wholeNumber)
    .option('--batch <n>', 'images in a step', wholeNumber)
    .option('--learning-rate <n>', 'of the constant part', positiveNumber)
    .addOption(providerOption())
    .action(
      action<PretrainOptions>(async ({ dataset, out, init, ...options }, _args, context) => {
        const result = await runJob(
          'pretrain',
          {
            ...options,
            dataset: callerPath(dataset),
            out: callerPath(out),
            init: init === undefined ? undefined : await initialModel(init),
          },
          context,
        );
        return { json: result, text: JSON.stringify(result, null, 2) };
      }),
    );
}

/** An id or model folder, or else a path: weights without a manifest are read as `model import` reads them. */
async function initialModel(init: string): Promise<string> {
  return modelFolder(init).catch(() => callerPath(init));
}
