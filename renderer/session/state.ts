// Owns the state of a session: what is selected, shown and in progress. Nothing here is part of the document or undone.
import type {
  AdapterView,
  AnnotationImport,
  AppStatus,
  ConflictView,
  ExportResult,
  FrameSummary,
  ImportReport,
  IntakeStatus,
  InstanceSummary,
  LabelView,
  MeasurementView,
  ProposalView,
  QueueItem,
  SeriesSummary,
  StudySummary,
  TrainingResult,
} from '../../electron/common/api.ts';
import { messageOf } from '../../electron/common/errors.ts';
import type { CanvasPoint, ImageBox } from '../../electron/common/geometry.ts';
import type { MeasurementShape } from '../../electron/common/measurements.ts';
import type { Prompts } from '../../electron/common/prompts.ts';
import type { SaveState } from '../editor/save-state.ts';
import type { KeyMap } from '../commands/key-map.ts';
import type { ToolPreview } from '../tools/preview.ts';
import type { ToolId } from '../tools/tool.ts';
import { type LanguageTag, shownLanguage } from '../strings/index.ts';
import type { CarryRun } from './carry-over.ts';
import type { Comparison } from './comparison.ts';
import { noPlayback, type Playback } from './cine-clock.ts';
import type { ProposeRun } from './proposals-ahead.ts';
import type { StripMasks } from './strip-masks.ts';
import { type Folding, type Identities, noFilter, type StudyFilter } from './study-tree.ts';
import { type Display, initialDisplay } from './display-state.ts';
import type { FrameScale } from './frame-scale.ts';
import type { FrameMasks } from './frame-masks.ts';
import type { LabelLook } from './label-looks.ts';
import type { Size, View } from './view.ts';

/** Something that takes time and can fail, at the place that shows it. */
export type Progress =
  { readonly kind: 'idle' } | { readonly kind: 'busy' } | { readonly kind: 'failed'; readonly message: string };

export interface CurvePoint {
  readonly step: number;
  readonly value: number;
}

export interface TrainingRun {
  readonly labelId: string;
  readonly phase: 'encoding' | 'training';
  readonly step: number;
  readonly steps: number;
  readonly secondsLeft: number | null;
  readonly losses: readonly CurvePoint[];
  readonly dice: readonly CurvePoint[];
  /** Cancel was pressed and has not been answered yet. */
  readonly cancelling: boolean;
}

export interface AnnotationRun {
  readonly jobId: string;
  /** Files are handed over to the application, or it takes annotations from them. */
  readonly phase: 'reading' | 'merging';
  readonly done: number;
  /** Null where nobody knows how many there are. */
  readonly total: number | null;
  /** Cancel was pressed and has not been answered yet. */
  readonly cancelling: boolean;
}

export interface ImportRun {
  readonly jobId: string;
  /** Files are handed over to the application, or it imports them. */
  readonly phase: 'reading' | 'importing';
  readonly done: number;
  readonly total: number;
  readonly file: string | null;
  /** Frames of it that are decoded, where it is a video. */
  readonly frames: number | null;
  /** Cancel was pressed and has not been answered yet. */
  readonly cancelling: boolean;
}

export interface ExportRun {
  readonly phase: 'writing' | 'checking';
  readonly done: number;
  readonly total: number;
  /** Cancel was pressed and has not been answered yet. */
  readonly cancelling: boolean;
}

export type DialogName =
  'annotations' | 'palette' | 'import' | 'export' | 'add-label' | 'edit-label' | 'models' | 'shortcuts' | 'intake';

export type HintName = 'paint' | 'decide' | 'undo';

/** How long the engine took for the proposal that was asked for last. */
export interface LastProposal {
  /** To the first look, or the only one. */
  readonly milliseconds: number;
  /** To the second; null where there is none, or none yet. */
  readonly refinedMilliseconds: number | null;
  readonly provider: string;
}

export interface SessionState {
  readonly startup: Progress;
  readonly connected: boolean;
  readonly status: AppStatus | null;

