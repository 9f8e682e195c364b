// Owns `model import`, `model calibrate`, `model forward`, `model info`, `model list` and `model choose`.
import type { Command } from 'commander';
import { chooseRememberedModel, modelSearchFolders } from '../app/base-model.ts';
import { callerFolder, callerPath } from '../app/caller.ts';
import { findHome } from '../app/home.ts';
import { findInstallation } from '../app/installation.ts';
import { findIntactModel, listInstalledModels } from '../app/installed-models.ts';
import { saveSettings } from '../app/settings.ts';
import type { ModelView, UnusableModel } from '../common/api.ts';
import { modelFolder, runJob, withEngine } from './engine-job.ts';
import { names, providerOption, wholeNumbers } from './option-values.ts';
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
  addCalibrate(model);
  addForward(model);
  addInfo(model);
  addList(model);
  addChoose(model);
}

function addImportModel(model: Command): void {
  model
    .command('import')
    .description('import a PyTorch checkpoint, a folder of safetensors shards, or a model folder')
    .argument('<path>', 'the checkpoint, or the folder')
    .option('--out <dir>', 'the model folder to write; in SONOSYNC_HOME/models where it is left out')
    .option('--id <id>', 'the id that commands will know it by')
    .action(
      action<{ out?: string; id?: string }>(async ({ out, id }, [path], context) => {
        const source = callerPath(path);
        const home = findHome(process.env, callerFolder());
        const { modelsFolder } = home;
        const searchFolders = modelSearchFolders(findInstallation(), home);
        const result = await runJob(
          'model-import',
          { source, out: out === undefined ? undefined : callerPath(out), modelsFolder, searchFolders, id },
          context,
        );
        return { json: result, text: JSON.stringify(result, null, 2) };
      }),
    );
}

function addCalibrate(model: Command): void {
  model
    .command('calibrate')
    .description("fit a model's class probabilities on the validation split, and write them into its manifest")
    .argument('<model>', 'id or folder')
    .requiredOption('--dataset <root>', 'the folder that holds segmentation/ and classification/')
    .option('--sets <names>', 'only these sets, separated by commas', names)
    .addOption(providerOption())
    .action(
      action<{ dataset: string; sets?: string[]; provider: string }>(
        async ({ dataset, ...options }, [name], context) => {
          const result = await runJob(
            'model-calibrate',
            { ...options, model: await modelFolder(name), dataset: callerPath(dataset) },
            context,
          );
          return { json: result, text: JSON.stringify(result, null, 2) };
        },
      ),
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
    .description('the models that are installed, which is active, and which cannot be used')
    .action(
      action(async (_options, _args, context) => {
        const installation = findInstallation();
        const home = findHome(process.env, callerFolder());
        const { model: active } = await chooseRememberedModel(installation, home, context.note);
        const { models, unusable } = await listInstalledModels(home, modelSearchFolders(installation, home), active);
        return {
          json: { models: models.map(({ id, ...view }) => ({ model: id, ...view })), unusable },
          text:
            [...models.map(describeModel), ...unusable.map(describeUnusable)].join('\n') || 'No model is installed.',
        };
      }),
    );
}

function addChoose(model: Command): void {
  model
    .command('choose')
    .description('make an installed model the one that proposes and is trained, from now on')
    .argument('<id>', 'as model list names it')
    .action(
      action(async (_options, [id], context) => {
        const home = findHome(process.env, callerFolder());
        const chosen = await findIntactModel(id, modelSearchFolders(findInstallation(), home));
        const model = { folder: chosen.folder };
        await withEngine((engine) => engine.call('model:describe', { model }, { signal: context.signal }));
        await saveSettings(home, { model: chosen.id });
        const { title, hash, folder } = chosen;
        return {
          json: { model: chosen.id, title, hash, folder },
          text: `${title} (${chosen.id}) is the active model.`,
        };
      }),
    );
}

/** "* starter  PerceptGuide starter  b07c46ab  22.8 MiB  shipped", its folder, and a line for each split that was measured. */
function describeModel({ id, title, hash, folder, bytes, origin, active, metrics, card }: ModelView): string {
  const head = `${active ? '*' : ' '} ${id}  ${title}  ${hash.slice(0, 8)}  ${(bytes / 2 ** 20).toFixed(1)} MiB  ${origin}`;
  const splits = [...new Set(metrics.map(({ split }) => split))].map((split) => {
    const sets = metrics.filter((metric) => metric.split === split);
    return `    Dice on ${split}: ${sets.map(({ set, dice }) => `${set} ${dice.toFixed(3)}`).join(', ')}`;
  });
  return [head, `    ${folder}${card === null ? '' : ' (with a card)'}`, ...splits].join('\n');
}

function describeUnusable({ name, reason, active }: UnusableModel): string {
  return `${active ? '*' : ' '} ${name}  cannot be used: ${reason}`;
}
