// Owns receiving from a scanner, as the page sees it: how it stands, and changing its settings.
import type { IntakeSettings } from '../../electron/common/api.ts';
import type { Session } from './session.ts';

export async function refreshIntake({ api, store }: Session): Promise<void> {
  store.setState({ intake: await api.send('intake:status', {}) });
}

/** In effect when it returns. Throws what the app says against the settings. */
export async function configureIntake({ api, store }: Session, settings: IntakeSettings): Promise<void> {
  store.setState({ intake: await api.send('intake:configure', settings) });
}
