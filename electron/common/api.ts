// Owns the one contract between an interface and the app: commands with schemas, and the events that state what happened.
// Both hosts (Electron IPC, loopback HTTP + WebSocket) carry exactly this. Binary values are Uint8Array; there is no base64 and no JSON pixel.
import { z } from 'zod';
import type { ErrorMessage } from './errors.ts';
import { modes, positions, tasks, types } from './prompts.ts';
import { reviewStates } from './study.ts';

const id = z.string().min(1).max(200);
// Not z.instanceof: its type would be that of views of an ArrayBuffer alone, which Node's file functions do not promise.
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected bytes (Uint8Array)');
const dice = z.number().min(0).max(1);

export const promptsSchema = z.object({
  position: z.enum(positions),
  task: z.enum(tasks),
  mode: z.enum(modes),
  type: z.enum(types),
});

export const boxSchema = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number().positive(),
  height: z.number().positive(),
});

export const labelSchema = z.object({
  id,
  name: z.string().min(1).max(80),
  color: z.string(),
  position: z.enum(positions),
  type: z.enum(types),
  activeAdapterId: id.nullable(),
});

/** A line of the study list. Counts are over (frame, label) pairs of every label. */
export const studySummarySchema = z.object({
  id,
  title: z.string(),
  position: z.enum(positions).nullable(),
  simulated: z.boolean(),
  frameCount: z.number().int(),
  /** Frames with at least one accepted or absent annotation. */
  reviewedFrames: z.number().int(),
  firstFrameId: id,
});

export const frameSummarySchema = z.object({
  id,
  instanceId: id,
  frameNumber: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
  pixelAspectRatio: z.number(),
  /** Review state by label id; a label without annotation or proposal has no entry. */
  states: z.record(z.string(), z.enum(reviewStates)),
  /** Uncertainty of the newest proposal by label id. */
  uncertainty: z.record(z.string(), z.number()),
});

export const proposalSchema = z.object({
  id,
  frameId: id,
  labelId: id,
  prompts: promptsSchema,
  box: boxSchema.nullable(),
  modelId: z.string(),
  adapterId: id.nullable(),
  mask: bytes,
  meanProbability: z.number(),
  uncertainty: z.number(),
  createdAt: z.string(),
});

export const revisionSchema = z.object({
  id,
  frameId: id,
  labelId: id,
  parentId: id.nullable(),
  proposalId: id.nullable(),
  reviewState: z.enum(reviewStates),
  segmentAlgorithmType: z.enum(['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL']),
  mask: bytes,
  gesture: z.string(),
  createdAt: z.string(),
});

export const adapterSchema = z.object({
  id,
  labelId: id,
  modelHash: z.string(),
  corrections: z.number().int(),
  validationBefore: dice,
  validationAfter: dice,
  caution: z.string().nullable(),
  createdAt: z.string(),
  active: z.boolean(),
});

export const queueItemSchema = z.object({
  frameId: id,
  studyId: id,
  studyTitle: z.string(),
  /** The frame's place in its study, from 1. */
  frameNumber: z.number().int(),
  /** Why this one comes next, in words for the list. */
  reason: z.string(),
});

export const trainingProgressSchema = z.object({
  labelId: id,
  phase: z.enum(['encoding', 'training']),
  step: z.number().int(),
  steps: z.number().int(),
  loss: z.number().nullable(),
  validationDice: z.number().nullable(),
  secondsLeft: z.number().nullable(),
});

export const trainingResultSchema = z.object({
  labelId: id,
  adapterId: id.nullable(),
  activated: z.boolean(),
  /** One sentence for the reader: why it was activated or not. */
  reason: z.string(),
  validationBefore: dice,
  validationAfter: dice,
  caution: z.string().nullable(),
  corrections: z.number().int(),
  seconds: z.number(),
});

export const exportResultSchema = z.object({
  format: z.string(),
  folder: z.string(),
  files: z.array(z.string()),
  annotations: z.number().int(),
  /** What the format cannot carry of these annotations, in words. */
  losses: z.array(z.string()),
  /** Every mask was read back and is equal. */
  verified: z.boolean(),
});

