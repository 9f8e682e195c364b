// Owns the way from the model in use and a label's adapter to a file for other runtimes: the engine makes and tries it, the app writes it.
import type { ExportResult } from '../../common/api.ts';
import type { Frame, Label } from '../../common/study.ts';
import { writeNetworks } from '../../export/onnx.ts';
import type { LabelNetwork } from '../../export/onnx.ts';
import { labelPrompts, requireModel } from '../context.ts';
import type { AppContext } from '../context.ts';

/** So many frames of the workspace are compared on, beside a picture of noise. */
const comparedFrames = 3;

/** One file for each label, all of them where none is named. Throws AppError('not-found') without a model or for an unknown label, 'engine'. */
export async function exportNetworks(
  context: AppContext,
  labelIds: readonly string[] | null,
  folder: string,
  signal: AbortSignal,
): Promise<ExportResult> {
  requireModel(context);
  const { store } = context;
  const labels = labelIds ? labelIds.map((id) => store.label(id)) : store.listLabels();
  const names = labels.map(({ name }) => name);
  return writeNetworks(folder, names, context.version, makeNetworks(context, labels, signal));
}

async function* makeNetworks(
  context: AppContext,
  labels: readonly Label[],
  signal: AbortSignal,
): AsyncGenerator<LabelNetwork> {
  const { store, engine, events, images } = context;
  const model = requireModel(context);
  for (const [done, label] of labels.entries()) {
    signal.throwIfAborted();
    events.emit('export:progressed', { format: 'onnx', phase: 'writing', done, total: labels.length });
    // Of the model that the export began with: another one may be chosen meanwhile.
    const adapterId = store.activeAdapter(label.id, model.hash)?.id ?? null;
    const prompts = labelPrompts(label);
    const adapterHash = adapterId === null ? null : store.adapter(adapterId).fileHash;
    const result = await engine.call(
      'model:export',
      {
        model: { folder: model.folder },
        adapter: adapterId === null ? null : await store.adapterBytes(adapterId),
        prompts,
        version: context.version,
        metadata: {
          'sonosync.label': label.name,
          'sonosync.prompts': JSON.stringify(prompts),
          'sonosync.model': model.id,
          'sonosync.modelHash': model.hash,
          'sonosync.adapterHash': adapterHash ?? '',
        },
        images: await Promise.all(chooseFrames(context, label).map((frame) => images.withPixels(frame))),
      },
      { signal },
    );
    yield { label: label.name, prompts, modelId: model.id, modelHash: model.hash, adapterHash, ...result };
  }
}

/** Frames in which the structure is annotated, else any. */
function chooseFrames({ store }: AppContext, label: Label): Frame[] {
  const annotated = store.listCorrections(label.id).map(({ frameId }) => store.frame(frameId));
  return [...annotated, ...(annotated.length === 0 ? store.listFrameRecords() : [])].slice(0, comparedFrames);
}
