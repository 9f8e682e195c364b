// Owns `import`: files and folders of images into the workspace.
import type { Command } from 'commander';
import { callerPath } from '../app/caller.ts';
import { importPaths } from '../app/workflows/import.ts';
import { AppError } from '../common/errors.ts';
import { action } from './shell.ts';
import type { CommandResult } from './shell.ts';
import { withWorkspace } from './workspace.ts';

export function addImport(program: Command): void {
  program
    .command('import')
    .description('import DICOM, PNG, JPEG, WebP, TIFF or BMP files, and folders of them')
    .argument('<paths...>', 'files and folders')
    .option('--with-masks', 'take the masks of M2-US folders as accepted annotations')
    .action(
      action<{ withMasks?: true }>(({ withMasks }, paths, context) =>
        withWorkspace(context, { create: true }, async (app): Promise<CommandResult> => {
          const result = await importPaths(app.context, paths.map(callerPath), {
            signal: context.signal,
            m2usMasks: withMasks === true,
            onProgress: (done, total) => context.note(`${done} of ${total}`),
          });
          for (const warning of result.warnings) context.note(`warning: ${warning}`);
          for (const failure of result.failures) context.note(`error: ${failure.message}`);
          if (result.studyIds.length === 0) {
            throw new AppError('bad-input', `Nothing was imported from ${paths.join(', ')}.`);
          }
          const { store } = app.context;
          const studies = store.listStudies().filter((study) => result.studyIds.includes(study.id));
          const frames = studies.flatMap((study) => store.listFrameRecords(study.id));
          const instances = new Map(
            frames.map((frame) => {
              const { instance } = store.frameContext(frame.id);
              return [instance.id, instance];
            }),
          );
          return {
            json: {
              studies: studies.map(({ id, title, frameCount }) => ({ study: id, title, frames: frameCount })),
              instances: [...instances.values()].map(({ sopInstanceUID, fileName, frameCount }) => ({
                instance: sopInstanceUID,
                file: fileName,
                frames: frameCount,
              })),
              addedFrames: result.frameCount,
              unchanged: result.unchanged,
              failures: result.failures,
              warnings: result.warnings,
            },
            text: `${result.frameCount} frames added; ${studies.map((study) => study.title).join(', ')}.`,
            incomplete: result.failures.length > 0,
          };
        }),
      ),
    );
}
