// Owns `export`: the accepted annotations in a format that others read.
import type { Command } from 'commander';
import { callerPath } from '../app/caller.ts';
import { action } from './shell.ts';
import { withWorkspace } from './workspace.ts';

interface ExportOptions {
  readonly format: string;
  readonly out: string;
  readonly includeEdited?: true;
}

export function addExport(program: Command): void {
  program
    .command('export')
    .description('write the accepted annotations, read them back and compare')
    .requiredOption('--format <format>', 'coco, png, m2us …')
    .requiredOption('--out <dir>', 'a new or empty folder')
    .option('--include-edited', 'edited annotations too, not only accepted ones')
    .action(
      action<ExportOptions>(({ format, out, includeEdited }, _args, context) =>
        withWorkspace(context, { create: false }, async (app) => {
          const folder = callerPath(out);
          const result = await app.send('export:run', { format, folder, includeEdited: includeEdited === true });
          const { lost, minIoU, meanIoU } = result.fidelity;
          for (const loss of lost) context.note(`not carried by ${format}: ${loss}`);
          const agreement =
            minIoU === 1
              ? 'every mask is equal'
              : `IoU ${minIoU.toFixed(4)} at worst, ${meanIoU.toFixed(4)} on average`;
          return {
            json: result,
            text: `${result.annotations} annotations written to ${result.folder} and read back: ${agreement}.`,
          };
        }),
      ),
    );
}