export const statusSchema = z.object({
  version: z.string(),
  host: z.enum(['electron', 'web', 'cli']),
  workspace: z.object({ folder: z.string(), title: z.string() }),
  reader: z.string(),
  model: z.object({ id: z.string(), title: z.string() }).nullable(),
  engine: z.object({ state: z.enum(['starting', 'ready', 'failed']), provider: z.string(), summary: z.string() }),
});

/** Dice of one set of a split, as the model's manifest has it; `frames` is null where it does not say. */
export const modelMetricSchema = z.object({
  split: z.string(),
  set: z.string(),
  dice,
  frames: z.number().int().nullable(),
});

export const modelSchema = z.object({
  id,
  title: z.string(),
  hash: z.string(),
  folder: z.string(),
  /** Of its weights. */
  bytes: z.number().int(),
  createdAt: z.string(),
  /** Came with the application, or was imported or trained by the user. */
  origin: z.enum(['shipped', 'own']),
  active: z.boolean(),
  metrics: z.array(modelMetricSchema),
  /** The text of its MODEL_CARD.md, or null where it has none. */
  card: z.string().nullable(),
});

/** A folder that calls itself a model and cannot be used, and why; `name` is its id where that can be read, else its folder's name. */
export const unusableModelSchema = z.object({
  name: z.string(),
  folder: z.string(),
  reason: z.string(),
  active: z.boolean(),
});

/** Every command: `namespace:verb`, its input and its output. */
export const commands = {
  'app:status': { input: z.object({}), output: statusSchema },
  'study:list': { input: z.object({}), output: z.array(studySummarySchema) },
  'study:frames': { input: z.object({ studyId: id }), output: z.array(frameSummarySchema) },
  /** Files dropped on or chosen in the interface. Files that cannot be read are listed with the reason; the others are imported. */
  'study:import': {
    input: z.object({ files: z.array(z.object({ name: z.string(), bytes })) }),
    output: z.object({
      studyIds: z.array(id),
      failures: z.array(z.object({ file: z.string(), message: z.string() })),
      warnings: z.array(z.string()),
    }),
  },
  /** The whole frame as PNG (lossless, RGB as displayed). */
  'frame:pixels': { input: z.object({ frameId: id }), output: z.object({ png: bytes }) },
  /** A small JPEG, at most 160 pixels wide. */
  'frame:thumbnail': { input: z.object({ frameId: id }), output: z.object({ jpeg: bytes }) },
  'label:list': { input: z.object({}), output: z.array(labelSchema) },
  'label:add': {
    input: z.object({ name: z.string().min(1).max(80), position: z.enum(positions), type: z.enum(types) }),
    output: labelSchema,
  },
  'label:update': {
    input: z.object({
      labelId: id,
      name: z.string().min(1).max(80).optional(),
      position: z.enum(positions).optional(),
      type: z.enum(types).optional(),
    }),
    output: labelSchema,
  },
  /** Asks the network. Prompts that are left out come from the label; the proposal is stored and returned. */
  'proposal:request': {
    input: z.object({
      frameId: id,
      labelId: id,
      prompts: promptsSchema.partial().optional(),
      box: boxSchema.nullable().optional(),
    }),
    output: z.object({ proposal: proposalSchema, milliseconds: z.number(), provider: z.string() }),
  },
  /** The latest revision and the latest proposal of (frame, label); null where there is none. */
  'annotation:load': {
    input: z.object({ frameId: id, labelId: id }),
    output: z.object({ revision: revisionSchema.nullable(), proposal: proposalSchema.nullable() }),
  },
  /** Appends a revision, durable when it returns. `parentId` must be the latest revision's id, else 'conflict'. */
  'annotation:save': {
    input: z.object({
      frameId: id,
      labelId: id,
      parentId: id.nullable(),
      proposalId: id.nullable(),
      reviewState: z.enum(reviewStates),
      segmentAlgorithmType: z.enum(['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL']),
      mask: bytes,
      gesture: z.string().min(1).max(40),
    }),
    output: z.object({ revisionId: id, savedAt: z.string() }),
  },
  /** What to annotate next for a label: proposed or untouched frames, the most uncertain first. */
  'queue:list': {
    input: z.object({ labelId: id, limit: z.number().int().min(1).max(500).default(20) }),
    output: z.array(queueItemSchema),
  },
  'training:count': {
    input: z.object({ labelId: id }),
    output: z.object({ corrections: z.number().int(), needed: z.number().int() }),
  },
  /** Starts synchronization of a label and returns at once; progress and the end come as events. */
  'training:start': {
    input: z.object({ labelId: id, seed: z.number().int().default(1) }),
    output: z.object({ labelId: id }),
  },
  'training:cancel': { input: z.object({ labelId: id }), output: z.object({}) },
  'adapter:list': { input: z.object({ labelId: id }), output: z.array(adapterSchema) },
  /** Makes an adapter the label's active one; null returns to the base model. */
  'adapter:activate': { input: z.object({ labelId: id, adapterId: id.nullable() }), output: labelSchema },
  /** Every installed model, its files compared with their hashes. */
  'model:list': {
    input: z.object({}),
    output: z.object({ models: z.array(modelSchema), unusable: z.array(unusableModelSchema) }),
  },
  /** Makes an installed model the active one, now and in later runs. Adapters of another model rest until it is chosen again. */
  'model:choose': { input: z.object({ id }), output: z.object({ id, title: z.string(), hash: z.string() }) },
  'export:formats': {
    input: z.object({}),
    output: z.array(z.object({ id: z.string(), title: z.string(), description: z.string() })),
  },
  /** Writes the latest accepted and absent annotations (with `includeEdited`, edited ones too), reads them back and compares. */
  'export:run': {
    input: z.object({
      format: z.string(),
      folder: z.string().nullable().default(null),
      includeEdited: z.boolean().default(false),
    }),
    output: exportResultSchema,
  },
} as const;

