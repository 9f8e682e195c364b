// Owns what the engine does for each method of the protocol, and what it holds meanwhile: loaded models and the chosen providers.
import { LoadedModels } from '../inference/models.ts';
import { runJob } from '../training/jobs.ts';
import { probeNetwork } from './probe.ts';
import type { EngineFunctions } from './queue.ts';
import { synchronize } from './synchronize.ts';

/** Everything runs on the CPU until a probe has chosen otherwise. */
export function createEngineFunctions(): EngineFunctions {
  const models = new LoadedModels();
  let trainingProvider = 'cpu';
  return {
    'engine:probe': async ({ model }, { turn }) => {
      const { runner } = await models.get(model.folder);
      const report = await probeNetwork(runner.network, turn);
      await models.useProvider(report.chosen.inference);
      trainingProvider = report.chosen.training;
      return report;
    },
    'model:describe': ({ model }) => models.describe(model.folder),
    'proposal:run': (request) => models.propose(request),
    'training:synchronize': (request, context) => synchronize(models, trainingProvider, request, context),
    'job:run': (request, context) => runJob(request, context),
  } satisfies EngineFunctions;
}
