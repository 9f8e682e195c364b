// Owns what a model is found to know of classes: the classification decoder on validation images, under each Position, Object and Input.
import { modes } from '../common/prompts.ts';
import type { NetworkRunner } from '../inference/network-runner.ts';
import type { InputSpec } from '../inference/preprocess.ts';
import type { TrainedClasses } from '../../models/manifest.ts';
import { calibrateClasses, groupByPrompts } from './calibration.ts';
import type { JobContext } from './context.ts';
import type { DatasetItem } from './dataset-item.ts';
import { predictItem, targetBox, type PredictionOptions } from './evaluate.ts';

/** How far a hand's box is off, as `evaluate` has it. */
const jitter = 0.1;

/**
 * Calibrates on the items that are benign or malignant, for that is what proposals and reports say of a class; local and location input take those with a mask. Prompts with too few cases are left out.
 * Flip and second look as the model's proposals are made.
 */
export async function measureClasses(
  runner: NetworkRunner,
  spec: InputSpec,
  items: readonly DatasetItem[],
  asProposed: Pick<PredictionOptions, 'flip' | 'secondLook'>,
  context: Pick<JobContext<{ done: number; total: number }>, 'turn' | 'report'>,
): Promise<TrainedClasses[]> {
  const classed = items.flatMap((item) =>
    item.classIndex === null || !item.tellsMalignancy ? [] : [{ ...item, classIndex: item.classIndex }],
  );
  const trained: TrainedClasses[] = [];
  let done = 0;
  for (const { position, type, cases: group } of groupByPrompts(classed)) {
    for (const mode of modes) {
      const seen = mode === 'whole' ? group : group.filter((item) => targetBox(item, 0, 1) !== null);
      const cases: { logit: number; classIndex: number }[] = [];
      for (const item of seen) {
        const options = { ...asProposed, input: mode, jitter, segment: false };
        const { classLogit } = await predictItem(runner, spec, item, options);
        cases.push({ logit: classLogit!, classIndex: item.classIndex });
        done += 1;
        if (done % 20 === 0) context.report({ done, total: classed.length * modes.length });
        await context.turn();
      }
      const found = calibrateClasses(cases, { position, type, mode });
      if (found) trained.push(found);
    }
  }
  return trained;
}
