// A small engine of real steps: the true job queue in a true child process, with work whose length and end a test can choose.
// A step holds the thread, as ONNX Runtime's run() does.
import type { EngineImage, ProposalRequest, ProposalResult } from '../../electron/common/engine-protocol.ts';
import { encodeMask } from '../../electron/common/mask.ts';
import { AppError } from '../../electron/common/errors.ts';
import { serveEngine } from '../../electron/engine/serve.ts';
import type { JobContext } from '../../electron/training/context.ts';

if (process.env['STEP_ENGINE_DIES_AT_START'] === 'yes') process.exit(9);

const provider = process.env['SONOSYNC_PROVIDER'] ?? 'webgpu';

function holdThread(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** Of a leg it finds only the brightest part at first. */
async function propose(
  { image, prompts }: ProposalRequest,
  context: JobContext<ProposalResult>,
): Promise<ProposalResult> {
  if (prompts.position === 'leg') {
    context.report(threshold(image, 192, true));
    for (let step = 0; step < 8; step += 1) {
      await context.turn();
      holdThread(5);
    }
  }
  return threshold(image, 128, false);
}

function threshold(image: EngineImage, level: number, provisional: boolean): ProposalResult {
  const started = performance.now();
  if (!image.pixels) throw new AppError('not-found', `The image "${image.key}" is not known here.`);
  const data = image.pixels.map((sample) => (sample >= level ? 1 : 0));
  return {
    mask: encodeMask({ width: image.width, height: image.height, data }),
    meanProbability: 1,
    uncertainty: 0,
    classification: null,
    provisional,
    milliseconds: performance.now() - started,
    provider,
  };
}

serveEngine({
  // A folder of this name is a driver that takes the process down.
  'engine:probe': async ({ model }) => {
    if (model.folder === 'bad driver' && provider !== 'cpu') process.exit(71);
    return {
      versions: { pid: String(process.pid) },
      inference: [],
      training: [],
      chosen: { inference: provider, training: provider },
      summary: `Runs on ${provider}.`,
    };
  },

  // The folder's name says what happens.
  'model:describe': async ({ model }) => {
    if (model.folder === 'missing') throw new AppError('not-found', 'No model folder is at "missing".');
    if (model.folder === 'bug') throw new TypeError('x is not a function');
    if (model.folder === 'uncaught') {
      setImmediate(() => {
        throw new Error('Patient^Name');
      });
      await new Promise(() => {});
    }
    if (model.folder === 'uncloneable') return { id: () => {} } as never; // what a bug might return
    return { id: provider, hash: String(process.pid), parameters: 0, tensors: 0, config: {} };
  },

  'proposal:run': propose,
  'proposal:prepare': (request, context) => propose(request, { ...context, report: () => {} }),

  'proposal:probabilities': async () => {
    throw new AppError('unsupported', 'This engine has no network.');
  },

  'model:export': async () => {
    throw new AppError('unsupported', 'This engine has no network.');
  },

  // It learns nothing: it asks for every frame and tells in the caution what it was given. A leg ends the process at its second frame.
  'training:synchronize': async ({ corrections, prompts, seed }, { ask }) => {
    const given: string[] = [];
    for (const { imageKey, side } of corrections) {
      const { pixels } = await ask(imageKey);
      given.push(`${imageKey}${side ? ` (${side})` : ''}: ${pixels?.join(' ')}`);
      if (prompts.position === 'leg' && given.length === 2) process.exit(1);
    }
    return {
      adapter: null,
      validationBefore: 0,
      validationAfter: 0,
      caution: given.join(', '),
      trainRevisionIds: [],
      validationRevisionIds: [],
      history: [],
      settings: { seed },
      trainableParameters: 0,
      modelHash: '',
      seconds: 0,
    };
  },

  // Options: steps, stepMs.
  'job:run': async ({ options }, context) => {
    const steps = Number(options['steps']);
    for (let step = 1; step <= steps; step += 1) {
      holdThread(Number(options['stepMs']));
      context.report({ message: String(process.pid), fraction: step / steps });
      await context.turn();
    }
    return { pid: process.pid, provider, steps };
  },
});
