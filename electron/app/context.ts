// Owns what handlers and workflows work with: the store, the engine, the model in use and the emitter.
import type { AppStatus } from '../common/api.ts';
import { AppError } from '../common/errors.ts';
import type { Prompts } from '../common/prompts.ts';
import type { Label } from '../common/study.ts';
import type { Store } from '../study/store.ts';
import type { BaseModel, ModelChoice } from './base-model.ts';
import type { EngineClient } from './engine-client.ts';
import type { EngineImages } from './engine-images.ts';
import type { EventHub } from './event-hub.ts';
import type { Home } from './home.ts';
import type { Intake } from './intake.ts';
import type { PreferenceFiles } from './preferences.ts';
import type { ProposalJobs } from './proposal-jobs.ts';
import type { SecondLooks } from './second-looks.ts';

export interface AppContext {
  readonly host: AppStatus['host'];
  readonly version: string;
  readonly store: Store;
  readonly engine: EngineClient;
  readonly images: EngineImages;
  readonly events: EventHub;
  /** The base model in use. Only the reader's choice changes it (workflows/choose-model.ts), never a job. */
  model: ModelChoice;
  /** Where the choice is remembered, and where models are installed: the user's own folder first. */
  readonly home: Home;
  readonly modelFolders: readonly string[];
  /** Where the application's own label sets and sample study lie. */
  readonly resourcesFolder: string;
  /** Receiving from a scanner. */
  readonly intake: Intake;
  /** What the interface remembers. */
  readonly preferences: PreferenceFiles;
  /** Imports that run or wait, by job. */
  readonly imports: Map<string, AbortController>;
  /** Proposals in the background. */
  readonly proposalJobs: ProposalJobs;
  /** What follows the proposals that are answered after their first look. */
  readonly secondLooks: SecondLooks;
  /** Running synchronizations by label. */
  readonly trainings: Map<string, AbortController>;
  /** The running export, of which there is one at a time. */
  exporting: AbortController | null;
  /** Where this session has exported to: no other folder is opened for an interface. */
  readonly exportFolders: Set<string>;
  readonly openFolder: ((folder: string) => Promise<void>) | null;
}

/** Throws AppError('not-found') with the reason where there is no model. */
export function requireModel(context: AppContext): BaseModel {
  if (context.model.model) return context.model.model;
  throw new AppError('not-found', `Without a model nothing can be proposed or trained: ${context.model.reason}`);
}

/** The prompts that a label names, for the segmentation of a whole frame. */
export function labelPrompts(label: Label): Prompts {
  return { position: label.position, task: 'segmentation', mode: 'whole', type: label.type };
}

/** The id of the label's active adapter for a base model, that in use where none is named, or null where that speaks for itself. */
export function usableAdapterId(
  context: AppContext,
  label: Label,
  model: Pick<BaseModel, 'hash'> | null = context.model.model,
): string | null {
  return model ? (context.store.activeAdapter(label.id, model.hash)?.id ?? null) : null;
}
