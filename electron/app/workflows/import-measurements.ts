// Owns the way back of what was measured by hand: measurements from the files of an export become the workspace's own, each once.
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../common/errors.ts';
import type { ExportFormat } from '../../export/export-format.ts';
import type { AppContext } from '../context.ts';

/**
 * Adds the measurements that files hold and the workspace has not had yet; one that was taken away here stays away. What cannot be added is
 * said in the lines that are returned, with how many were added; a cancel ends it after the measurement that it is at.
 */
export async function importMeasurements(
  { store, events }: AppContext,
  format: ExportFormat,
  folder: string,
  foreignReader: string,
  signal: AbortSignal,
): Promise<{ readonly remarks: readonly string[]; readonly cancelled: boolean }> {
  if (!format.readMeasurements) return { remarks: [], cancelled: false };
  const remarks: string[] = [];
  const frames = store.frameLookup();
  let added = 0;
  for await (const { sopInstanceUID, frameNumber, label, ...measurement } of format.readMeasurements(folder)) {
    await setImmediate();
    if (signal.aborted) break;
    const frame = frames.bySOPInstance(sopInstanceUID, frameNumber);
    if (!frame) {
      remarks.push(`A measurement of frame ${frameNumber} of ${sopInstanceUID} has no frame in this workspace.`);
      continue;
    }
    try {
      const known = label === null ? null : store.findLabelByName(label);
      const reader = measurement.reader ?? foreignReader;
      const input = { ...measurement, frameId: frame.id, labelId: known?.id ?? null, reader };
      if (!store.importMeasurement(input)) continue;
      added += 1;
      events.emit('measurement:changed', { frameId: frame.id, trackingUID: measurement.trackingUID });
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'bad-input')) throw error;
      remarks.push(`A measurement of frame ${frameNumber} of ${sopInstanceUID} was left out: ${error.message}`);
    }
  }
  if (added > 0) remarks.unshift(`${added} ${added === 1 ? 'measurement' : 'measurements'} by hand came with them.`);
  return { remarks, cancelled: signal.aborted };
}