  readonly studies: readonly StudySummary[];
  readonly studyId: string | null;
  /** The strip: the frames of the open cine, or the single pictures of the open study. */
  readonly frames: readonly FrameSummary[];
  /** The open cine; null for single pictures. */
  readonly cine: InstanceSummary | null;
  readonly frameId: string | null;
  /** How long each frame of the open cine is shown; null where the file does not say. */
  readonly frameDurationsMs: readonly number[] | null;
  readonly playback: Playback;
  /** The frame that passes by while the cine is played or scrubbed. */
  readonly shownFrameId: string | null;
  /** The masks of all frames of the strip, while frames pass by. */
  readonly stripMasks: StripMasks | null;
  readonly labels: readonly LabelView[];
  readonly labelId: string | null;
  /** What readers said of every label in the frame that is shown; null until it is loaded. */
  readonly frameMasks: FrameMasks | null;
  readonly queue: readonly QueueItem[];

  readonly studyFilter: StudyFilter;
  /** Counts the wishes to write in the search field, which then takes the keyboard. */
  readonly searchFocusCount: number;
  readonly folding: Folding;
  /** Whose studies they are, while the reader wants to see it. */
  readonly identities: Identities;
  /** What is inside the studies that were expanded, by study id. */
  readonly studyContents: ReadonlyMap<string, readonly SeriesSummary[]>;

  /** Loading of the selected (frame, label). */
  readonly opening: Progress;
  readonly proposing: Progress;
  /** Proposals for every frame of a cine or study are on their way. */
  readonly proposeRun: ProposeRun | null;
  /** A structure is being followed through the frames. */
  readonly carryRun: CarryRun | null;
  /** What was proposed for this frame before another adapter was made active, to compare. */
  readonly earlierProposal: ProposalView | null;
  /** The frame is shown twice: as it was proposed for before, and now. */
  readonly comparing: boolean;
  /** Whom the reader chose for before: an adapter, or null in it for the base model. Null where nothing was chosen. */
  readonly comparedWith: { readonly adapterId: string | null } | null;
  /** Where the two differ is marked. */
  readonly differenceShown: boolean;
  readonly comparison: Comparison | null;
  readonly lastProposal: LastProposal | null;
  /** What the reader chose instead of the label's own prompts, by label. */
  readonly chosenPrompts: Readonly<Record<string, Partial<Prompts>>>;
  /** The target of local and location input, in this frame. */
  readonly box: ImageBox | null;
  readonly previewBox: ImageBox | null;

  readonly save: SaveState;
  /** Counts the changes of the document, so that views of it know when to look again. */
  readonly documentVersion: number;

  readonly tool: ToolId;
  readonly brushRadius: number;
  /** How much the magic wand's pixels may differ from the one pointed at, 0..255. */
  readonly wandTolerance: number;
  /** How far, in image pixels, an outline may be from the straight lines between its vertices: the less, the more vertices. */
  readonly vertexTolerance: number;
  /** What the tool in hand is about to do; null for nothing. */
  readonly toolPreview: ToolPreview | null;
  readonly view: View;
  readonly canvasSize: Size;
  readonly display: Display;
  /** The ultrasound regions of the selected frame; null until they are loaded. */
  readonly frameScale: FrameScale | null;
  /** What is measured in a frame; null until it is loaded. */
  readonly measurements: {
    readonly frameId: string;
    readonly list: readonly MeasurementView[];
    /** Tracking UIDs of those of which something is not on the disk yet. */
    readonly unsaved: readonly string[];
  } | null;
  /** Its tracking UID. */
  readonly selectedMeasurement: string | null;
  /** What is being measured, or dragged in place of a measurement. */
  readonly measurementDraft: { readonly shape: MeasurementShape; readonly replaces: string | null } | null;
  readonly pointer: CanvasPoint | null;
  /** The masks are hidden, to see the bare frame. */
  readonly masksHidden: boolean;
  /** How each label's masks are drawn, where that differs from the standard look; by label. */
  readonly labelLooks: Readonly<Record<string, Partial<LabelLook>>>;
  /** The other labels' masks are hidden, to work on one alone. */
  readonly othersHidden: boolean;
  readonly colorScheme: 'dark' | 'light';
  /** Size of texts and controls around the frame, 1 for the usual one. */
  readonly textScale: number;
  readonly language: LanguageTag;
  /** Keys that the reader chose instead of a command's own. */
  readonly keyMap: KeyMap;
  readonly leftPanelShown: boolean;
  readonly rightPanelShown: boolean;
  /** CSS pixels. */
  readonly leftPanelWidth: number;
  readonly rightPanelWidth: number;
  readonly dialog: DialogName | null;
  /** The label of the dialog 'edit-label'. */
  readonly editedLabelId: string | null;
  readonly hintsDone: readonly HintName[];
  /** One sentence about the last action, shown where decisions are made. */
  readonly notice: { readonly tone: 'plain' | 'trouble'; readonly text: string } | null;

