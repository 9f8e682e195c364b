// Owns what an interface asks of a workspace to let a reader go through it: what is inside a study, whose it is, and the strip of a frame.
import type { PatientIdentity, SeriesSummary, Strip, StripMask } from '../common/api.ts';
import { listStripMasks, loadStrip } from './frame-listing.ts';
import { listPatients, listSeries } from './listing.ts';
import type { Workspace } from './workspace.ts';

export class StudyBrowser {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  listSeries(studyId: string): SeriesSummary[] {
    return listSeries(this.#workspace, studyId);
  }

  listPatients(): PatientIdentity[] {
    return listPatients(this.#workspace);
  }

  /** A frame with those that are looked at together with it: its cine, or the single pictures of its study. */
  loadStrip(frameId: string): Strip {
    return loadStrip(this.#workspace, frameId);
  }

  listStripMasks(frameId: string, labelId: string): StripMask[] {
    return listStripMasks(this.#workspace, frameId, labelId);
  }
}
