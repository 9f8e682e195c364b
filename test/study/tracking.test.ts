import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { Store } from '../../electron/study/store.ts';
import { takeBack } from '../support/older-workspace.ts';
import { plannedReads } from '../support/query-plans.ts';
import { maskOf, openStore, pngFile, temporaryFolder } from '../support/workspaces.ts';

const trackingUID = '2.25.329800735698586629295641978511506172918';

/** An annotation and a measurement of the first frame that bring their tracking UID with them. */
function incoming(store: Store) {
  const [{ id: frameId }] = store.listFrameRecords();
  const [label] = store.listLabels();
  const revision = {
    frameId,
    labelId: label.id,
    parentId: null,
    proposalId: null,
    reviewState: 'accepted',
    segmentAlgorithmType: 'MANUAL',
    mask: maskOf(5),
    gesture: 'import',
    origin: { trackingUID },
  } as const;
  const points = [
    { x: 1, y: 1 },
    { x: 6, y: 4 },
  ];
  const measurement = { frameId, labelId: null, kind: 'length', points, trackingUID, parentId: null } as const;
  return { revision, measurement };
}

async function fill(store: Store): Promise<void> {
  await store.importFiles([await pngFile('a.png', 1), await pngFile('b.png', 2)]);
  store.addLabel({ name: 'Lesion', position: 'breast', type: 'tumor' });
}

/** Steps over whole tables, with or without an index. */
const scans = (steps: readonly string[]) => steps.filter((step) => /^SCAN (revisions|measurements)\b/.test(step));

describe('a tracking UID', () => {
  it('is looked up by an index', async () => {
    const store = openStore();
    await fill(store);
    const { revision, measurement } = incoming(store);
    const forRevision = await plannedReads(store, () => store.saveRevision(revision));
    expect(forRevision).toContain('SEARCH revisions USING INDEX revisions_by_tracking (tracking_uid=?)');
    expect(scans(forRevision)).toEqual([]);
    const forMeasurement = await plannedReads(store, () => {
      const made = store.saveMeasurement(measurement);
      const moved = store.saveMeasurement({ ...measurement, parentId: made.id, labelId: revision.labelId });
      store.removeMeasurement(trackingUID, moved.id);
    });
    expect(forMeasurement).toContain('SEARCH measurements USING INDEX measurements_by_tracking (tracking_uid=?)');
    expect(scans(forMeasurement)).toEqual([]);
  });

  it('is looked up so in a workspace of an earlier version too, which keeps what it holds', async () => {
    const folder = temporaryFolder();
    const before = Store.open(folder, { reader: 'A. Reader' });
    await fill(before);
    const { revision, measurement } = incoming(before);
    const annotation = before.saveRevision(revision);
    const measured = before.saveMeasurement(measurement);
    await before.close();
    // The last version without these indexes.
    takeBack(folder, 12);
    expect(indexesOf(folder)).not.toContain('revisions_by_tracking');

    const store = openStore(folder);
    expect(indexesOf(folder)).toEqual(expect.arrayContaining(['revisions_by_tracking', 'measurements_by_tracking']));
    expect(store.latestRevision(annotation.frameId, annotation.labelId)).toEqual(annotation);
    expect(store.listMeasurements()).toEqual([measured]);
    expect(store.saveMeasurement(measurement)).toEqual(measured);
    const [, { id: frameId }] = store.listFrameRecords();
    expect(store.saveRevision({ ...revision, frameId }).trackingUID).not.toBe(trackingUID);
  });
});

function indexesOf(folder: string): unknown[] {
  const database = new DatabaseSync(join(folder, 'workspace.sqlite'), { readOnly: true });
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'index'").all();
  database.close();
  return rows.map(({ name }) => name);
}

describe('what belongs to one study or one frame', () => {
  it('is read without going through all that there is', async () => {
    const store = openStore();
    await fill(store);
    const [{ id: studyId }] = store.listStudies();
    const [{ id: frameId }] = store.listFrameRecords(studyId);
    const steps = await plannedReads(store, () => [store.listFrameRecords(studyId), store.listMeasurements(frameId)]);
    expect(steps.filter((step) => /^SCAN (frames|measurements)\b/.test(step))).toEqual([]);
    expect(steps).toContain('SEARCH frames USING INDEX frames_of_study (study_id=?)');
  });
});
