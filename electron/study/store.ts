// Owns the store: the one writer of a workspace folder. Each family of records is a file beside this one; this class gives them one life,
// one lock and one queue of imports. What only touches the database returns when it is durable; what reads or writes files is awaited.
import { basename } from 'node:path';
import type { FrameSummary, QueueItem, StudySummary } from '../common/api.ts';
import type { Picture } from '../common/picture.ts';
import type { SuggestionTable } from '../common/prompt-suggestions.ts';
import type { Adapter, Frame, Label, Measurement, Proposal, Revision, Study } from '../common/study.ts';
import * as adapters from './adapters.ts';
import type { AdapterInput } from './adapters.ts';
import * as frameListing from './frame-listing.ts';
import { Conflicts } from './conflicts.ts';
import { FrameLookup } from './frame-lookup.ts';
import { FramePixels } from './frames.ts';
import type { ImportOptions } from './import.ts';
import type { ImportedFile, ImportResult } from './import-log.ts';
import * as labelSets from './label-sets.ts';
import type { AppliedLabelSet } from './label-sets.ts';
import { importReceived } from './import-received.ts';
import type { ReceivedObject } from './import-received.ts';
import { runImport } from './import-run.ts';
import type { ImportInput, NamedBytes } from './import-run.ts';
import * as labels from './labels.ts';
import type { LabelChange, LabelInput, LabelUsage } from './labels.ts';
import * as listing from './listing.ts';
import * as measurements from './measurements.ts';
import type { ImportedMeasurement, MeasurementInput } from './measurements.ts';
import { loadObject } from './objects.ts';
import * as proposals from './proposals.ts';
import type { ProposalInput } from './proposals.ts';
import { queue } from './queue.ts';
import * as records from './records.ts';
import type { FrameContext, InstanceContext } from './records.ts';
import { recentSteps } from './revision-history.ts';
import type { RevisionStep } from './revision-history.ts';
import * as revisions from './revisions.ts';
import type { RevisionInput } from './revisions.ts';
import { Staging } from './staging.ts';
import type { StagedFile } from './staging.ts';
import type { FilePart } from './staging.ts';
import { StudyBrowser } from './study-browser.ts';
import * as trainingSet from './training-set.ts';
import type { AnnotatedFrame, Correction } from './training-set.ts';
import { closeWorkspace, openWorkspace } from './workspace.ts';
import type { Workspace, WorkspaceOptions } from './workspace.ts';

export type { NamedBytes };

export class Store {
  readonly #workspace: Workspace;
  /** What lets a reader go through studies. */
  readonly browser: StudyBrowser;
  /** Annotations from elsewhere that wait for a decision. */
  readonly conflicts: Conflicts;
  readonly #pixels: FramePixels;
  readonly #staging: Staging;
  /** Imports run one after another, so that two that touch one study see each other's records. */
  #imports: Promise<unknown> = Promise.resolve();
  readonly #receiving = new Set<Promise<unknown>>();
  #open = true;

  /** Opens or creates a workspace folder. Throws AppError('conflict') while it is open elsewhere, 'storage', 'corrupt' or 'unsupported'. */
  static open(folder: string, options: WorkspaceOptions): Store {
    return new Store(openWorkspace(folder, options));
  }

