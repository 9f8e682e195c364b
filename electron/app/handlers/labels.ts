// Owns the commands on labels, the sets that they are taken from, and their adapters.
import type { LabelView } from '../../common/api.ts';
import type { labelCommands } from '../../common/api/labels.ts';
import type { Adapter, Label } from '../../common/study.ts';
import { requireModel, usableAdapterId } from '../context.ts';
import type { AppContext } from '../context.ts';
import { findLabelSet, pickLabels, readLabelSets } from '../label-sets.ts';
import type { Handlers } from '../router.ts';

type LabelCommand = keyof typeof labelCommands;

export function labelHandlers(context: AppContext): Pick<Handlers, LabelCommand> {
  const { store, events } = context;
  const changed = (label: Label) => {
    events.emit('label:changed', { labelId: label.id });
    return viewLabel(context, label);
  };
  return {
    'label:list': async () => store.listLabels().map((label) => viewLabel(context, label)),
    'label:add': async (input) => changed(store.addLabel(input)),
    'label:update': async ({ labelId, ...change }) => changed(store.updateLabel(labelId, change)),
    'label:remove': async ({ labelId }) => {
      store.removeLabel(labelId);
      events.emit('label:changed', { labelId });
      return {};
    },
    'label:usage': async ({ labelId }) => store.labelUsage(labelId),
    'label:reorder': async ({ labelIds }) => store.reorderLabels(labelIds).map(changed),
    'label-set:list': async () => readLabelSets(context.resourcesFolder),
    'label-set:apply': async ({ setId, names }) => {
      const set = await findLabelSet(context.resourcesFolder, setId);
      const { added, kept } = store.applyLabelSet(pickLabels(set, names));
      return { added: added.map(changed), kept: kept.map(changed) };
    },
    'adapter:list': async ({ labelId }) => {
      const activeId = usableAdapterId(context, store.label(labelId));
      const modelHash = context.model.model?.hash ?? null;
      return store.listAdapters(labelId).map((adapter) => viewAdapter(adapter, activeId, modelHash));
    },
    'adapter:activate': async ({ labelId, adapterId }) => {
      const modelHash = adapterId === null ? (context.model.model?.hash ?? '') : requireModel(context).hash;
      return changed(await store.activateAdapter(labelId, adapterId, modelHash));
    },
  };
}

/** An adapter that was made for another base model than the one in use is not at work. */
function viewLabel(context: AppContext, label: Label): LabelView {
  return { ...label, activeAdapterId: usableAdapterId(context, label) };
}

function viewAdapter(adapter: Adapter, activeId: string | null, usedModelHash: string | null) {
  const { id, labelId, modelHash, trainRevisionIds, validationRevisionIds, metrics, createdAt } = adapter;
  return {
    id,
    labelId,
    modelHash,
    corrections: trainRevisionIds.length + validationRevisionIds.length,
    ...metrics,
    createdAt,
    active: id === activeId,
    usable: modelHash === usedModelHash,
  };
}
