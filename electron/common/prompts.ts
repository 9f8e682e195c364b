// Owns the four prompts of PerceptGuide (Lin et al., Medical Image Analysis 2025) and their one-hot order.
// The interface says Position, Task, Input, Object; tensors and records keep the authors' code names position, task, mode, type.

export const positions = [
  'ovary',
  'breast',
  'thyroid',
  'carotid',
  'appendix',
  'liver',
  'cardiac',
  'head',
  'kidney',
  'leg',
  'indis',
] as const;
export const tasks = ['segmentation', 'classification'] as const;
export const modes = ['whole', 'local', 'location'] as const;
export const types = ['tumor', 'organ'] as const;

export type Position = (typeof positions)[number];
export type Task = (typeof tasks)[number];
export type Mode = (typeof modes)[number];
export type ObjectType = (typeof types)[number];

export interface Prompts {
  readonly position: Position;
  readonly task: Task;
  readonly mode: Mode;
  readonly type: ObjectType;
}

/** The values of each prompt in one-hot order. */
export const promptValues = { position: positions, task: tasks, mode: modes, type: types } as const;

export type PromptName = keyof typeof promptValues;

/** The order in which the authors' code multiplies the prompts. */
export const promptNames = ['position', 'task', 'mode', 'type'] as const satisfies readonly PromptName[];

/** The index of each prompt's value in its one-hot vector. */
export function promptIndices(prompts: Prompts): Record<PromptName, number> {
  return {
    position: positions.indexOf(prompts.position),
    task: tasks.indexOf(prompts.task),
    mode: modes.indexOf(prompts.mode),
    type: types.indexOf(prompts.type),
  };
}
