import { beforeEach, describe, expect, it } from 'vitest';
import type { MeasurementView } from '../../../electron/common/api.ts';
import { AppError } from '../../../electron/common/errors.ts';
import type { MeasurementShape } from '../../../electron/common/measurements.ts';
import { redo, undo } from '../../../renderer/session/decisions.ts';
import { allCommands } from '../../../renderer/commands/index.ts';
import { selectLabel } from '../../../renderer/session/labels.ts';
import {
  canRedoMeasurement,
  canUndoMeasurement,
  measurementsOf,
  moveMeasurement,
  removeMeasurement,
  saveShape,
} from '../../../renderer/session/measurements.ts';
import { figureText, shortText } from '../../../renderer/session/measurement-words.ts';
import { openFrame } from '../../../renderer/session/navigation.ts';
import { retrySaves } from '../../../renderer/session/saves.ts';
import { regionOf } from '../../support/regions.ts';
import { openScriptedSession, type ScriptedSession } from '../support/scripted-session.ts';

let scripted: ScriptedSession;

/** The app's own rule: a revision names the latest one as its parent. */
class KeptMeasurements {
  readonly revisions: (MeasurementView & { removed: boolean })[] = [];
  trouble: Error | null = null;

  latest(trackingUID: string) {
    return this.revisions.findLast((one) => one.trackingUID === trackingUID) ?? null;
  }

  answerIn({ api }: ScriptedSession): void {
    api.answers['measurement:save'] = ({ trackingUID, parentId, ...input }) => {
      if (this.trouble) throw this.trouble;
      const uid = trackingUID ?? `2.25.${this.revisions.length + 1}`;
      return this.append(uid, parentId, { ...input, points: [...input.points] }, false);
    };
    api.answers['measurement:remove'] = ({ trackingUID, parentId }) => {
      const { frameId, labelId, kind, points } = this.latest(trackingUID)!;
      return { id: this.append(trackingUID, parentId, { frameId, labelId, kind, points }, true).id };
    };
    api.answers['measurement:list'] = ({ frameId }) => {
      const uids = new Set(this.revisions.filter((one) => one.frameId === frameId).map((one) => one.trackingUID));
      return [...uids].map((uid) => this.latest(uid)!).filter((one) => !one.removed);
    };
  }

  private append(
    trackingUID: string,
    parentId: string | null,
    input: Pick<MeasurementView, 'frameId' | 'labelId' | 'kind' | 'points'>,
    removed: boolean,
  ) {
    if ((this.latest(trackingUID)?.id ?? null) !== parentId) throw new AppError('conflict', 'Another came first.');
    const id = `m${this.revisions.length + 1}`;
    const revision = { ...input, id, trackingUID, removed, reader: 'AB', createdAt: '2026-01-01T00:00:00.000Z' };
    this.revisions.push(revision);
    return revision;
  }
}

let kept: KeptMeasurements;

const length = (x: number): MeasurementShape => ({
  kind: 'length',
  points: [
    { x: 1, y: 1 },
    { x, y: 1 },
  ],
});
/** The ends of the lengths of the frame. */
const ends = () => measurementsOf(scripted.state).map((one) => one.points[1].x);
/** Waits until everything was saved and is shown as saved. */
const settled = (count: number) => expect.poll(() => kept.revisions.length).toBe(count);

function paint(): void {
  const { editor } = scripted.session;
  editor.beginGesture('brush');
  editor.paint({ x: 60, y: 40 }, { x: 60, y: 40 }, 2, 1);
  editor.completeGesture();
}

beforeEach(async () => {
  kept = new KeptMeasurements();
  scripted = await openScriptedSession();
  kept.answerIn(scripted);
  await openFrame(scripted.session, 'A', 'a2');
  await scripted.whenProposed();
});