  readonly corrections: { readonly corrections: number; readonly needed: number } | null;
  readonly training: TrainingRun | null;
  /** The latest run, after its end too, for its curves. */
  readonly lastRun: TrainingRun | null;
  readonly trainingResult: TrainingResult | null;
  readonly trainingTrouble: { readonly labelId: string; readonly message: string } | null;
  readonly adapters: readonly AdapterView[];

  readonly importing: Progress;
  /** Receiving from a scanner; null until it is known. */
  readonly intake: IntakeStatus | null;
  readonly importRun: ImportRun | null;
  /** Imports that begin when this one has ended. */
  readonly importsWaiting: number;
  readonly importReport: ImportReport | null;
  readonly exporting: Progress;
  /** The format that was chosen last; null before any was. */
  readonly exportFormatId: string | null;
  readonly exportRun: ExportRun | null;
  readonly exportResult: ExportResult | null;

  /** Annotations from elsewhere are being read. */
  readonly annotationImporting: Progress;
  readonly annotationRun: AnnotationRun | null;
  readonly annotationReport: AnnotationImport | null;
  /** Annotations that changed here and elsewhere, and wait for a decision. */
  readonly conflicts: readonly ConflictView[];
}

export const initialState: SessionState = {
  startup: { kind: 'busy' },
  connected: true,
  status: null,
  studies: [],
  studyId: null,
  frames: [],
  cine: null,
  frameId: null,
  frameDurationsMs: null,
  playback: noPlayback,
  shownFrameId: null,
  stripMasks: null,
  labels: [],
  labelId: null,
  frameMasks: null,
  queue: [],
  studyFilter: noFilter,
  searchFocusCount: 0,
  folding: { collapsedPatients: new Set(), expandedStudies: new Set() },
  identities: new Map(),
  studyContents: new Map(),
  opening: { kind: 'idle' },
  proposing: { kind: 'idle' },
  proposeRun: null,
  carryRun: null,
  earlierProposal: null,
  comparing: false,
  comparedWith: null,
  differenceShown: false,
  comparison: null,
  lastProposal: null,
  chosenPrompts: {},
  box: null,
  previewBox: null,
  save: { kind: 'saved', savedAt: null },
  documentVersion: 0,
  tool: 'brush',
  brushRadius: 10,
  wandTolerance: 12,
  vertexTolerance: 2.5,
  toolPreview: null,
  view: { scale: 1, x: 0, y: 0, fitted: true },
  canvasSize: { width: 0, height: 0 },
  display: initialDisplay,
  frameScale: null,
  measurements: null,
  selectedMeasurement: null,
  measurementDraft: null,
  pointer: null,
  masksHidden: false,
  labelLooks: {},
  othersHidden: false,
  colorScheme: 'dark',
  textScale: 1,
  language: shownLanguage(),
  keyMap: {},
  leftPanelShown: true,
  rightPanelShown: true,
  leftPanelWidth: 244,
  rightPanelWidth: 288,
  dialog: null,
  editedLabelId: null,
  hintsDone: [],
  notice: null,
  corrections: null,
  training: null,
  lastRun: null,
  trainingResult: null,
  trainingTrouble: null,
  adapters: [],
  importing: { kind: 'idle' },
  intake: null,
  importRun: null,
  importsWaiting: 0,
  importReport: null,
  exporting: { kind: 'idle' },
  exportFormatId: null,
  exportRun: null,
  exportResult: null,
  annotationImporting: { kind: 'idle' },
  annotationRun: null,
  annotationReport: null,
  conflicts: [],
};

export function describeFailure(error: unknown): Progress & { kind: 'failed' } {
  return { kind: 'failed', message: messageOf(error) };
}
