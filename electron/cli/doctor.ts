// Owns `doctor`: versions, what ONNX Runtime can use here, which provider was chosen and why.
import type { Command } from 'commander';
import { starterModelId } from '../app/base-model.ts';
import { findInstallation } from '../app/installation.ts';
import type { ProviderReport } from '../common/engine-protocol.ts';
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
        const tools = await findVideoTools();
        const versions = { sonosync: findInstallation().version, ...report.versions };
        return {
          json: { ...report, versions, model: folder, ffmpeg: tools?.ffmpeg ?? null },
          text: [
            Object.entries(versions)
              .map(([name, version]) => `${name} ${version}`)
              .join(', '),
            describeProviders('inference', report.inference, report.chosen.inference),
            describeProviders('training', report.training, report.chosen.training),
            report.summary,
            describeVideo(tools?.ffmpeg ?? null),
          ].join('\n'),
        };
      }),
    );
}

function describeVideo(ffmpeg: string | null): string {
  return ffmpeg === null ? 'video: no ffmpeg on PATH, so that videos cannot be imported' : `video: ${ffmpeg}`;
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
