// Owns `replay`: downstream synchronization on a set whose true masks stand in for a sonographer's corrections.
import { Option } from 'commander';
import type { Command } from 'commander';
import { starterModelId } from '../app/base-model.ts';
import { callerPath } from '../app/caller.ts';
import { modelFolder, runJob } from './engine-job.ts';
import { names, objectOption, positionOption, wholeNumber, providerOption } from './option-values.ts';
import { action } from './shell.ts';

interface ReplayOptions {
  readonly model: string;
  readonly provider: string;
  readonly dataset: string;
  readonly set: string;
  readonly split: string;
  readonly corrections: number;
  readonly position: string;
  readonly object: string;
  readonly otherSets?: string[];
  readonly seed: number;
  readonly scope: string;
}

export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('measure what synchronization brings on a set with true masks')
    .option('--model <model>', 'id or folder', starterModelId)
    .requiredOption('--dataset <root>', 'the folder that holds segmentation/')
    .requiredOption('--set <name>', 'the set to correct')
    .option('--split <name>', 'train, val or test', 'test')
    .option('--corrections <n>', 'how many images are corrected; the rest is held out', wholeNumber, 20)
    .addOption(positionOption())
    .addOption(objectOption())
    .option('--other-sets <names>', 'sets that must not change, separated by commas', names)
    .option('--seed <n>', 'of every random choice', wholeNumber, 1)
    .addOption(
      new Option('--scope <scope>', "a label's private projections, or the model's shared ones, without the gate")
        .choices(['label', 'model'])
        .default('label'),
    )
    .addOption(providerOption())
    .action(
      action<ReplayOptions>(async ({ model, dataset, ...options }, _args, context) => {
        const result = await runJob(
          'replay',
          { ...options, model: await modelFolder(model), dataset: callerPath(dataset) },
          context,
        );
        return { json: result, text: JSON.stringify(result, null, 2) };
      }),
    );
}
