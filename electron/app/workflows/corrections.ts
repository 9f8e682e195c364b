// Owns which of the workspace's annotations a label is synchronized on, and which side of a split each has been on before: what a network has
// been trained on says nothing of how good it is.
import type { CorrectionSample, SplitSide } from '../../common/engine-protocol.ts';
import { AppError } from '../../common/errors.ts';
import { groupKeyOf } from '../../export/annotation-set.ts';
import type { Store } from '../../study/store.ts';
import type { BaseModel } from '../base-model.ts';
import type { AppContext } from '../context.ts';
import { readKnownSplits, readTrainedModels } from '../training-splits.ts';

/** In study order. `adapterId` is the adapter that training goes on from; null begins with the base model. Throws AppError('storage'). */
export async function collectCorrections(
  context: AppContext,
  model: BaseModel,
  labelId: string,
  adapterId: string | null,
): Promise<CorrectionSample[]> {
  const { store } = context;
  const trained = await trainedStudies(context, model);
  const sides = adapterId === null ? new Map<string, SplitSide>() : sidesOf(store, adapterId);
  return store
    .listCorrections(labelId)
    .map(({ revision, frameId, patientKey, studyId, sequenceId, sequenceNumber }) => ({
      revisionId: revision.id,
      imageKey: frameId,
      mask: revision.mask,
      patientKey,
      studyId,
      // Numbered image files are frames of one sequence, as those of a cine are.
      instanceId: sequenceId,
      frameNumber: sequenceNumber,
      side: trained.has(studyId) ? 'train' : (sides.get(frameId) ?? null),
    }));
}

/** The studies that this base model was trained on, where it was trained on this workspace: those of all patients that trainings may see. */
async function trainedStudies({ store }: AppContext, { hash }: BaseModel): Promise<ReadonlySet<string>> {
  if (!(await readTrainedModels(store.folder)).includes(hash)) return new Set();
  const studies = store.listStudies().map(({ id }) => store.study(id));
  const splits = await readKnownSplits(store.folder, studies.map(groupKeyOf));
  return new Set(studies.filter((study) => splits.get(groupKeyOf(study)) === 'train').map(({ id }) => id));
}

/** The frames of this workspace that an adapter was trained and validated on. */
function sidesOf(store: Store, adapterId: string): ReadonlyMap<string, SplitSide> {
  const { trainRevisionIds, validationRevisionIds } = store.adapter(adapterId);
  const sides = new Map<string, SplitSide>();
  const add = (revisionIds: readonly string[], side: SplitSide): void => {
    for (const revisionId of revisionIds) {
      const frameId = frameOfRevision(store, revisionId);
      if (frameId !== null) sides.set(frameId, side);
    }
  };
  add(validationRevisionIds, 'validation');
  add(trainRevisionIds, 'train');
  return sides;
}

/** Null where the revision was made elsewhere, as those of an imported adapter were. */
function frameOfRevision(store: Store, revisionId: string): string | null {
  try {
    return store.revision(revisionId).frameId;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return null;
    throw error;
  }
}
