// Owns the way back of what was measured by hand: measurements from the files of an export become the workspace's own, each once.
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../common/errors.ts';
import type { ExportFormat } from '../../export/export-format.ts';
import type { AppContext } from '../context.ts';
import type { ExportRecord } from './export-record.ts';
import { findLabel } from './merge-annotation.ts';

export interface MeasurementSource {
  readonly format: ExportFormat;
  readonly folder: string;
  readonly foreignReader: string;
  /**
   * Where it knows a measurement, it says its frame and its label: files may name the image that a frame of a film was written as, and labels of
   * which they hold no mask.
   */
  readonly record: ExportRecord;
  /** Gets the names of labels that are added. */
  readonly labels: Set<string>;
}

/**
 * Adds the measurements that files hold and the workspace has not had yet; one that was taken away here stays away. What cannot be added is
 * said in the lines that are returned, with how many were added; a cancel ends it after the measurement that it is at.
 */
export async function importMeasurements(
  context: AppContext,
  { format, folder, foreignReader, record, labels }: MeasurementSource,
  signal: AbortSignal,
): Promise<{ readonly remarks: readonly string[]; readonly cancelled: boolean }> {
  if (!format.readMeasurements) return { remarks: [], cancelled: false };
  const { store, events } = context;
  const remarks: string[] = [];
  const frames = store.frameLookup();
  let added = 0;
  for await (const read of format.readMeasurements(folder)) {
    await setImmediate();
    if (signal.aborted) break;
    const { kind, points, trackingUID } = read;
    const { sopInstanceUID, frameNumber, label, reader } = record.measurement(trackingUID) ?? read;
    const frame = frames.bySOPInstance(sopInstanceUID, frameNumber);
    if (!frame) {
      remarks.push(`A measurement of frame ${frameNumber} of ${sopInstanceUID} has no frame in this workspace.`);
      continue;
    }
    try {
      const input = { frameId: frame.id, kind, points, trackingUID, reader: reader ?? foreignReader };
      // Before a label is added: not for one that stays out.
      if (!store.isNewMeasurement(input)) continue;
      const own = label === null ? null : findLabel(context, frame, { label, prompts: record.prompts(label) }, labels);
      store.importMeasurement({ ...input, labelId: own?.id ?? null });
      added += 1;
      events.emit('measurement:changed', { frameId: frame.id, trackingUID });
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'bad-input')) throw error;
      remarks.push(`A measurement of frame ${frameNumber} of ${sopInstanceUID} was left out: ${error.message}`);
    }
  }
  if (added > 0) remarks.unshift(`${added} ${added === 1 ? 'measurement' : 'measurements'} by hand came with them.`);
  return { remarks, cancelled: signal.aborted };
}
