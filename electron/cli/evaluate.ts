// Owns `evaluate`: what a model is worth on a split of M2-US sets, as figures and as a report with the worst cases.
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { callerPath } from '../app/caller.ts';
import { modes } from '../common/prompts.ts';
import { modelFolder, runJob } from './engine-job.ts';
import { names, providerOption, wholeNumber } from './option-values.ts';
import { action } from './shell.ts';

interface EvaluateOptions {
  readonly model: string;
  readonly provider: string;
  readonly dataset: string;
  readonly split: string;
  readonly sets?: string[];
  readonly input: string;
  readonly jitter?: number;
  readonly flip?: boolean;
  readonly secondLook?: boolean;
  readonly seed: number;
  readonly out?: string;
}

export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('measure a model on a split of M2-US sets: overlap, outline distances, classes')
    .requiredOption('--model <model>', 'id or folder')
    .requiredOption('--dataset <root>', 'the folder that holds segmentation/ and classification/')
    .option('--split <name>', 'train, val or test', 'test')
    .option('--sets <names>', 'only these sets, separated by commas', names)
    .addOption(
      new Option(
        '--input <mode>',
        'what the network sees: the whole frame, a crop around the true mask, or the frame with its box brightened',
      )
        .choices(modes)
        .default('whole'),
    )
    .option(
      '--jitter <share>',
      'with local or location input: how far each side of the box may be off (default: 0.1)',
      jitterShare,
    )
    .option('--flip', "average with the mirrored frame (default: as the model's proposals are made)")
    .option('--no-flip', 'look at the frame as it is only')
    .option('--second-look', "look again where something was found (default: as the model's proposals are made)")
    .option('--no-second-look', 'look at the whole frame only')
    .option('--seed <n>', 'of the jitter and of the intervals', wholeNumber, 1)
    .option('--out <dir>', 'write report.json, images.csv and index.html with the worst cases')
    .addOption(providerOption())
    .action(
      action<EvaluateOptions>(async ({ model, dataset, out, ...options }, _args, context) => {
        const result = await runJob(
          'evaluate',
          {
            ...options,
            model: await modelFolder(model),
            dataset: callerPath(dataset),
            out: out === undefined ? undefined : callerPath(out),
          },
          context,
        );
        return { json: result, text: JSON.stringify(result, null, 2) };
      }),
    );
}

function jitterShare(text: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 0.45)) {
    throw new InvalidArgumentError('Expected a number from 0 to 0.45.');
  }
  return share;
}
