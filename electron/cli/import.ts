// Owns `import`: files and folders of images into the workspace.
import { basename } from 'node:path';
import type { Command } from 'commander';
import { callerPath } from '../app/caller.ts';
import { importPaths } from '../app/workflows/import.ts';
import { describeImportedFiles } from '../app/workflows/import-report.ts';
import { createAbortError } from '../common/errors.ts';
import { action } from './shell.ts';
import type { CommandResult } from './shell.ts';
import { withWorkspace } from './workspace.ts';

/** Of the files that are no images and were expected beside them, so many are named; --json names all. */
const namedAtMost = 5;

export function addImport(program: Command): void {
  program
    .command('import')
    .description(
      'import DICOM, pictures (PNG, JPEG, WebP, TIFF, BMP, GIF) and video (MP4, MOV, AVI), and folders of them',
    )
    .argument('<paths...>', 'files and folders; a DICOMDIR stands for what it lists')
    .option('--with-masks', 'take the masks of M2-US folders as accepted annotations')
    .action(
      action<{ withMasks?: true }>(({ withMasks }, paths, context) =>
        withWorkspace(context, { create: true }, async (app): Promise<CommandResult> => {
          const result = await importPaths(app.context, paths.map(callerPath), {
            signal: context.signal,
            m2usMasks: withMasks === true,
            onProgress: ({ done, total, file, frames }) => {
              const decoded = frames === null ? '' : `, frame ${frames}`;
              context.progress(file === null ? null : `${done} of ${total}  ${basename(file)}${decoded}`);
            },
          });
          for (const warning of result.warnings) context.note(`warning: ${warning}`);
          for (const { reason, expected } of result.skipped) if (!expected) context.note(`skipped: ${reason}`);
          const others = result.skipped.filter(({ expected }) => expected);
          for (const { reason } of others.slice(0, namedAtMost)) context.note(`no image: ${reason}`);
          if (others.length > namedAtMost) context.note(`no image: ${others.length - namedAtMost} more files.`);
          if (result.cancelled) throw createAbortError();
          const nothing = result.instanceIds.length === 0;
          return {
            json: { ...describeImportedFiles(app.context, result) },
            text: nothing
              ? `Nothing was imported from ${paths.join(', ')}.`
              : [
                  `${count(result.addedInstanceIds.length, 'file')} added with ${count(result.frameCount, 'frame')}`,
                  `${result.unchanged.length} there already`,
                  `${result.skipped.length} skipped.`,
                ].join(', '),
            incomplete: nothing,
          };
        }),
      ),
    );
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
