// Owns `doctor`: versions, what ONNX Runtime can use here, which provider was chosen and why.
import type { Command } from 'commander';
import { starterModelId } from '../app/base-model.ts';
import { callerFolder } from '../app/caller.ts';
import { findHome } from '../app/home.ts';
import { findInstallation } from '../app/installation.ts';
import { loadSettings } from '../app/settings.ts';
import type { ProviderReport } from '../common/engine-protocol.ts';
import { AppError } from '../common/errors.ts';
import { modelFolder, withEngine } from './engine-job.ts';
import { findVideoTools } from '../files/video.ts';
import { action } from './shell.ts';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('what runs here and why')
    .option('--model <model>', 'id or folder of the model to probe with', starterModelId)
    .action(
      action<{ model: string }>(async ({ model }, _args, context) => {
        const folder = await modelFolder(model);
        const report = await withEngine((engine) =>
          engine.call('engine:probe', { model: { folder } }, { signal: context.signal }),
        );
        const home = findHome(process.env, callerFolder());
        const settings = await loadSettings(home, context.note);
        const video = await findVideo(settings.ffmpeg);
        const versions = { sonosync: findInstallation().version, ...report.versions };
        return {
          json: { ...report, versions, model: folder, ffmpeg: video.ffmpeg },
          text: [
            Object.entries(versions)
              .map(([name, version]) => `${name} ${version}`)
              .join(', '),
            describeProviders('inference', report.inference, report.chosen.inference),
            describeProviders('training', report.training, report.chosen.training),
            report.summary,
            `video: ${video.text}`,
          ].join('\n'),
        };
      }),
    );
}

/** The program that reads videos, where the settings or PATH have one, and what there is to say of it. */
async function findVideo(place: string | undefined): Promise<{ ffmpeg: string | null; text: string }> {
  try {
    const tools = await findVideoTools(place);
    if (tools) return { ffmpeg: tools.ffmpeg, text: tools.ffmpeg };
    return { ffmpeg: null, text: 'no ffmpeg on PATH, so that videos cannot be imported' };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ffmpeg: null, text: `${error.message} Videos cannot be imported.` };
  }
}

function describeProviders(purpose: string, providers: readonly ProviderReport[], chosen: string): string {
  const lines = providers.map(({ provider, reason, logitError, milliseconds }) => {
    const figures = [
      milliseconds === null ? '' : `${milliseconds.toFixed(1)} ms`,
      logitError === null ? '' : `error ${logitError.toExponential(1)}`,
    ].filter(Boolean);
    return `  ${provider === chosen ? '*' : ' '} ${provider.padEnd(9)} ${[...figures, reason ?? 'usable'].join(', ')}`;
  });
  return [`${purpose}:`, ...lines].join('\n');
}
