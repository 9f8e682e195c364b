// Owns `model import`, `model forward`, `model info` and `model list`.
import type { Command } from 'commander';
import { listBaseModels, modelSearchFolders } from '../app/base-model.ts';
import { callerFolder, callerPath } from '../app/caller.ts';
import { findHome } from '../app/home.ts';
import { findInstallation } from '../app/installation.ts';
import { modelFolder, runJob, withEngine } from './engine-job.ts';
import { wholeNumbers } from './option-values.ts';
import { action } from './shell.ts';

interface ForwardOptions {
  readonly image: string;
  readonly out: string;
  readonly shape: number[];
  readonly position: number[];
  readonly task: number[];
  readonly mode: number[];
  readonly type: number[];
}

export function addModel(program: Command): void {
  const model = program.command('model').description('base models');
  addImportModel(model);
  addForward(model);
  addInfo(model);
  addList(model);
}

function addImportModel(model: Command): void {
  model
    .command('import')
    .description('import a PyTorch checkpoint or a folder of safetensors shards')
    .argument('<path>', 'the checkpoint, or the folder of shards')
    .option('--out <dir>', 'the model folder to write; in SONOSYNC_HOME/models where it is left out')
    .option('--id <id>', 'the id that commands will know it by')
    .action(
      action<{ out?: string; id?: string }>(async ({ out, id }, [path], context) => {
        const source = callerPath(path);
        const modelsFolder = findHome(process.env, callerFolder()).modelsFolder;
        const result = await runJob(
          'model-import',
          { source, out: out === undefined ? undefined : callerPath(out), modelsFolder, id },
          context,
        );
        return { json: result, text: JSON.stringify(result, null, 2) };
      }),
    );
}

function addForward(model: Command): void {
  model
    .command('forward')
    .description('run raw tensors through a model, for comparison with another implementation')
    .argument('<model>', 'id or folder')
    .requiredOption('--image <file>', 'float32, little-endian')
    .requiredOption('--shape <n,c,h,w>', 'its shape', wholeNumbers)
    .requiredOption('--position <i,...>', 'one index an image', wholeNumbers)
    .requiredOption('--task <i,...>', 'one index an image', wholeNumbers)
    .requiredOption('--mode <i,...>', 'one index an image', wholeNumbers)
    .requiredOption('--type <i,...>', 'one index an image', wholeNumbers)
    .requiredOption('--out <dir>', 'where the logits are written')
    .action(
      action<ForwardOptions>(async ({ image, out, ...options }, [name], context) => {
        const result = await runJob(
          'model-forward',
          { ...options, model: await modelFolder(name), image: callerPath(image), out: callerPath(out) },
          context,
        );
        return { json: result, text: JSON.stringify(result, null, 2) };
      }),
    );
}

function addInfo(model: Command): void {
  model
    .command('info')
    .description('configuration and size of a model')
    .argument('<model>', 'id or folder')
    .action(
      action(async (_options, [name], context) => {
        const folder = await modelFolder(name);
        const { id, hash, parameters, tensors, config } = await withEngine((engine) =>
          engine.call('model:describe', { model: { folder } }, { signal: context.signal }),
        );
        const json = { model: id, folder, hash, parameters, tensors, config };
        return { json, text: JSON.stringify(json, null, 2) };
      }),
    );
}

function addList(model: Command): void {
  model
    .command('list')
    .description('the models that are installed')
    .action(
      action(async (_options, _args, context) => {
        const { models, faults } = await listBaseModels(
          modelSearchFolders(findInstallation(), findHome(process.env, callerFolder())),
        );
        for (const fault of faults) context.note(`warning: ${fault.message}`);
        return {
          json: { models: models.map(({ id, title, hash, folder }) => ({ model: id, title, hash, folder })) },
          text:
            models.map(({ id, title, folder }) => `${id}  ${title}  ${folder}`).join('\n') || 'No model is installed.',
        };
      }),
    );
}
