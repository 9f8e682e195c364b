// Owns `pretrain --workspace`: a base model out of one's own annotations, measured against the active one, and installed without being chosen.
import { basename } from 'node:path';
import { z } from 'zod';
import { requireModel } from '../app/context.ts';
import {
  discardTraining,
  keepModel,
  prepareTraining,
  type WorkspaceTraining,
} from '../app/workflows/pretrain-workspace.ts';
import type { BaseModel } from '../app/base-model.ts';
import type { EngineClient } from '../app/engine-client.ts';
import { runJobOn, withEngine } from './engine-job.ts';
import type { CommandContext, CommandResult } from './shell.ts';
import { withWorkspace } from './workspace.ts';

export interface WorkspacePretrainOptions {
  readonly minutes: number;
  readonly id?: string;
  /** A model folder, or weights as `model import` reads them; the active model where it is left out. */
  readonly init?: string;
  /** The one that a probe chooses where it is left out. */
  readonly provider?: string;
  readonly sets?: readonly string[];
  readonly seed?: number;
  readonly batch?: number;
  readonly learningRate?: number;
}

/** Gentler than from random numbers: the network knows ultrasound already. */
const gentleRate = 1e-4;
const shortWarmup = 20;

const evaluation = z.object({
  sets: z.record(z.string(), z.object({ dice: z.number(), n: z.number() })),
  meanDice: z.number(),
});

/** What the job says of its work. */
const jobResult = z.object({
  hash: z.string(),
  steps: z.number(),
  minutes: z.number(),
  validation: evaluation,
  compared: evaluation,
  provider: z.string(),
  stepMilliseconds: z.number(),
  plannedSteps: z.number(),
});

type Outcome = z.output<typeof jobResult>;

/** The workspace is open only while its annotations are copied; it can be worked on while the network trains. */
export async function pretrainOnWorkspace(
  options: WorkspacePretrainOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const { training, active } = await withWorkspace(context, { create: false }, async (app) => ({
    active: requireModel(app.context),
    training: await prepareTraining(app.context, {
      ...(options.id === undefined ? {} : { id: options.id }),
      signal: context.signal,
    }),
  }));
  let outcome: Outcome;
  try {
    const { train, val, test } = training.frames;
    context.note(`${train} frames to train on, ${val} for validation, ${test} for a test later: whole patients each.`);
    outcome = await runTraining(training, active.folder, options, context);
  } catch (error) {
    await discardTraining(training);
    throw error;
  }
  const started = options.init === undefined ? `${active.title} (${active.id})` : basename(options.init);
  await keepModel(training, outcome.hash, describeCard(training, outcome, started, active));
  return describeResult(training, outcome, active);
}

/** Runs the job where a probe finds training to be right and fastest, unless a provider is named. */
function runTraining(
  { id, title, dataset, run, model }: WorkspaceTraining,
  activeFolder: string,
  options: WorkspacePretrainOptions,
  context: CommandContext,
): Promise<Outcome> {
  const { minutes, init = activeFolder, sets, seed, batch, learningRate = gentleRate } = options;
  return withEngine(async (engine) => {
    const provider = options.provider ?? (await probe(engine, activeFolder, context));
    const result = await runJobOn(
      engine,
      'pretrain',
      {
        dataset,
        minutes,
        out: run,
        init,
        sets,
        seed,
        batch,
        learningRate,
        provider,
        warmupSteps: shortWarmup,
        model: { folder: model, id, title },
        compareWith: activeFolder,
      },
      context,
    );
    return jobResult.parse(result);
  });
}

async function probe(engine: EngineClient, folder: string, context: CommandContext): Promise<string> {
  const report = await engine.call('engine:probe', { model: { folder } }, { signal: context.signal });
  context.note(report.summary);
  return report.chosen.training;
}

function describeResult(training: WorkspaceTraining, outcome: Outcome, active: BaseModel): CommandResult {
  const { id, title, target, frames } = training;
  const { hash, steps, minutes, plannedSteps, stepMilliseconds, provider, validation, compared } = outcome;
  const choose = `sonosync model choose ${id}`;
  const sets = Object.entries(validation.sets).map(([set, { dice, n }]) => {
    return `  ${set} (${n}): ${diceOf(compared, set)} before, ${dice.toFixed(3)} now`;
  });
  return {
    json: {
      model: id,
      title,
      hash,
      folder: target,
      steps,
      plannedSteps,
      stepMilliseconds,
      minutes,
      provider,
      frames: { train: frames.train, validation: frames.val, test: frames.test },
      validation: { new: validation, active: { model: active.id, ...compared } },
      chosen: false,
      choose,
    },
    text: [
      `"${title}" (${id}) was trained in ${minutes.toFixed(1)} minutes, ${steps} steps, on ${provider}: ${target}`,
      `Dice on the same validation frames: ${active.title} ${compared.meanDice.toFixed(3)}, the new model ${validation.meanDice.toFixed(3)}.`,
      ...sets,
      ...(validation.meanDice > compared.meanDice
        ? []
        : ['It is not better there: more minutes or more frames may help.']),
      `It is not in use. To use it: ${choose}`,
    ].join('\n'),
  };
}

/** MODEL_CARD.md of a model that was trained on a workspace. */
function describeCard(
  { title, labels, frames }: WorkspaceTraining,
  { steps, minutes, provider, validation, compared }: Outcome,
  startedFrom: string,
  active: BaseModel,
): string {
  const rows = Object.entries(validation.sets).map(([set, { dice, n }]) => {
    return `| ${set} | ${n} | ${diceOf(compared, set)} | ${dice.toFixed(3)} |`;
  });
  return [
    `# ${title}`,
    '',
    `Trained on this machine from the accepted annotations of a workspace: ${labels.join(', ')}.`,
    '',
    `- Started from: ${startedFrom}`,
    `- Frames: ${frames.train} to train on, ${frames.val} for validation, ${frames.test} set aside and never seen; whole patients each`,
    `- ${steps} steps in ${minutes.toFixed(1)} minutes on ${provider}`,
    '',
    `| set | validation frames | Dice, ${active.title} | Dice, this model |`,
    '|---|---|---|---|',
    ...rows,
    '',
    'The best weights were selected on the validation frames, so that the last column is optimistic. For research and annotation, not for diagnosis.',
    '',
  ].join('\n');
}

function diceOf({ sets }: Outcome['compared'], set: string): string {
  return sets[set]?.dice.toFixed(3) ?? '–';
}