/** Every event: `namespace:past-tense`. An event states a fact; it never steers another module. */
export const events = {
  'engine:changed': z.object({
    state: z.enum(['starting', 'ready', 'failed']),
    provider: z.string(),
    summary: z.string(),
  }),
  'study:imported': z.object({ studyIds: z.array(id) }),
  'annotation:saved': z.object({ frameId: id, labelId: id, revisionId: id, savedAt: z.string() }),
  'proposal:created': z.object({ frameId: id, labelId: id, proposalId: id }),
  'model:changed': z.object({ id, title: z.string(), hash: z.string() }),
  'label:changed': z.object({ labelId: id }),
  'training:progressed': trainingProgressSchema,
  'training:finished': trainingResultSchema,
  'training:failed': z.object({ labelId: id, cancelled: z.boolean(), message: z.string() }),
} as const;

export type CommandName = keyof typeof commands;
export type CommandInput<N extends CommandName> = z.input<(typeof commands)[N]['input']>;
export type ParsedCommandInput<N extends CommandName> = z.output<(typeof commands)[N]['input']>;
export type CommandOutput<N extends CommandName> = z.output<(typeof commands)[N]['output']>;
export type EventName = keyof typeof events;
export type EventValue<N extends EventName> = z.output<(typeof events)[N]>;

/** What an interface sees, over any host. */
export interface Api {
  send<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>>;
  /** Returns the function that ends the subscription. */
  on<N extends EventName>(name: N, listener: (value: EventValue<N>) => void): () => void;
}

/** What the router answers and every host carries: an error crosses a process as a value, never as an exception. */
export type ApiReply<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorMessage };

/** `window.sonosync` in the Electron window. The bridge would strip an Error of its code, so `send` resolves to the router's reply. */
export interface WindowBridge {
  send(name: string, input: unknown): Promise<ApiReply<unknown>>;
  on(name: string, listener: (value: unknown) => void): () => void;
}

export type StudySummary = z.output<typeof studySummarySchema>;
export type FrameSummary = z.output<typeof frameSummarySchema>;
export type ProposalView = z.output<typeof proposalSchema>;
export type RevisionView = z.output<typeof revisionSchema>;
export type AdapterView = z.output<typeof adapterSchema>;
export type QueueItem = z.output<typeof queueItemSchema>;
export type LabelView = z.output<typeof labelSchema>;
export type ModelView = z.output<typeof modelSchema>;
export type ModelMetric = z.output<typeof modelMetricSchema>;
export type UnusableModel = z.output<typeof unusableModelSchema>;
export type AppStatus = z.output<typeof statusSchema>;
export type TrainingProgress = z.output<typeof trainingProgressSchema>;
export type TrainingResult = z.output<typeof trainingResultSchema>;
export type ExportResult = z.output<typeof exportResultSchema>;
