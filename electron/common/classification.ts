// Owns what is told of a structure's class: a probability for each name, and how far such probabilities can be trusted.
import { z } from 'zod';

const share = z.number().min(0).max(1);

export const classificationSchema = z.object({
  /** They add up to 1. */
  classes: z.array(z.object({ name: z.string(), probability: share })),
  /** Measured on validation images of the same Position, Object and Input, none of which the network or its calibration was fitted to. */
  calibration: z.object({
    /** Mean distance between what was said and what was so, over ten bins of probability. */
    expectedCalibrationError: share,
    validationCases: z.number().int(),
    /** Share of those cases that are of the last class: probabilities answer to such a population. */
    prevalence: share,
    auc: share,
  }),
});

export type Classification = z.output<typeof classificationSchema>;

/** Area under the ROC curve on validation from which classes are shown; below, they would mislead more than they tell. */
export const shownFromAuc = 0.65;