  private constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.browser = new StudyBrowser(workspace);
    this.conflicts = new Conflicts(workspace);
    this.#pixels = new FramePixels(workspace);
    this.#staging = new Staging(workspace);
  }

  get folder(): string {
    return this.#workspace.folder;
  }

  get title(): string {
    return basename(this.#workspace.folder);
  }

  get reader(): string {
    return this.#workspace.reader;
  }

  /** Waits for a running import, then lets the workspace go. Closing twice is harmless. */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await Promise.allSettled([this.#imports, ...this.#receiving]);
    closeWorkspace(this.#workspace);
  }

  // Import

  importFile(name: string, bytes: Uint8Array, options?: ImportOptions): Promise<ImportResult> {
    return this.importFiles([{ name, bytes }], options);
  }

  importFiles(files: readonly NamedBytes[], options?: ImportOptions): Promise<ImportResult> {
    return this.import({ files }, options);
  }

  /** Files and folders of this machine. */
  importPaths(paths: readonly string[], options?: ImportOptions): Promise<ImportResult> {
    return this.import({ paths }, options);
  }

  /** One after another. A cancelled import has a result: that of the files that were finished. */
  import(input: ImportInput, options?: ImportOptions): Promise<ImportResult> {
    return this.#enqueue(() => runImport(this.#workspace, input, options));
  }

  /** Imports what was staged for a job, with other input, and throws the staged files away. */
  async importStaged(jobId: string, input: ImportInput, options?: ImportOptions): Promise<ImportResult> {
    try {
      return await this.import({ ...input, staged: await this.#staging.files(jobId) }, options);
    } finally {
      await this.#staging.discard(jobId);
    }
  }

  /** Lays files, or parts of them, aside. See staging.ts. */
  stageImport(jobId: string, parts: readonly FilePart[]): Promise<void> {
    return this.#staging.add(jobId, parts);
  }

  /** Files that were staged under this name, in the order in which they came. */
  stagedFiles(jobId: string): Promise<StagedFile[]> {
    return this.#staging.files(jobId);
  }

  discardStaged(jobId: string): Promise<void> {
    return this.#staging.discard(jobId);
  }

  /** Keeps an object that came over the network, beside whatever is imported meanwhile. Throws as importReceived. */
  async importReceived(object: ReceivedObject, suggestions: SuggestionTable): Promise<ImportedFile> {
    const work = importReceived(this.#workspace, object, suggestions);
    this.#receiving.add(work);
    try {
      return await work;
    } finally {
      this.#receiving.delete(work);
    }
  }

  // Studies and frames

  /** An instance with its series and study. */
  instanceContext(instanceId: string): InstanceContext {
    return records.findInstanceContext(this.#workspace, instanceId);
  }

  /** Every study in the order of import; with a study's id, that one. */
  listStudies(studyId: string | null = null): StudySummary[] {
    return listing.listStudies(this.#workspace, studyId);
  }

  listFrames(studyId: string): FrameSummary[] {
    return frameListing.listFrames(this.#workspace, studyId);
  }

  /** Every frame in study order; with a study's id, that study's. */
  listFrameRecords(studyId: string | null = null): Frame[] {
    return records.listFrameRecords(this.#workspace, studyId);
  }

  study(studyId: string): Study {
    return records.findStudy(this.#workspace, studyId);
  }

  frame(frameId: string): Frame {
    return records.findFrame(this.#workspace, frameId);
  }

  /** A frame with its instance, series and study. */
  frameContext(frameId: string): FrameContext {
    return records.findFrameContext(this.#workspace, frameId);
  }

  /** The frame that a command names: SOPInstanceUID, instance id or file name, and a frame number from 1. */
  frameOf(instanceName: string, frameNumber: number): Frame {
    return records.findFrameOf(this.#workspace, instanceName, frameNumber);
  }

  /** The bytes of an imported file by their SHA-256. Throws AppError('not-found'), or 'corrupt' when they were changed. */
  originalBytes(objectHash: string): Promise<Uint8Array> {
    return loadObject(this.#workspace, objectHash);
  }

  framePicture(frameId: string): Promise<Picture> {
    return this.#pixels.picture(frameId);
  }

  /** A JPEG, at most 160 pixels wide. */
  frameThumbnail(frameId: string): Promise<Uint8Array> {
    return this.#pixels.thumbnail(frameId);
  }

  // Labels

  listLabels(): Label[] {
    return labels.listLabels(this.#workspace);
  }

  label(labelId: string): Label {
    return labels.findLabel(this.#workspace, labelId);
  }

  /** The label of this id or, letter case aside, this name. Throws AppError('not-found') naming the labels there are. */
  labelNamed(idOrName: string): Label {
    return labels.findLabelNamed(this.#workspace, idOrName);
  }
  findLabelByName(name: string): Label | null {
    return labels.findLabelByName(this.#workspace, name);
  }

  addLabel(input: LabelInput): Label {
    return labels.addLabel(this.#workspace, input);
  }

  updateLabel(labelId: string, change: LabelChange): Label {
    return labels.updateLabel(this.#workspace, labelId, change);
  }

  reorderLabels(labelIds: readonly string[]): Label[] {
    return labels.reorderLabels(this.#workspace, labelIds);
  }

  labelUsage(labelId: string): LabelUsage {
    return labels.labelUsage(this.#workspace, labelId);
  }

  /** Throws AppError('conflict') where annotations or adapters hang on the label. */
  removeLabel(labelId: string): void {
    labels.removeLabel(this.#workspace, labelId);
  }

  /** Adds a set's labels, all or none; those whose names are there already are kept as they are. */
  applyLabelSet(inputs: readonly LabelInput[]): AppliedLabelSet {
    return labelSets.applyLabelSet(this.#workspace, inputs);
  }

  // Proposals and revisions

  saveProposal(input: ProposalInput): Proposal {
    return proposals.saveProposal(this.#workspace, input);
  }

  proposal(proposalId: string): Proposal {
    return proposals.findProposal(this.#workspace, proposalId);
  }

  latestProposal(frameId: string, labelId: string): Proposal | null {
    return proposals.latestProposal(this.#workspace, frameId, labelId);
  }

  /** Appends; durable when it returns. See revisions.ts for what it refuses. */
  saveRevision(input: RevisionInput): Revision {
    return revisions.saveRevision(this.#workspace, input);
  }

  latestRevision(frameId: string, labelId: string): Revision | null {
    return revisions.latestRevision(this.#workspace, frameId, labelId);
  }

  /** The latest revision of each label that has one in the frame. Throws AppError('not-found'). */
  latestRevisionsOfFrame(frameId: string): Revision[] {
    return revisions.latestRevisionsOfFrame(this.#workspace, frameId);
  }

  listRevisions(frameId: string, labelId: string): Revision[] {
    return revisions.listRevisions(this.#workspace, frameId, labelId);
  }

  /** Ids alone, oldest first. */
  listRevisionIds(frameId: string, labelId: string): string[] {
    return revisions.listRevisionIds(this.#workspace, frameId, labelId);
  }

  /** At most `limit` of this reader's latest revisions, oldest first, each with what it was made from. */
  recentSteps(limit: number): RevisionStep[] {
    return recentSteps(this.#workspace, this.#workspace.reader, limit);
  }

  revision(revisionId: string): Revision {
    return revisions.findRevision(this.#workspace, revisionId);
  }

  // Measurements

  /** Appends; durable when it returns. See measurements.ts for what it refuses. */
  saveMeasurement(input: MeasurementInput): Measurement {
    return measurements.saveMeasurement(this.#workspace, input);
  }

  /** One from elsewhere, under its own tracking UID; null where that was here before. */
  importMeasurement(input: ImportedMeasurement): Measurement | null {
    return measurements.importMeasurement(this.#workspace, input);
  }

  /** Whether importMeasurement would append it, whatever its label. */
  isNewMeasurement(input: Omit<ImportedMeasurement, 'labelId'>): boolean {
    return measurements.isNewMeasurement(this.#workspace, input);
  }

  /** Appends the revision that takes a measurement away; saving on top of it brings it back. */
  removeMeasurement(trackingUID: string, parentId: string): Measurement {
    return measurements.removeMeasurement(this.#workspace, trackingUID, parentId);
  }

  /** The measurements that stand, of one frame or of all, in the order in which they were first made. */
  listMeasurements(frameId: string | null = null): Measurement[] {
    return measurements.listMeasurements(this.#workspace, frameId);
  }

  hasRevision(revisionId: string): boolean {
    return revisions.hasRevision(this.#workspace, revisionId);
  }

  // Annotations from elsewhere

  /** Finds frames by what files from elsewhere say of them, among those that there are now. */
  frameLookup(): FrameLookup {
    return new FrameLookup(this.#workspace);
  }

  // Training set, queue, export

  listCorrections(labelId: string): Correction[] {
    return trainingSet.listCorrections(this.#workspace, labelId);
  }

  countCorrections(labelId: string): number {
    return trainingSet.countCorrections(this.#workspace, labelId);
  }

  listAnnotations(options: { includeEdited: boolean }): AnnotatedFrame[] {
    return trainingSet.listAnnotations(this.#workspace, options);
  }

  queue(labelId: string, limit: number): QueueItem[] {
    return queue(this.#workspace, labelId, limit);
  }

  // Adapters

  saveAdapter(input: AdapterInput, bytes: Uint8Array): Promise<Adapter> {
    return adapters.saveAdapter(this.#workspace, input, bytes);
  }

  listAdapters(labelId: string): Adapter[] {
    return adapters.listAdapters(this.#workspace, labelId);
  }

  adapter(adapterId: string): Adapter {
    return adapters.findAdapter(this.#workspace, adapterId);
  }

  activeAdapter(labelId: string, modelHash: string): Adapter | null {
    return adapters.activeAdapter(this.#workspace, labelId, modelHash);
  }

  adapterBytes(adapterId: string): Promise<Uint8Array> {
    return adapters.adapterBytes(this.#workspace, adapterId);
  }

  /** `modelHash` is the hash of the base model in use; null for the adapter returns to the base model. */
  activateAdapter(labelId: string, adapterId: string | null, modelHash: string): Promise<Label> {
    return adapters.activateAdapter(this.#workspace, labelId, adapterId, modelHash);
  }

  #enqueue<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#imports.then(action, action);
    this.#imports = result;
    // A failure reaches the caller through `result`; the queue itself goes on.
    result.catch(() => undefined);
    return result;
  }
}
