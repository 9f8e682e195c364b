// Owns what happens to an image that came from a scanner: it goes into the workspace, and the interface hears of its study.
import type { ReceivedObject } from '../../intake/server.ts';
import type { AppContext } from '../context.ts';
import { loadSuggestions } from '../prompt-suggestions.ts';

/** Throws AppError where it cannot be kept; the scanner is told. */
export async function receiveObject(context: AppContext, object: ReceivedObject): Promise<void> {
  const suggestions = await loadSuggestions(context, () => undefined);
  const { studyId, added } = await context.store.importReceived(object, suggestions);
  if (added) context.events.emit('study:imported', { studyIds: [studyId] });
}
