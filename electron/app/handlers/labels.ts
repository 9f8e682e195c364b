// Owns the commands on labels and their adapters.
import type { LabelView } from '../../common/api.ts';
import type { Adapter, Label } from '../../common/study.ts';
import { requireModel, usableAdapterId } from '../context.ts';
import type { AppContext } from '../context.ts';
import type { Handlers } from '../router.ts';

type LabelCommand = 'label:list' | 'label:add' | 'label:update' | 'adapter:list' | 'adapter:activate';

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
    'adapter:list': async ({ labelId }) => {
      const activeId = usableAdapterId(context, store.label(labelId));
      return store.listAdapters(labelId).map((adapter) => viewAdapter(adapter, activeId));
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

function viewAdapter(adapter: Adapter, activeId: string | null) {
  const { id, labelId, modelHash, trainRevisionIds, validationRevisionIds, metrics, createdAt } = adapter;
  return {
    id,
    labelId,
    modelHash,
    corrections: trainRevisionIds.length + validationRevisionIds.length,
    ...metrics,
    createdAt,
    active: id === activeId,
  };
}
