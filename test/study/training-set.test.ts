import { beforeEach, describe, expect, it } from 'vitest';
import type { Frame, Label } from '../../electron/common/study.ts';
import type { Store } from '../../electron/study/store.ts';
import { cineFile } from '../support/cine-file.ts';
import { plannedReads } from '../support/query-plans.ts';
import { maskOf, openStore } from '../support/workspaces.ts';

const size = { width: 24, height: 16 };

let store: Store;
let label: Label;

beforeEach(() => {
  store = openStore();
  label = store.addLabel({ name: 'Lesion', position: 'breast', type: 'tumor' });
});

/** Pictures and cines of one study, each with its number of frames and the number of its series. */
async function importSeries(...files: readonly (readonly [name: string, frames: number, series: number])[]) {
  await store.importFiles(
    files.map(([name, frames, series], index) => cineFile({ name, frames, series, instance: index + 1, ...size })),
  );
}

function accept({ id, width, height }: Frame): void {
  store.saveRevision({
    frameId: id,
    labelId: label.id,
    parentId: store.latestRevision(id, label.id)?.id ?? null,
    proposalId: null,
    reviewState: 'accepted',
    segmentAlgorithmType: 'MANUAL',
    mask: maskOf(5, width, height),
    gesture: 'brush',
  });
}

const nameOf = ({ instanceId }: { readonly instanceId: string }) => store.instanceContext(instanceId).instance.fileName;

describe('the place of a correction in its sequence', () => {
  it('counts every picture of its series, corrected or not, and in a cine the frames', async () => {
    await importSeries(['p10', 1, 1], ['p2', 1, 1], ['p1', 1, 1], ['p3', 3, 1], ['q1', 1, 2], ['q2', 1, 2]);
    for (const frame of store.listFrameRecords()) if (nameOf(frame) !== 'p2') accept(frame);
    const corrections = store.listCorrections(label.id);
    expect(corrections.map((one) => [nameOf(one), one.sequenceNumber])).toEqual([
      ['p1', 1],
      ['p3', 1],
      ['p3', 2],
      ['p3', 3],
      ['p10', 4],
      ['q1', 1],
      ['q2', 2],
    ]);
    const [first, cine, , , last, other] = corrections;
    expect(last.sequenceId).toBe(first.sequenceId);
    expect(cine.sequenceId).toBe(cine.instanceId);
    expect(other.sequenceId).not.toBe(first.sequenceId);
  });

  it('follows the order of the study where pictures of one series have the same name', async () => {
    await importSeries(['p', 1, 1], ['p', 1, 1], ['p', 1, 1]);
    const [, second, third] = store.listFrameRecords();
    accept(third);
    accept(second);
    const corrections = store.listCorrections(label.id);
    expect(corrections.map((one) => [one.frameId, one.sequenceNumber])).toEqual([
      [second.id, 2],
      [third.id, 3],
    ]);
  });

  it('is found in one pass over the series that occur, and not at all where nobody asks for it', async () => {
    await importSeries(['p1', 1, 1], ['p2', 1, 1]);
    store.listFrameRecords().forEach(accept);
    const forTraining = await plannedReads(store, () => store.listCorrections(label.id));
    expect(forTraining.filter((step) => step.includes('CORRELATED'))).toEqual([]);
    expect(forTraining).toContain('SEARCH instances USING INDEX instances_of_series (series_id=?)');
    const forExports = await plannedReads(store, () => store.listAnnotations({ includeEdited: true }));
    expect(forExports.filter((step) => /SUBQUERY|instances_of_series/.test(step))).toEqual([]);
  });
});
