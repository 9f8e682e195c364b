// Owns `pretrain`: supervised training of the whole network, on M2-US sets (a call that is interrupted goes on from its last checkpoint) or
// on the accepted annotations of a workspace.
import { Option } from 'commander';
import type { Command } from 'commander';
import { callerPath } from '../app/caller.ts';
import { AppError } from '../common/errors.ts';
import { modelFolder, runJob } from './engine-job.ts';
import { names, positiveNumber, wholeNumber } from './option-values.ts';
import { pretrainOnWorkspace } from './pretrain-workspace.ts';
import { action } from './shell.ts';

interface PretrainOptions {
  readonly provider?: string;
  readonly dataset?: string;
  readonly minutes: number;
  readonly out?: string;
  readonly id?: string;
  readonly init?: string;
  readonly sets?: string[];
  readonly seed?: number;
  readonly batch?: number;
  readonly learningRate?: number;
  readonly classesOnly?: boolean;
}

export function addPretrain(program: Command): void {
  program
    .command('pretrain')
    .description('train a base model on folders in the M2-US layout, or with --workspace on what was accepted there')
    .option('--dataset <root>', 'the folder that holds segmentation/ and classification/')
    .requiredOption('--minutes <n>', 'how long this call may take', positiveNumber)
    .option('--out <dir>', 'with --dataset: the model folder to write, and to go on from')
    .option('--id <id>', "with --workspace: the new model's id (default: the workspace's title and the date)")
    .option('--init <model>', 'id or folder of a model to start from (default with --workspace: the active model)')
    .option('--sets <names>', 'only these sets, separated by commas', names)
    .option('--seed <n>', 'of every random choice', wholeNumber)
    .option('--batch <n>', 'images in a step', wholeNumber)
    .option('--learning-rate <n>', 'of the constant part; with --classes-only that of the classes', positiveNumber)
    .option('--classes-only', 'with --init: teach it classes, and leave its masks as they are')
    .addOption(
      new Option(
        '--provider <name>',
        'where ONNX Runtime computes, as doctor lists them (default: cpu; with --workspace the one that a probe chooses)',
      ),
    )
    .hook('preAction', (_program, command) => {
      const fault = usageFault(command.optsWithGlobals<PretrainOptions & { workspace?: string }>());
      if (fault) command.error(`error: ${fault}`);
    })
    .action(
      action<PretrainOptions>(async (options, _args, context) => {
        const init = options.init === undefined ? undefined : await initialModel(options.init);
        if (options.dataset === undefined || options.out === undefined) {
          return pretrainOnWorkspace({ ...options, ...(init === undefined ? {} : { init }) }, context);
        }
        const { dataset, out } = options;
        const result = await runJob(
          'pretrain',
          { ...options, dataset: callerPath(dataset), out: callerPath(out), init },
          context,
        );
        return { json: result, text: JSON.stringify(result, null, 2) };
      }),
    );
}

/** What is wrong with the options as a whole, or null. */
function usageFault({
  dataset,
  out,
  id,
  init,
  classesOnly,
  workspace,
}: PretrainOptions & { workspace?: string }): string | null {
  if (dataset !== undefined && workspace !== undefined) return '--dataset and --workspace exclude each other.';
  if (dataset === undefined && workspace === undefined)
    return 'name what to train on: --dataset ROOT or --workspace DIR.';
  if (classesOnly && dataset === undefined) return '--classes-only goes with --dataset.';
  if (classesOnly && init === undefined) return '--classes-only needs --init, the model that is taught.';
  if (workspace !== undefined && out !== undefined) {
    return 'with --workspace the model goes into SONOSYNC_HOME/models; name it with --id, without --out.';
  }
  if (dataset !== undefined && out === undefined) return '--dataset needs --out, the model folder to write.';
  if (dataset !== undefined && id !== undefined) return '--id goes with --workspace; with --dataset name --out.';
  return null;
}

/** An id or model folder, or else a path: weights without a manifest are read as `model import` reads them. */
async function initialModel(init: string): Promise<string> {
  return modelFolder(init).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not-found') return callerPath(init);
    throw error;
  });
}
