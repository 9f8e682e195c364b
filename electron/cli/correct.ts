// Owns `correct`: a mask from a PNG becomes the accepted annotation of a frame.
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { callerPath } from '../app/caller.ts';
import { correctAnnotation } from '../app/workflows/annotate.ts';
import { AppError } from '../common/errors.ts';
import type { BinaryMask } from '../common/mask.ts';
import { decodeMaskPng } from '../files/mask-image.ts';
import { wholeNumber } from './option-values.ts';
import { action } from './shell.ts';
import { withWorkspace } from './workspace.ts';

interface CorrectOptions {
  readonly label: string;
  readonly instance: string;
  readonly frame: number;
  readonly mask: string;
}

export function addCorrect(program: Command): void {
  program
    .command('correct')
    .description('accept a mask from a PNG; an empty one says that the structure is not in this frame')
    .requiredOption('--label <label>', 'id or name')
    .requiredOption('--instance <uid>', 'SOPInstanceUID, or the name of the imported file')
    .option('--frame <n>', 'frame number, from 1', wholeNumber, 1)
    .requiredOption('--mask <png>', 'as large as the frame; black is outside')
    .action(
      action<CorrectOptions>(async (options, _args, context) => {
        const file = callerPath(options.mask);
        const mask = await readMask(file);
        return withWorkspace(context, { create: false }, async (app) => {
          const { store } = app.context;
          const label = store.labelNamed(options.label);
          const frame = store.frameOf(options.instance, options.frame);
          const revision = correctAnnotation(app.context, frame, label, mask, file);
          return {
            json: {
              revision: revision.id,
              label: label.id,
              instance: store.frameContext(frame.id).instance.sopInstanceUID,
              frame: frame.frameNumber,
              reviewState: revision.reviewState,
              corrections: store.countCorrections(label.id),
            },
            text: `${label.name}, frame ${frame.frameNumber}: ${revision.reviewState}.`,
          };
        });
      }),
    );
}

async function readMask(file: string): Promise<BinaryMask> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new AppError('not-found', `The mask ${file} does not exist or cannot be read.`, { cause });
  });
  return decodeMaskPng(bytes, file);
}
