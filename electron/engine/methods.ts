// Owns what the engine does for each method of the protocol, and what it holds meanwhile: loaded models and the chosen providers.
import type { ProposalRequest } from '../common/engine-protocol.ts';
import { exportModel } from '../inference/export-model.ts';
import type { ProposalSteps } from '../inference/loaded-model.ts';
import { LoadedModels } from '../inference/models.ts';
import { runJob } from '../training/jobs.ts';
import { probeNetwork } from './probe.ts';
import { endIfProviderFails } from './provider-failure.ts';
import { ProposalThreads } from './proposal-threads.ts';
import type { EngineFunctions, QueueOptions } from './queue.ts';
import { synchronize } from './synchronize.ts';

export interface EngineWork {
  readonly functions: EngineFunctions;
  readonly beside: NonNullable<QueueOptions['beside']>;
}

/** Everything runs on the CPU until a probe has chosen otherwise. */
export function createEngineWork(): EngineWork {
  const models = new LoadedModels();
  const threads = new ProposalThreads();
  let chosen = { inference: 'cpu', training: 'cpu' };
  const propose = (request: ProposalRequest, steps: ProposalSteps) =>
    endIfProviderFails(chosen.inference, () => models.propose(request, steps));
  const functions = {
    'engine:probe': async ({ model }, { turn }) => {
      const report = await models.use(model.folder, ({ runner }) => probeNetwork(runner.network, turn));
      models.choose(model.folder, report.chosen.inference);
      chosen = report.chosen;
      // The first proposal finds its sessions made. What keeps them from being made is told by that proposal.
      await models.use(model.folder, ({ runner }) => runner.prepare('segmentation', turn)).catch(() => undefined);
      return report;
    },
    'model:describe': ({ model }) => models.describe(model.folder),
    'proposal:run': (request, { report, turn }) => {
      let isSeen = false;
      const steps: ProposalSteps = {
        onFirstLook: (first) => {
          isSeen = true;
          report(first);
        },
        // The first look is waited for: nothing comes between its steps.
        turn: async () => {
          if (isSeen) await turn();
        },
      };
      return threads.hold(() => propose(request, steps));
    },
    'proposal:prepare': (request, { turn }) => propose(request, { turn }),
    'proposal:probabilities': (request) =>
      endIfProviderFails(chosen.inference, () =>
        models.use(request.model.folder, (model) => model.probabilities(request)),
      ),
    'model:export': (request) => models.use(request.model.folder, (model) => exportModel(model, request)),
    'training:synchronize': (request, context) => {
      // Frames are encoded and measured on the provider of proposals.
      const provider = chosen.training === 'cpu' ? chosen.inference : chosen.training;
      return endIfProviderFails(provider, () =>
        models.use(request.model.folder, (model) => synchronize(model, chosen.training, request, context)),
      );
    },
    'job:run': (request, context) => runJob(request, context),
  } satisfies EngineFunctions;

  return {
    functions,
    beside: (method, params) => {
      if (method !== 'proposal:prepare' || chosen.inference !== 'cpu') return null;
      const request = params as ProposalRequest; // the protocol's request of this method
      const model = models.loaded(request.model.folder);
      if (!model || !threads.isReady(model)) return null;
      return ({ signal }) =>
        models.use(request.model.folder, (present) =>
          // Meanwhile they may have been given to another model.
          threads.isReady(present)
            ? threads.run(present, request, signal)
            : propose(request, { turn: async () => signal.throwIfAborted() }),
        );
    },
  };
}
