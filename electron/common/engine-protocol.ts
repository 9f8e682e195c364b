// Owns the messages between a host and the engine, the child process that holds every ONNX Runtime session.
// Values are structured-clone data with typed arrays (child_process fork with advanced serialization, or a utilityProcess port).
import type { Classification } from './classification.ts';
import type { ErrorMessage } from './errors.ts';
import type { ImageBox } from './geometry.ts';
import type { Prompts } from './prompts.ts';

/** A frame for the network. `pixels` may be null when the engine was given this key before; it answers 'not-found' if it forgot. */
export interface EngineImage {
  readonly key: string;
  readonly width: number;
  readonly height: number;
  /** 1 (grey) or 3 (interleaved RGB). */
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array | null;
}

/** A model folder (manifest.json and its shards); the hash is checked against the manifest. */
export interface EngineModel {
  readonly folder: string;
}

export interface ProviderReport {
  readonly provider: string;
  readonly available: boolean;
  /** Why it was refused or is missing, in words; null for a usable one. */
  readonly reason: string | null;
  /** Largest difference from the CPU's logits relative to their standard deviation; null where it did not run. */
  readonly logitError: number | null;
  readonly maskAgreement: number | null;
  readonly milliseconds: number | null;
}

export interface EngineReport {
  readonly versions: Readonly<Record<string, string>>;
  readonly inference: readonly ProviderReport[];
  readonly training: readonly ProviderReport[];
  readonly chosen: { readonly inference: string; readonly training: string };
  /** One sentence for the interface: which provider runs and why. */
  readonly summary: string;
}

export interface ModelDescription {
  readonly id: string;
  readonly hash: string;
  readonly parameters: number;
  readonly tensors: number;
  readonly config: Readonly<Record<string, unknown>>;
}

export interface ProposalRequest {
  readonly model: EngineModel;
  readonly image: EngineImage;
  readonly prompts: Prompts;
  /** Target of local and location input; null for the whole frame. */
  readonly box: ImageBox | null;
  /** The active adapter's safetensors bytes, or null for the base model. */
  readonly adapter: Uint8Array | null;
}

export interface ProposalResult {
  /** Run-length bytes of common/mask.ts at the size of the image. */
  readonly mask: Uint8Array;
  readonly meanProbability: number;
  readonly uncertainty: number;
  /** Null where the model has no trained classes for these prompts, or tells them apart too poorly to say. */
  readonly classification: Classification | null;
  /** True for the first of two looks: the second is still to come. It says nothing of the class yet. */
  readonly provisional: boolean;
  /** Since the work on it began. */
  readonly milliseconds: number;
  readonly provider: string;
}

/** Asks again what was asked for a proposal that is kept, for more than its mask. */
export interface ProbabilityRequest extends ProposalRequest {
  /** The mask of the proposal: where the network looks twice, the look that gave this mask is the one that is meant. */
  readonly mask: Uint8Array;
}

export interface ProbabilityResult {
  /** Of every pixel of the image, row by row, in 255ths; from 128 up it is in the mask. */
  readonly probabilities: Uint8Array;
  /** Intersection over union of those pixels and the proposal's mask: 1 where the provider and the application are what they were. */
  readonly iou: number;
}

/** A model with an adapter as one file for other runtimes. */
export interface ModelExportRequest {
  readonly model: EngineModel;
  readonly adapter: Uint8Array | null;
  /** Stored in the file; its input is the whole frame. */
  readonly prompts: Prompts;
  /** What it says of itself beside the input that the model wants. */
  readonly version: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Frames on which the file is compared with the application's own way; a picture of noise is one more. */
  readonly images: readonly EngineImage[];
}

export interface ModelExportResult {
  readonly onnx: Uint8Array;
  /** How a frame becomes the network's input, as in the model's manifest, and the side of the square. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly side: number;
  /** Largest difference of the file's logits from the application's own, relative to their deviation. */
  readonly logitDifference: number;
  /** Intersection over union of the masks of both ways, one for each picture. */
  readonly ious: readonly number[];
}

/** One correction: the true mask (empty when absent) and where it came from, so that validation is split off without leaks. */
export interface CorrectionSample {
  readonly revisionId: string;
  /** Of the frame, which the engine asks for when it needs it. */
  readonly imageKey: string;
  readonly mask: Uint8Array;
  readonly patientKey: string | null;
  readonly studyId: string;
  readonly instanceId: string;
  readonly frameNumber: number;
  /** Which side the frame was on when the adapter to continue from was trained; null where it was on none. */
  readonly side: SplitSide | null;
}

