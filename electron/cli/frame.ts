// Owns `frame`: one frame of the workspace as an RGB PNG, as it is displayed.
import type { Command } from 'commander';
import { callerPath } from '../app/caller.ts';
import type { Picture } from '../common/picture.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { encodePng } from '../files/image.ts';
import { wholeNumber } from './option-values.ts';
import { action } from './shell.ts';
import { withWorkspace } from './workspace.ts';

interface FrameOptions {
  readonly instance: string;
  readonly frame: number;
  readonly out: string;
}

export function addFrame(program: Command): void {
  program
    .command('frame')
    .description('write one frame as PNG')
    .requiredOption('--instance <uid>', 'SOPInstanceUID, or the name of the imported file')
    .option('--frame <n>', 'frame number, from 1', wholeNumber, 1)
    .requiredOption('--out <file>', 'the PNG to write')
    .action(
      action<FrameOptions>((options, _args, context) =>
        withWorkspace(context, { create: false }, async (app) => {
          const frame = app.context.store.frameOf(options.instance, options.frame);
          const picture = await app.context.store.framePicture(frame.id);
          const file = callerPath(options.out);
          await writeFileAtomic(file, await encodePng(toColor(picture)));
          const { instance } = app.context.store.frameContext(frame.id);
          return {
            json: {
              instance: instance.sopInstanceUID,
              frame: frame.frameNumber,
              file,
              width: frame.width,
              height: frame.height,
            },
            text: `${file}: ${frame.width}×${frame.height} pixels.`,
          };
        }),
      ),
    );
}

/** Grey as RGB, so that those who compare frames meet one form. */
function toColor({ width, height, channels, pixels }: Picture): Picture {
  if (channels === 3) return { width, height, channels, pixels };
  const colored = new Uint8Array(pixels.length * 3);
  for (let i = 0; i < pixels.length; i += 1) colored.fill(pixels[i], i * 3, i * 3 + 3);
  return { width, height, channels: 3, pixels: colored };
}
