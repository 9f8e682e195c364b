// Owns saving as a whole: masks and measurements each have their way to the disk, and the reader sees one state of both.
import { joinSaveStates } from '../editor/save-state.ts';
import type { Session } from './session.ts';

type Saving = Pick<Session, 'editor' | 'measurementSaves'>;

/** The state shows whatever waits in either. */
export function followSaves({ editor, measurementSaves, store }: Session): void {
  const tell = (): void => store.setState({ save: joinSaveStates([editor.saves.state, measurementSaves.state]) });
  editor.saves.subscribe(tell);
  measurementSaves.listen({ changed: tell, saved: () => {}, refused: () => {} });
}

/** Settles when everything is on the disk, or what is left waits for an answer of the reader. */
export async function whenSaved({ editor, measurementSaves }: Saving): Promise<void> {
  await Promise.all([editor.saves.whenSettled(), measurementSaves.whenSettled()]);
}

/** Tries at once instead of waiting for the next turn. */
export function retrySaves({ editor, measurementSaves }: Saving): void {
  editor.saves.retryNow();
  measurementSaves.retryNow();
}
