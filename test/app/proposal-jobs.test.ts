// Proposals for many frames, over the real store and job queue with an engine whose answer is quick: it thresholds the frame.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../electron/app/app.ts';
import type { EventName, EventValue, FrameSummary } from '../../electron/common/api.ts';
import { createMask, encodeMask } from '../../electron/common/mask.ts';
import { createAppOnStepEngine } from '../support/apps.ts';
import { cineFile } from '../support/cine-file.ts';
import { damagedCine } from '../support/damaged-cine.ts';

let folder: string;
let app: App;
let frames: FrameSummary[];
let labelId: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sonosync-proposing-'));
  app = await createAppOnStepEngine(folder);
  await app.send('study:import', {
    files: [cineFile({ frames: 12 }), cineFile({ name: 'still.dcm', frames: 1, instance: 2 })],
  });
  const [study] = await app.send('study:list', {});
  frames = (await app.send('strip:load', { frameId: study.firstFrameId })).frames;
  labelId = (await app.send('label:add', { name: 'Disc', position: 'breast', type: 'tumor' })).id;
});

afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

function next<N extends EventName>(name: N): Promise<EventValue<N>> {
  return new Promise((resolve) => {
    const end = app.events.on(name, (value) => {
      end();
      resolve(value);
    });
  });
}

async function proposed(): Promise<number[]> {
  const strip = await app.send('strip:load', { frameId: frames[0].id });
  return strip.frames.flatMap((frame) => (frame.states[labelId] === undefined ? [] : [frame.frameNumber]));
}

async function markAbsent(frameId: string): Promise<void> {
  await app.send('annotation:save', {
    frameId,
    labelId,
    parentId: null,
    proposalId: null,
    reviewState: 'absent',
    segmentAlgorithmType: 'MANUAL',
    mask: encodeMask(createMask(96, 72)),
    gesture: 'absent',
  });
}

describe('the job for every frame', () => {
  it('proposes for each frame of a cine that nobody has touched, tells how far it is, and then of its end', async () => {
    const told: number[] = [];
    app.events.on('proposal:progressed', ({ done, total, secondsLeft }) => {
      told.push(done);
      expect(total).toBe(12);
      expect(secondsLeft).toBeGreaterThanOrEqual(0);
    });
    const end = next('proposal:finished');
    expect(await app.send('proposal:start', { labelId, scope: { frameId: frames[3].id } })).toEqual({ frames: 12 });
    expect(await end).toMatchObject({ labelId, done: 12, total: 12, cancelled: false, trouble: null });
    expect(told).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect(await proposed()).toHaveLength(12);
    const again = next('proposal:finished');
    expect(await app.send('proposal:start', { labelId, scope: { frameId: frames[3].id } })).toEqual({ frames: 0 });
    expect(await again).toMatchObject({ done: 0, total: 0 });
    const { studyId } = await app.send('strip:load', { frameId: frames[0].id });
    const other = next('proposal:finished');
    expect(await app.send('proposal:start', { labelId, scope: { studyId } })).toEqual({ frames: 1 });
    await other;
  });

  it('proposes again with other prompts', async () => {
    const end = next('proposal:finished');
    await app.send('proposal:start', { labelId, scope: { frameId: frames[0].id } });
    await end;
    const again = next('proposal:finished');
    const prompts = { position: 'liver' } as const;
    expect((await app.send('proposal:start', { labelId, scope: { frameId: frames[0].id }, prompts })).frames).toBe(12);
    await again;
    const { proposal } = await app.send('annotation:load', { frameId: frames[11].id, labelId });
    expect(proposal?.prompts).toMatchObject({ position: 'liver', mode: 'whole' });
  });

  it('is one at a time, can be cancelled, and keeps what it has by then', async () => {
    const first = next('proposal:progressed');
    const end = next('proposal:finished');
    await app.send('proposal:start', { labelId, scope: { frameId: frames[0].id } });
    await expect(app.send('proposal:start', { labelId, scope: { frameId: frames[0].id } })).rejects.toMatchObject({
      code: 'conflict',
    });
    await first;
    await app.send('proposal:cancel', {});
    const { done, cancelled } = await end;
    expect(cancelled).toBe(true);
    expect(done).toBeLessThan(12);
    expect(await proposed()).toHaveLength(done);
  });

  it('passes over a frame that cannot be read, and names it at the end', async () => {
    const { studyIds } = await app.send('study:import', { files: [await damagedCine('bad.dcm', 16, [7, 9])] });
    const end = next('proposal:finished');
    await app.send('proposal:start', { labelId, scope: { studyId: studyIds[0] } });
    const { done, total, cancelled, trouble } = await end;
    expect({ done, total, cancelled }).toEqual({ done: 14, total: 16, cancelled: false });
    expect(trouble).toMatch(/^2 frames could not be read: bad\.dcm: frame 7 is damaged.* bad\.dcm: frame 9 is damaged/);
    const listed = await app.send('study:frames', { studyId: studyIds[0] });
    const without = listed.filter((frame) => frame.states[labelId] === undefined);
    expect(without.map(({ frameNumber }) => frameNumber)).toEqual([7, 9]);
  });

  it('ends where it is not the frame that cannot be read: with an adapter that was changed on the disk', async () => {
    const { store, model } = app.context;
    const modelHash = model.model?.hash ?? '';
    const prompts = { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' } as const;
    const record = { labelId, modelHash, prompts, trainRevisionIds: [], validationRevisionIds: [] };
    const metrics = { validationBefore: 0, validationAfter: 1, caution: null };
    const { id, fileHash } = await store.saveAdapter(
      { ...record, seed: 1, settings: {}, metrics },
      Uint8Array.of(1, 2, 3),
    );
    await store.activateAdapter(labelId, id, modelHash);
    writeFileSync(join(store.folder, 'adapters', `${fileHash}.safetensors`), 'changed');
    const end = next('proposal:finished');
    await app.send('proposal:start', { labelId, scope: { frameId: frames[0].id } });
    expect(await end).toMatchObject({ done: 0, total: 12, trouble: expect.stringContaining('was changed or damaged') });
  });
});

describe('the frames that come next', () => {
  it('are proposed for in their order, except those that somebody has judged', async () => {
    await markAbsent(frames[2].id);
    const frameIds = [frames[4].id, frames[2].id, frames[5].id];
    await app.send('proposal:prepare', { labelId, frameIds });
    await expect.poll(proposed).toEqual([3, 5, 6]);
    expect((await app.send('annotation:load', { frameId: frames[2].id, labelId })).proposal).toBeNull();
  });

  it('are given up for newer ones', async () => {
    await app.send('proposal:prepare', { labelId, frameIds: frames.slice(0, 8).map(({ id }) => id) });
    await app.send('proposal:prepare', { labelId, frameIds: [frames[11].id] });
    await expect.poll(proposed).toContain(12);
    expect((await proposed()).length).toBeLessThan(8);
  });

  it('let an interactive proposal go first', async () => {
    const order: string[] = [];
    app.events.on('proposal:created', ({ frameId }) => order.push(frameId));
    await app.send('proposal:start', { labelId, scope: { frameId: frames[0].id } });
    await app.send('proposal:request', { frameId: frames[11].id, labelId });
    expect(order.indexOf(frames[11].id)).toBeLessThan(8);
    await next('proposal:finished');
  });
});