export type SplitSide = 'train' | 'validation';

export interface SynchronizeRequest {
  readonly model: EngineModel;
  readonly prompts: Prompts;
  /** The adapter to continue from, or null for the base model's projections. */
  readonly adapter: Uint8Array | null;
  readonly corrections: readonly CorrectionSample[];
  readonly seed: number;
}

export interface SynchronizeProgress {
  readonly phase: 'encoding' | 'training';
  readonly step: number;
  readonly steps: number;
  readonly loss: number | null;
  /** Dice on validation where it was measured at this step. */
  readonly validationDice: number | null;
  readonly secondsLeft: number | null;
}

export interface SynchronizeResult {
  /** safetensors bytes of the best step, or null where no step was better than the start. */
  readonly adapter: Uint8Array | null;
  readonly validationBefore: number;
  readonly validationAfter: number;
  /** Why the estimate is optimistic, and what was left out where there are more corrections than are taken; in words. */
  readonly caution: string | null;
  readonly trainRevisionIds: readonly string[];
  readonly validationRevisionIds: readonly string[];
  readonly history: readonly SynchronizeProgress[];
  readonly settings: Readonly<Record<string, number | string | boolean>>;
  readonly trainableParameters: number;
  readonly modelHash: string;
  readonly seconds: number;
}

/** Long jobs of the command line, which read and write files themselves; their arguments and results are JSON. */
export type JobName =
  'pretrain' | 'evaluate' | 'replay' | 'bench' | 'model-calibrate' | 'model-import' | 'model-forward';

export interface JobRequest {
  readonly job: JobName;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface JobProgress {
  readonly message: string;
  readonly fraction: number | null;
}

/** Every call that the engine answers: interactive ones run between two steps of a background one. */
export interface EngineMethods {
  'engine:probe': { request: { model: EngineModel }; progress: never; result: EngineReport };
  'model:describe': { request: { model: EngineModel }; progress: never; result: ModelDescription };
  /** Where the network looks twice, what it says after the first look is the progress. */
  'proposal:run': { request: ProposalRequest; progress: ProposalResult; result: ProposalResult };
  /** The same for a frame that nobody waits for yet. */
  'proposal:prepare': { request: ProposalRequest; progress: never; result: ProposalResult };
  'proposal:probabilities': { request: ProbabilityRequest; progress: never; result: ProbabilityResult };
  'model:export': { request: ModelExportRequest; progress: never; result: ModelExportResult };
  /** It asks for the frames of its corrections by their keys, some of them more than once. */
  'training:synchronize': {
    request: SynchronizeRequest;
    progress: SynchronizeProgress;
    result: SynchronizeResult;
    question: string;
    answer: EngineImage;
  };
  'job:run': { request: JobRequest; progress: JobProgress; result: Readonly<Record<string, unknown>> };
}

export type EngineMethod = keyof EngineMethods;

/** What the engine may ask the host while it works on a method's request; never, where it asks nothing. */
export type EngineQuestion<M extends EngineMethod> = EngineMethods[M] extends { question: infer Q } ? Q : never;

/** What it is answered. */
export type EngineAnswer<M extends EngineMethod> = EngineMethods[M] extends { answer: infer A } ? A : never;

/** How the engine ends itself (in the manner of sysexits.h), so that the host can say why. */
export const engineExitCodes = {
  /** An error that nothing caught. */
  uncaught: 70,
  /** A provider other than the CPU failed at work: a fresh process is needed to use it again, or to do without. */
  providerFailed: 71,
} as const;

export type ToEngine =
  | { kind: 'request'; id: number; method: EngineMethod; params: unknown }
  | { kind: 'cancel'; id: number }
  | { kind: 'answer'; question: number; value: unknown }
  | { kind: 'refusal'; question: number; error: ErrorMessage };

export type FromEngine =
  | { kind: 'ready' }
  | { kind: 'progress'; id: number; value: unknown }
  /** Asked for the request `id`; numbers of questions are the engine's own. */
  | { kind: 'question'; id: number; question: number; value: unknown }
  | { kind: 'result'; id: number; value: unknown }
  | { kind: 'error'; id: number; error: ErrorMessage };
