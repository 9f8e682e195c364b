// Owns `annotations import`, `annotations conflicts` and `annotations decide`: annotations from elsewhere become revisions, and where both sides
// changed, a person decides.
import { Option } from 'commander';
import type { Command } from 'commander';
import { callerPath } from '../app/caller.ts';
import { importAnnotations } from '../app/workflows/import-annotations.ts';
import { AppError, createAbortError } from '../common/errors.ts';
import { action } from './shell.ts';
import { withWorkspace } from './workspace.ts';

export function addAnnotations(program: Command): void {
  const annotations = program.command('annotations').description('annotations from elsewhere');
  annotations
    .command('import')
    .description(
      'take annotations from an export, or from COCO, YOLO, VOC, LabelMe, NIfTI, PNG, CSV, M2-US or DICOM SEG files',
    )
    .argument('<folder>', 'where they are')
    .option('--reader <name>', 'who made annotations that do not say')
    .action(
      action<{ reader?: string }>(({ reader }, [folder], context) =>
        withWorkspace(context, { create: false }, async (app) => {
          const order = { folder: callerPath(folder), jobId: null, files: null, reader: reader ?? null };
          const result = await importAnnotations(app.context, order, context.signal);
          for (const remark of result.remarks) context.note(`remark: ${remark}`);
          for (const { frame, label, reason } of result.unmatched)
            context.note(`left out: ${label} in ${frame}. ${reason}`);
          const { format, added, updated, unchanged, conflicts, unmatched, cancelled, trouble } = result;
          const text = `${format}: ${added} added, ${updated} updated, ${unchanged} as before, ${conflicts} conflicts, ${unmatched.length} left out.`;
          if (cancelled || trouble !== null) context.note(`Not all was read. ${text}`);
          if (cancelled) throw createAbortError();
          if (trouble !== null) throw new AppError('corrupt', trouble);
          return { json: result, text, incomplete: unmatched.length > 0 };
        }),
      ),
    );
  annotations
    .command('conflicts')
    .description('list what waits for a decision, since both sides had changed')
    .action(
      action((_options, _args, context) =>
        withWorkspace(context, { create: false }, async (app) => {
          const conflicts = (await app.send('conflict:list', {})).map(
            ({ ours: _ours, theirs: _theirs, ...rest }) => rest,
          );
          const lines = conflicts.map(
            ({ id, label, studyTitle, frameNumber, reader, source, iou }) =>
              `${id}  ${label}, frame ${frameNumber} of ${studyTitle}; theirs by ${reader} (${source}); IoU ${iou.toFixed(3)}`,
          );
          return { json: { conflicts }, text: lines.join('\n') || 'No conflicts.' };
        }),
      ),
    );
  annotations
    .command('decide')
    .description('settle a conflict')
    .argument('<id>', 'as `annotations conflicts` lists it')
    .addOption(
      new Option('--take <side>', "the workspace's own or the other").choices(['ours', 'theirs']).makeOptionMandatory(),
    )
    .action(
      action<{ take: 'ours' | 'theirs' }>(({ take }, [conflictId], context) =>
        withWorkspace(context, { create: false }, async (app) => {
          const json = await app.send('conflict:decide', { conflictId, take });
          return { json: { ...json, taken: take }, text: `Taken: ${take}.` };
        }),
      ),
    );
}
