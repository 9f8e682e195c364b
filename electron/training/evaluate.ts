// Owns the measurement of a model on the frames of an M2-US split: Dice at the original mask size, and accuracy where there are classes.
import { maskBox, maskDice } from '../common/mask.ts';
import type { Prompts } from '../common/prompts.ts';
import type { NetworkRunner, Projections } from '../inference/network-runner.ts';
import { logOdds, pasteMask } from '../inference/postprocess.ts';
import { placeModelFrame, sampleInput, type InputSpec } from '../inference/preprocess.ts';
import type { JobContext } from './context.ts';
import type { DatasetItem } from './dataset-item.ts';

export interface Evaluation {
  readonly sets: Record<string, { dice: number; n: number }>;
  /** Mean over the sets. */
  readonly meanDice: number;
  readonly classification: Record<string, { accuracy: number; n: number }>;
}

export type EvaluationInput = 'whole' | 'local';

/** Every item once. With local input the box is that of the true mask. */
export async function evaluateItems(
  runner: NetworkRunner,
  spec: InputSpec,
  items: readonly DatasetItem[],
  context: Pick<JobContext<{ done: number; total: number }>, 'turn' | 'report'>,
  options: { input?: EvaluationInput; projections?: Projections | null; classify?: boolean } = {},
): Promise<Evaluation> {
  const dice = new Map<string, number[]>();
  const hits = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    const result = await evaluateItem(runner, spec, item, options);
    if (result.dice !== null) append(dice, item.set, result.dice);
    if (result.correct !== null) append(hits, item.set, Number(result.correct));
    if (index % 20 === 19) context.report({ done: index + 1, total: items.length });
    await context.turn();
  }
  const sets = Object.fromEntries([...dice].map(([set, values]) => [set, { dice: mean(values), n: values.length }]));
  return {
    sets,
    meanDice: mean(Object.values(sets).map((set) => set.dice)),
    classification: Object.fromEntries(
      [...hits].map(([set, values]) => [set, { accuracy: mean(values), n: values.length }]),
    ),
  };
}

/** Dice of one frame under the item's own prompts, or under others; null where there is no mask or no class. */
export async function evaluateItem(
  runner: NetworkRunner,
  spec: InputSpec,
  item: DatasetItem,
  options: { input?: EvaluationInput; projections?: Projections | null; classify?: boolean },
): Promise<{ dice: number | null; correct: boolean | null }> {
  const box = options.input === 'local' && item.mask ? maskBox(item.mask) : null;
  const frame = placeModelFrame(spec, item.frame, box, runner.network.config.imageSize);
  const picture = { ...item.frame, channels: 1 as const, pixels: item.frame.gray };
  const features = await runner.encode(sampleInput(picture, frame, spec));
  const prompts: Prompts = {
    position: item.position,
    type: item.type,
    mode: box ? 'local' : 'whole',
    task: 'segmentation',
  };
  const projections = options.projections ?? null;
  let dice: number | null = null;
  if (item.mask) {
    const logits = await runner.decode(features, prompts, projections);
    dice = maskDice(pasteMask(logOdds(logits, frame.side), frame, item.frame), item.mask);
  }
  let correct: boolean | null = null;
  if (item.classIndex !== null && options.classify !== false) {
    const [benign, malignant] = await runner.decode(features, { ...prompts, task: 'classification' }, projections);
    correct = Number(malignant > benign) === item.classIndex;
  }
  return { dice, correct };
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function append(map: Map<string, number[]>, key: string, value: number): void {
  const values = map.get(key) ?? [];
  values.push(value);
  map.set(key, values);
}
