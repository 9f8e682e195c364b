// Owns `label add` and `label list`.
import type { Command } from 'commander';
import type { ObjectType, Position } from '../common/prompts.ts';
import { objectOption, positionOption } from './option-values.ts';
import { action } from './shell.ts';
import { withWorkspace } from './workspace.ts';

export function addLabel(program: Command): void {
  const label = program.command('label').description('the structures to annotate');
  label
    .command('add')
    .description('add a structure to annotate')
    .argument('<name>', 'its name, such as "Median nerve"')
    .addOption(positionOption())
    .addOption(objectOption())
    .action(
      action<{ position: Position; object: ObjectType }>(({ position, object }, [name], context) =>
        withWorkspace(context, { create: true }, async (app) => {
          const added = await app.send('label:add', { name, position, type: object });
          return {
            json: { label: added.id, name: added.name, position, object, color: added.color },
            text: `Label "${added.name}" added (${added.id}).`,
          };
        }),
      ),
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
              labels: labels.map(({ id, name, position, type, activeAdapterId }) => ({
                label: id,
                name,
                position,
                object: type,
                adapter: activeAdapterId,
              })),
            },
            text: labels.map(({ id, name, position, type }) => `${id}  ${name}  (${position}, ${type})`).join('\n'),
          };
        }),
      ),
    );
}
