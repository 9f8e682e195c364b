// Owns the learning rate of pre-training over the time of one call: warm-up, constant, then a cool-down branch to zero.

export interface Schedule {
  readonly learningRate: number;
  /** Steps over which the rate rises from zero, counted from the first step of a run, not of a call. */
  readonly warmupSteps: number;
  /** The share of a call's time in which the exported weights are cooled down. */
  readonly coolDownShare: number;
  /** The last share of a call's time, in which classes are taught, where there are any. */
  readonly classificationShare: number;
}

export const defaultSchedule: Schedule = {
  learningRate: 4e-4,
  warmupSteps: 200,
  coolDownShare: 0.25,
  classificationShare: 0.1,
};

/** The rate of a step of the constant-rate run. */
export function constantRate({ learningRate, warmupSteps }: Schedule, step: number): number {
  return warmupSteps === 0 ? learningRate : learningRate * Math.min(1, step / warmupSteps);
}

/** The rate in the cool-down, by the share of it that has passed: straight to zero. */
export function coolDownRate(learningRate: number, passed: number): number {
  return learningRate * Math.max(0, 1 - passed);
}
