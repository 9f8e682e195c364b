// Owns `label add`, `label list` and `label sets`.
import type { Command } from 'commander';
import type { App } from '../app/app.ts';
import { findInstallation } from '../app/installation.ts';
import { readLabelSets } from '../app/label-sets.ts';
import type { LabelView } from '../common/api.ts';
import type { ObjectType, Position } from '../common/prompts.ts';
import { objectOption, positionOption } from './option-values.ts';
import { action } from './shell.ts';
import type { CommandResult } from './shell.ts';
import { withWorkspace } from './workspace.ts';

export function addLabel(program: Command): void {
  const label = program.command('label').description('the structures to annotate');
  label
    .command('add')
    .description('add a structure to annotate, or those of a set')
    .argument('[name]', 'its name, such as "Median nerve"; with --set, one of the set')
    .addOption(positionOption().makeOptionMandatory(false))
    .addOption(objectOption().makeOptionMandatory(false))
    .option('--set <name>', 'take the labels, with their codes, from a set (label sets)')
    .hook('preAction', refuseIncomplete)
    .action(
      action<AddOptions>((options, [name], context) =>
        withWorkspace(context, { create: true }, (app) =>
          options.set === undefined ? addOne(app, name, options) : addFromSet(app, options.set, name),
        ),
      ),
    );
  label
    .command('sets')
    .description('list the label sets that come with the application')
    .action(
      action(async () => {
        const sets = await readLabelSets(findInstallation().resourcesFolder);
        return {
          json: { sets },
          text: sets.map(({ id, labels }) => `${id}  ${labels.map(({ name }) => name).join(', ')}`).join('\n'),
        };
      }),
    );
  label
    .command('list')
    .description('list the labels of the workspace')
    .action(
      action((_options, _args, context) =>
        withWorkspace(context, { create: false }, async (app) => {
          const labels = await app.send('label:list', {});
          return {
            json: {
              labels: labels.map(({ activeAdapterId, hidden, ...label }) => ({
                ...describe(label),
                hidden,
                adapter: activeAdapterId,
              })),
            },
            text: labels.map(({ id, name, position, type }) => `${id}  ${name}  (${position}, ${type})`).join('\n'),
          };
        }),
      ),
    );
}

interface AddOptions {
  readonly position?: Position;
  readonly object?: ObjectType;
  readonly set?: string;
}

/** Either a set, or all that a label of one's own needs: anything else is wrong usage. */
function refuseIncomplete(command: Command): void {
  const { position, object, set } = command.opts<AddOptions>();
  if (set !== undefined) {
    if (position ?? object) command.error('error: --set brings its own --position and --object.');
  } else if (command.args.length === 0 || !position || !object) {
    command.error('error: a label needs a name, --position and --object, or a --set that it is taken from.');
  }
}

async function addOne(app: App, name: string, { position, object }: AddOptions): Promise<CommandResult> {
  if (!position || !object) throw new Error('refuseIncomplete lets no such label through.');
  const added = await app.send('label:add', { name, position, type: object });
  return { json: describe(added), text: `Label "${added.name}" added (${added.id}).` };
}

async function addFromSet(app: App, setId: string, name: string | undefined): Promise<CommandResult> {
  const { added, kept } = await app.send('label-set:apply', { setId, ...(name ? { names: [name] } : {}) });
  const lines = [
    ...added.map((label) => `Label "${label.name}" added (${label.id}).`),
    ...kept.map((label) => `Label "${label.name}" was there already (${label.id}).`),
  ];
  return { json: { added: added.map(describe), kept: kept.map(describe) }, text: lines.join('\n') };
}

function describe(label: Omit<LabelView, 'activeAdapterId' | 'hidden'>) {
  const { id, name, position, type, color, code } = label;
  return { label: id, name, position, object: type, color, code };
}
