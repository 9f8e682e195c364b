// Owns `evaluate`: Dice and accuracy of a model on a split of M2-US sets.
import type { Command } from 'commander';
import { Option } from 'commander';
import { callerPath } from '../app/caller.ts';
import { modelFolder, runJob } from './engine-job.ts';
import { names, providerOption } from './option-values.ts';
import { action } from './shell.ts';

interface EvaluateOptions {
  readonly model: string;
  readonly provider: string;
  readonly dataset: string;
  readonly split: string;
  readonly sets?: string[];
  readonly input: string;
}

export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('measure a model on a split of M2-US sets')
    .requiredOption('--model <model>', 'id or folder')
    .requiredOption('--dataset <root>', 'the folder that holds segmentation/ and classification/')
    .option('--split <name>', 'train, val or test', 'test')
    .option('--sets <names>', 'only these sets, separated by commas', names)
    .addOption(new Option('--input <mode>', 'what the network sees').choices(['whole', 'local']).default('whole'))
    .addOption(providerOption())
    .action(
      action<EvaluateOptions>(async ({ model, dataset, ...options }, _args, context) => {
        const result = await runJob(
          'evaluate',
          { ...options, model: await modelFolder(model), dataset: callerPath(dataset) },
          context,
        );
        return { json: result, text: JSON.stringify(result, null, 2) };
      }),
    );
}
