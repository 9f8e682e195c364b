// Owns the one contract between an interface and the app: commands with schemas, and the events that state what happened. Its parts lie in api/.
// Both hosts (Electron IPC, loopback HTTP + WebSocket) carry exactly this. Binary values are Uint8Array; there is no base64 and no JSON pixel.
import type { z } from 'zod';
import {
  studyCommands,
  studyEvents,
  type frameSummarySchema,
  type instanceSummarySchema,
  type patientIdentitySchema,
  type seriesSummarySchema,
  type stripMaskSchema,
  type stripSchema,
  type studySummarySchema,
} from './api/studies.ts';
import { labelCommands, labelEvents, type labelSchema, type adapterSchema } from './api/labels.ts';
import { proposalCommands, proposalEvents, type proposalSchema } from './api/proposals.ts';
import {
  annotationCommands,
  annotationEvents,
  type revisionSchema,
  type historyStepSchema,
  type queueItemSchema,
} from './api/annotations.ts';
import { measurementCommands, measurementEvents, type measurementSchema } from './api/measurements.ts';
import {
  trainingCommands,
  trainingEvents,
  type trainingProgressSchema,
  type trainingResultSchema,
} from './api/training.ts';
import {
  modelCommands,
  modelEvents,
  type modelMetricSchema,
  type modelSchema,
  type unusableModelSchema,
} from './api/models.ts';
import {
  annotationImportCommands,
  annotationImportEvents,
  type annotationImportSchema,
  type conflictSchema,
} from './api/annotation-imports.ts';
import {
  exportCommands,
  exportEvents,
  type exportChoiceSchema,
  type exportPreviewSchema,
  type exportPurposes,
  type exportResultSchema,
  type fidelitySchema,
} from './api/exports.ts';
import { intakeCommands, intakeEvents, type intakeSettingsSchema, type intakeStatusSchema } from './api/intake.ts';
import { importCommands, importEvents, type importReportSchema } from './api/imports.ts';
import { preferenceCommands } from './api/preferences.ts';
import { appCommands, appEvents, type statusSchema } from './api/app.ts';
import type { ErrorMessage } from './errors.ts';

/** Every command: `namespace:verb`, its input and its output. */
export const commands = {
  ...studyCommands,
  ...importCommands,
  ...intakeCommands,
  ...labelCommands,
  ...annotationCommands,
  ...proposalCommands,
  ...measurementCommands,
  ...trainingCommands,
  ...modelCommands,
  ...exportCommands,
  ...annotationImportCommands,
  ...preferenceCommands,
  ...appCommands,
} as const;

/** Every event: `namespace:past-tense`. An event states a fact; it never steers another module. */
export const events = {
  ...studyEvents,
  ...importEvents,
  ...intakeEvents,
  ...labelEvents,
  ...annotationEvents,
  ...proposalEvents,
  ...measurementEvents,
  ...trainingEvents,
  ...modelEvents,
  ...exportEvents,
  ...annotationImportEvents,
  ...appEvents,
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
  readonly files?: HostFiles;
}

/** What a host that has the machine's files adds: their paths, so that nothing has to be copied through the page. */
export interface HostFiles {
  /** The path of a dropped File, of a folder too; empty for one that lies nowhere. */
  pathOf(file: object): string;
  /** Asks in the system's own dialog; none where it is closed. */
  choose(kind: 'files' | 'folder'): Promise<string[]>;
}

export type IntakeSettings = z.output<typeof intakeSettingsSchema>;
export type IntakeStatus = z.output<typeof intakeStatusSchema>;
export type ImportReport = z.output<typeof importReportSchema>;
export type StudySummary = z.output<typeof studySummarySchema>;
export type SeriesSummary = z.output<typeof seriesSummarySchema>;
export type InstanceSummary = z.output<typeof instanceSummarySchema>;
export type PatientIdentity = z.output<typeof patientIdentitySchema>;
export type StripMask = z.output<typeof stripMaskSchema>;
export type Strip = z.output<typeof stripSchema>;
export type FrameSummary = z.output<typeof frameSummarySchema>;
export type ProposalView = z.output<typeof proposalSchema>;
export type RevisionView = z.output<typeof revisionSchema>;
export type HistoryStep = z.output<typeof historyStepSchema>;
export type AdapterView = z.output<typeof adapterSchema>;
export type QueueItem = z.output<typeof queueItemSchema>;
export type MeasurementView = z.output<typeof measurementSchema>;
export type LabelView = z.output<typeof labelSchema>;
export type { LabelSet, SetLabel } from './api/labels.ts';
export type ModelView = z.output<typeof modelSchema>;
export type ModelMetric = z.output<typeof modelMetricSchema>;
export type UnusableModel = z.output<typeof unusableModelSchema>;
export type AppStatus = z.output<typeof statusSchema>;
export type TrainingProgress = z.output<typeof trainingProgressSchema>;
export type TrainingResult = z.output<typeof trainingResultSchema>;
export type AnnotationImport = z.output<typeof annotationImportSchema>;
export type ConflictView = z.output<typeof conflictSchema>;
export type ExportChoice = z.output<typeof exportChoiceSchema>;
export type ExportPurpose = (typeof exportPurposes)[number];
export type ExportPreview = z.output<typeof exportPreviewSchema>;
export type Fidelity = z.output<typeof fidelitySchema>;
export type ExportResult = z.output<typeof exportResultSchema>;
