// Owns the command that tells an interface where it is: workspace, reader, model and engine.
import type { AppContext } from '../context.ts';
import type { Handlers } from '../router.ts';

export function statusHandlers(context: AppContext): Pick<Handlers, 'app:status'> {
  const { host, version, store, engine } = context;
  return {
    'app:status': async () => {
      const { model } = context;
      return {
        version,
        host,
        workspace: { folder: store.folder, title: store.title },
        reader: store.reader,
        model: model.model && {
          id: model.model.id,
          title: model.model.title,
          resize: model.model.resize,
        },
        engine: model.model ? engine.state() : { state: 'failed', provider: 'none', summary: model.reason },
      };
    },
  };
}
