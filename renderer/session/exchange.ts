// Owns what goes out as files.
import type { CommandInput } from '../../electron/common/api.ts';
import type { Session } from './session.ts';
import { describeFailure } from './state.ts';

export async function runExport(session: Session, input: CommandInput<'export:run'>): Promise<void> {
  const { api, store, editor } = session;
  store.setState({ exporting: { kind: 'busy' }, exportResult: null });
  try {
    await editor.saves.whenSettled();
    const exportResult = await api.send('export:run', input);
    store.setState({ exporting: { kind: 'idle' }, exportResult });
  } catch (error) {
    store.setState({ exporting: describeFailure(error) });
  }
}