describe('measurements', () => {
  it('are saved at once, for the label that is selected, and are there again on the frame', async () => {
    saveShape(scripted.session, length(20), null);
    await expect.poll(ends).toEqual([20]);
    expect(kept.revisions).toMatchObject([{ frameId: 'a2', labelId: 'lesion', kind: 'length' }]);
    await openFrame(scripted.session, 'A', 'a3');
    expect(ends()).toEqual([]);
    await openFrame(scripted.session, 'A', 'a2');
    await expect.poll(ends).toEqual([20]);
  });

  it('are changed and removed as revisions of one, however fast', async () => {
    saveShape(scripted.session, length(20), null);
    await expect.poll(ends).toEqual([20]);
    const { trackingUID } = kept.revisions[0];
    saveShape(scripted.session, length(30), trackingUID);
    saveShape(scripted.session, length(40), trackingUID);
    expect(ends()).toEqual([40]);
    removeMeasurement(scripted.session, trackingUID);
    expect(ends()).toEqual([]);
    await settled(4);
    expect(kept.revisions.map((one) => [one.points[1].x, one.removed])).toEqual([
      [20, false],
      [30, false],
      [40, false],
      [40, true],
    ]);
    expect(new Set(kept.revisions.map((one) => one.trackingUID)).size).toBe(1);
  });

  it('are taken back and done again in turn with strokes, in the order in which they were done', async () => {
    const { editor } = scripted.session;
    const pixels = () => editor.document!.mask.data.reduce((sum, value) => sum + value, 0);
    const bare = pixels();
    saveShape(scripted.session, length(20), null);
    await expect.poll(ends).toEqual([20]);
    paint();
    const painted = pixels();
    const { trackingUID } = kept.revisions[0];
    removeMeasurement(scripted.session, trackingUID);
    await settled(2);

    await undo(scripted.session);
    expect([ends(), pixels()]).toEqual([[20], painted]);
    await undo(scripted.session);
    expect([ends(), pixels()]).toEqual([[20], bare]);
    await undo(scripted.session);
    expect([ends(), pixels()]).toEqual([[], bare]);
    await redo(scripted.session);
    expect([ends(), pixels()]).toEqual([[20], bare]);
    await redo(scripted.session);
    expect([ends(), pixels()]).toEqual([[20], painted]);
    await redo(scripted.session);
    expect([ends(), pixels()]).toEqual([[], painted]);
    expect(new Set(kept.revisions.map((one) => one.trackingUID)).size).toBe(1);
  });

  it('that were taken back stay so once anything else is done, and so do strokes', async () => {
    const { session } = scripted;
    const { editor } = session;
    const pixels = () => editor.document!.mask.data.reduce((sum, value) => sum + value, 0);
    const bare = pixels();
    saveShape(session, length(20), null);
    await undo(session);
    paint();
    const painted = pixels();
    await undo(session);
    await redo(session);
    expect([ends(), pixels()]).toEqual([[], painted]);
    expect(editor.canRedo || canRedoMeasurement(session)).toBe(false);

    await undo(session);
    saveShape(session, length(30), null);
    await redo(session);
    expect([ends(), pixels()]).toEqual([[30], bare]);
    expect(editor.canRedo || canRedoMeasurement(session)).toBe(false);
  });

  it('of another frame are taken back there', async () => {
    saveShape(scripted.session, length(20), null);
    await expect.poll(ends).toEqual([20]);
    await openFrame(scripted.session, 'A', 'a3');
    await undo(scripted.session);
    expect(scripted.state.frameId).toBe('a2');
    await expect.poll(ends).toEqual([]);
  });

  it('that cannot be saved are kept, said to be unsaved, and saved in order once they can be', async () => {
    const { session } = scripted;
    kept.trouble = new AppError('storage', 'The disk is full.');
    saveShape(session, length(20), null);
    saveShape(session, length(25), null);
    await expect.poll(() => scripted.state.save).toMatchObject({ kind: 'retrying', message: 'The disk is full.' });
    expect([ends(), scripted.state.measurements?.unsaved.length]).toEqual([[20, 25], 2]);
    // They are changed, taken back and looked for on their frame as any other.
    const [first] = measurementsOf(scripted.state);
    saveShape(session, length(30), first.trackingUID);
    await openFrame(session, 'A', 'a3');
    expect(ends()).toEqual([]);
    await openFrame(session, 'A', 'a2');
    await expect.poll(ends).toEqual([30, 25]);
    await undo(session);
    expect(ends()).toEqual([20, 25]);
    expect(kept.revisions).toEqual([]);
    kept.trouble = null;
    retrySaves(session);
    await expect.poll(() => scripted.state.save.kind).toBe('saved');
    expect(kept.revisions.map((one) => one.points[1].x)).toEqual([20, 25, 30, 20]);
    expect([ends(), scripted.state.measurements?.unsaved]).toEqual([[20, 25], []]);
    expect(new Set(kept.revisions.map((one) => one.trackingUID)).size).toBe(2);
  });

  it('that the app refuses are given up with what followed them, and it says why', async () => {
    const { session } = scripted;
    kept.trouble = new AppError('bad-input', 'It lies outside the frame.');
    saveShape(session, length(20), null);
    await expect.poll(() => scripted.state.notice?.text).toContain('It lies outside the frame.');
    expect(ends()).toEqual([]);
    expect(scripted.state.measurementDraft).toBeNull();
    expect(canUndoMeasurement(session)).toBe(false);
    kept.trouble = null;
    saveShape(session, length(25), null);
    await expect.poll(ends).toEqual([25]);
    expect(scripted.state.save.kind).toBe('saved');
  });

  it('are given to another label, and taken back from it', async () => {
    const { session } = scripted;
    const labels = () => measurementsOf(scripted.state).map((one) => one.labelId);
    saveShape(session, length(20), null);
    await settled(1);
    const [{ trackingUID }] = kept.revisions;
    moveMeasurement(session, trackingUID, 'cyst');
    expect(labels()).toEqual(['cyst']);
    await settled(2);
    expect(kept.latest(trackingUID)).toMatchObject({ labelId: 'cyst', points: length(20).points });
    moveMeasurement(session, trackingUID, null);
    expect(labels()).toEqual([null]);
    await undo(session);
    await undo(session);
    expect(labels()).toEqual(['lesion']);
    // The command gives the chosen one to the label that is selected.
    await selectLabel(session, 'cyst');
    const move = allCommands.find(({ id }) => id === 'edit.move-measurement')!;
    await expect.poll(ends).toEqual([20]);
    expect(move.isEnabled?.(session)).toBe(false);
    session.store.setState({ selectedMeasurement: trackingUID });
    await move.run(session);
    expect(labels()).toEqual(['cyst']);
    await settled(6);
  });

  it('across regions are refused with the reason', async () => {
    const regions = [regionOf(1, [0, 0, 31, 47]), regionOf(2, [32, 0, 63, 47], { physicalDeltaXMm: 0.5 })];
    scripted.session.store.setState({ frameScale: { frameId: 'a2', regions, warnings: [] } });
    saveShape(scripted.session, length(40), null);
    expect(scripted.state.notice?.text).toContain('two regions');
    expect(kept.revisions).toEqual([]);
    saveShape(scripted.session, length(30), null);
    await settled(1);
  });
});

describe('figures in words', () => {
  it('carry a unit and as many digits as can be told', () => {
    expect(figureText({ name: 'length', value: 12.345, unit: 'mm' })).toBe('12.3 mm');
    expect(figureText({ name: 'area', value: 1234.56, unit: 'px²' })).toBe('1,235 px²');
    expect(figureText({ name: 'angle', value: 45, unit: '°' })).toBe('45.0°');
    const figures = [
      { name: 'circumference', value: 62.83, unit: 'mm' },
      { name: 'area', value: 300, unit: 'mm²' },
      { name: 'longAxis', value: 24, unit: 'mm' },
      { name: 'shortAxis', value: 16, unit: 'mm' },
    ] as const;
    expect(shortText({ calibration: null, refusal: null, figures })).toBe('C 62.8 mm · 24.0 × 16.0 mm');
  });
});
