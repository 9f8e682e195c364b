import { describe, expect, it } from 'vitest';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { Store } from '../../electron/study/store.ts';
import { calibratedDicom } from '../support/regions.ts';
import { openStore, temporaryFolder, thrownBy } from '../support/workspaces.ts';

async function setUp() {
  const store = openStore();
  await store.importFile('image.dcm', calibratedDicom());
  const [frame] = store.listFrameRecords();
  const length = {
    trackingUID: null,
    parentId: null,
    frameId: frame.id,
    labelId: null,
    kind: 'length',
    points: [
      { x: 10, y: 10 },
      { x: 40.25, y: 30.5 },
    ],
  } as const;
  return { store, frame, length };
}

describe('measurements', () => {
  it('are kept with who made them and when, and are there again after the store was closed', async () => {
    const folder = temporaryFolder();
    const store = Store.open(folder, { reader: 'A. Reader' });
    await store.importFile('image.dcm', calibratedDicom());
    const label = store.addLabel({ name: 'Lesion', position: 'breast', type: 'tumor' });
    const [frame] = store.listFrameRecords();
    const points = [
      { x: 10, y: 10 },
      { x: 40.25, y: 30.5 },
    ];
    const saved = store.saveMeasurement({
      trackingUID: null,
      parentId: null,
      frameId: frame.id,
      labelId: label.id,
      kind: 'length',
      points,
    });
    expect(saved).toMatchObject({ labelId: label.id, points, reader: 'A. Reader', removed: false });
    expect(saved.trackingUID).toMatch(/^2\.25\.\d+$/);
    await store.close();
    expect(openStore(folder).listMeasurements()).toEqual([saved]);
  });

  it('are revised, removed and brought back as one line of revisions under one tracking UID', async () => {
    const { store, frame, length } = await setUp();
    const first = store.saveMeasurement(length);
    const other = store.saveMeasurement({
      ...length,
      points: [
        { x: 1, y: 1 },
        { x: 9, y: 9 },
      ],
    });
    const { trackingUID } = first;
    const moved = [
      { x: 12, y: 10 },
      { x: 40, y: 30 },
    ];
    const second = store.saveMeasurement({ ...length, trackingUID, parentId: first.id, points: moved });
    expect(second).toMatchObject({ trackingUID, parentId: first.id, points: moved });
    expect(store.listMeasurements(frame.id)).toEqual([second, other]);
    const removed = store.removeMeasurement(trackingUID, second.id);
    expect(store.listMeasurements(frame.id)).toEqual([other]);
    expect(store.removeMeasurement(trackingUID, removed.id)).toEqual(removed);
    const back = store.saveMeasurement({ ...length, trackingUID, parentId: removed.id });
    expect(store.listMeasurements()).toEqual([back, other]);
  });

  it('that were changed meanwhile are not overwritten', async () => {
    const { store, length } = await setUp();
    const first = store.saveMeasurement(length);
    const { trackingUID } = first;
    store.saveMeasurement({ ...length, trackingUID, parentId: first.id });
    const conflict = { code: 'conflict', message: expect.stringContaining('nothing was overwritten') };
    const points = [
      { x: 2, y: 2 },
      { x: 8, y: 8 },
    ];
    const stale = { ...length, trackingUID, parentId: first.id, points };
    expect(await thrownBy(() => store.saveMeasurement(stale))).toMatchObject(conflict);
    expect(await thrownBy(() => store.removeMeasurement(trackingUID, first.id))).toMatchObject(conflict);
    expect(await thrownBy(() => store.saveMeasurement({ ...length, parentId: 'x' }))).toMatchObject(conflict);
    expect(await thrownBy(() => store.removeMeasurement('2.25.1', 'x'))).toMatchObject({ code: 'not-found' });
  });

  it('are there once however often the same is asked for, and under the UID that their maker gave them', async () => {
    const { store, frame, length } = await setUp();
    const mine = { ...length, trackingUID: '2.25.329800735698586629295641978511506172918' };
    const first = store.saveMeasurement(mine);
    expect(first.trackingUID).toBe(mine.trackingUID);
    expect(store.saveMeasurement(mine)).toEqual(first);
    const unlabelled = { ...mine, parentId: first.id, labelId: null };
    const second = store.saveMeasurement(unlabelled);
    expect(second).toMatchObject({ parentId: first.id, labelId: null });
    expect(store.saveMeasurement(unlabelled)).toEqual(second);
    const removed = store.removeMeasurement(mine.trackingUID, second.id);
    expect(store.removeMeasurement(mine.trackingUID, second.id)).toEqual(removed);
    expect(store.listMeasurements(frame.id)).toEqual([]);
    for (const trackingUID of ['1.2.840.10008.1', '2.25.0', '2.25.x']) {
      expect(await thrownBy(() => store.saveMeasurement({ ...length, trackingUID }))).toMatchObject({
        code: 'bad-input',
        message: expect.stringContaining(trackingUID),
      });
    }
    expect(
      await thrownBy(() => store.saveMeasurement({ ...mine, trackingUID: '2.25.7', parentId: 'x' })),
    ).toMatchObject({ code: 'not-found' });
  });

  it('are refused across regions of the file, of another kind, and for frames and labels that there are not', async () => {
    const { store, length } = await setUp();
    const saved = store.saveMeasurement(length);
    const wrong = [
      [
        {
          ...length,
          points: [
            { x: 10, y: 10 },
            { x: 60, y: 10 },
          ],
        },
        'bad-input',
        'two regions',
      ],
      [
        {
          ...length,
          points: [
            { x: 10, y: 10 },
            { x: 60, y: 90 },
          ],
        },
        'bad-input',
        'outside the frame',
      ],
      [{ ...length, frameId: 'none' }, 'not-found', 'none'],
      [{ ...length, labelId: 'none' }, 'not-found', 'none'],
      [
        {
          ...length,
          trackingUID: saved.trackingUID,
          parentId: saved.id,
          kind: 'angle',
          points: [
            { x: 1, y: 1 },
            { x: 5, y: 5 },
            { x: 9, y: 1 },
          ],
        },
        'bad-input',
        'keeps its frame and its kind',
      ],
    ] as const;
    for (const [input, code, words] of wrong) {
      expect(await thrownBy(() => store.saveMeasurement(input))).toMatchObject({
        code,
        message: expect.stringContaining(words),
      });
    }
    expect(store.listMeasurements()).toEqual([saved]);
  });

  it('from elsewhere are new until they were here once, and are refused as others are', async () => {
    const { store, length } = await setUp();
    const { frameId, labelId, kind, points } = length;
    const incoming = { frameId, labelId, kind, points, trackingUID: '2.25.81', reader: 'B. Reader' };
    const outside = { ...incoming, points: [points[0], { x: 1e6, y: 1 }] };
    for (const refused of [() => store.isNewMeasurement(outside), () => store.importMeasurement(outside)]) {
      expect(await thrownBy(refused)).toMatchObject({ code: 'bad-input' });
    }
    expect(store.isNewMeasurement(incoming)).toBe(true);
    const taken = store.importMeasurement(incoming)!;
    expect(taken).toMatchObject({ reader: 'B. Reader', trackingUID: '2.25.81' });
    store.removeMeasurement(taken.trackingUID, taken.id);
    expect(store.isNewMeasurement(incoming)).toBe(false);
    expect(store.importMeasurement(incoming)).toBeNull();
    expect(store.listMeasurements()).toEqual([]);
  });

  it('are append-only: the database itself refuses to change or delete one', async () => {
    const { store, length } = await setUp();
    store.saveMeasurement(length);
    await store.close();
    const database = new DatabaseSync(join(store.folder, 'workspace.sqlite'));
    expect(() => database.exec("UPDATE measurements SET points = '[]'")).toThrow('append-only');
    expect(() => database.exec('DELETE FROM measurements')).toThrow('append-only');
    database.close();
  });
});
