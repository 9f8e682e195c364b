// Owns asking the network again, at export, for what it thought of every pixel of a proposal: with the model, the adapter, the prompts and the box
// that the proposal was made with, whichever model is in use now. Nothing of it is kept in the workspace: it would be a megabyte a frame.
import { listModels, modelHash } from '../../../models/manifest.ts';
import type { Proposal, Revision } from '../../common/study.ts';
import type { ExportProposal } from '../../export/annotation-set.ts';
import type { AppContext } from '../context.ts';

/** The folders of the models that can be asked, by their hash. */
export type ModelFolders = ReadonlyMap<string, string>;

/** The installed models, and the one in use, wherever that lies. */
export async function findModelFolders({ model, modelFolders }: AppContext): Promise<ModelFolders> {
  const { models } = await listModels(modelFolders);
  const folders = new Map(models.map(({ manifest, folder }) => [modelHash(manifest), folder]));
  if (model.model) folders.set(model.model.hash, model.model.folder);
  return folders;
}

/** The proposal that a revision began with, or null; with a way to its probabilities where its model is among `models`. */
export function describeProposal(
  context: AppContext,
  { proposalId, mask }: Revision,
  models: ModelFolders | null,
): ExportProposal | null {
  if (proposalId === null) return null;
  const proposal = context.store.proposal(proposalId);
  const folder = models?.get(proposal.modelHash);
  return {
    isUnchanged: Buffer.compare(proposal.mask, mask) === 0,
    probabilities: folder === undefined ? null : (signal) => askAgain(context, proposal, folder, signal),
  };
}

async function askAgain(context: AppContext, proposal: Proposal, folder: string, signal: AbortSignal | undefined) {
  const { store, engine, images } = context;
  const { prompts, box, mask, adapterId, frameId } = proposal;
  const adapter = adapterId === null ? null : await store.adapterBytes(adapterId);
  const { probabilities, iou } = await images.with(store.frame(frameId), (image) =>
    engine.call(
      'proposal:probabilities',
      { model: { folder }, image, prompts, box, adapter, mask },
      signal ? { signal } : {},
    ),
  );
  return { values: probabilities, iou };
}
