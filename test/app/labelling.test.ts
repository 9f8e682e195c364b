import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../electron/app/app.ts';
import { homeAt } from '../../electron/app/home.ts';
import { launchApp } from '../../electron/app/launch.ts';
import { commands } from '../../electron/common/api.ts';
import type { CommandInput, CommandName, CommandOutput, EventName } from '../../electron/common/api.ts';
import { createMask, decodeMask, encodeMask } from '../../electron/common/mask.ts';
import { labellingCommands } from '../support/labelling-commands.ts';
import { calibratedDicom } from '../support/regions.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-labelling-'));
const heard: { name: EventName; value: unknown }[] = [];
const sent = new Set<string>();
let app: App;
let labelId: string;
let frameId: string;

/** Sends as a host does, through the router, and checks the output against the contract. */
async function send<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
  sent.add(name);
  const reply = await app.route(name, input);
  if (!reply.ok) throw new Error(`${name}: ${reply.error.code}: ${reply.error.message}`);
  return commands[name].output.parse(reply.value) as CommandOutput<N>;
}

async function refusal<N extends CommandName>(name: N, input: unknown): Promise<{ code: string; message: string }> {
  const reply = await app.route(name, input);
  if (reply.ok) throw new Error(`${name} was not refused.`);
  return reply.error;
}

function events(name: EventName): unknown[] {
  return heard.filter((event) => event.name === name).map((event) => event.value);
}

beforeAll(async () => {
  app = await launchApp({
    host: 'web',
    workspaceFolder: join(folder, 'workspace'),
    home: homeAt(join(folder, 'home')),
    model: 'none', // labels and measurements need no network
    warn: () => {},
  });
  app.events.subscribe((name, value) => heard.push({ name, value }));
  labelId = (await send('label:add', { name: 'Disc', position: 'breast', type: 'tumor' })).id;
  const { studyIds, skipped } = await send('study:import', { files: [{ name: 'a.dcm', bytes: calibratedDicom() }] });
  expect(skipped).toEqual([]);
  frameId = (await send('study:frames', { studyId: studyIds[0] }))[0].id;
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('labels and measurements, through the router', () => {
  it('takes labels from a set, puts them in order and away, and removes those nobody used', async () => {
    const sets = await send('label-set:list', {});
    expect(sets.map((set) => set.title)).toContain('Fetal head');
    const { added } = await send('label-set:apply', { setId: 'ovary', names: ['Ovary', 'Ovarian cyst'] });
    expect(added.map((label) => label.code?.type.codeMeaning)).toEqual(['Ovary', 'Cyst']);
    const [ovary, cyst] = added.map((label) => label.id);
    const ordered = await send('label:reorder', { labelIds: [labelId, cyst, ovary] });
    expect(ordered.map((label) => label.name)).toEqual(['Disc', 'Ovarian cyst', 'Ovary']);
    expect(await send('label:usage', { labelId: cyst })).toEqual({ annotations: 0, measurements: 0, adapters: 0 });
    for (const id of [ovary, cyst]) await send('label:remove', { labelId: id });
    expect((await send('label:list', {})).map((label) => label.name)).toEqual(['Disc']);
    expect(events('label:changed')).toContainEqual({ labelId: cyst });
  });

  it('keeps measurements of a frame, moved, removed and brought back, and says where they are', async () => {
    const { regions } = await send('frame:regions', { frameId });
    expect(regions).toMatchObject([
      { number: 1, physicalDeltaXMm: 0.1 },
      { number: 2, physicalDeltaXMm: 0.5 },
    ]);
    const length = {
      trackingUID: null,
      parentId: null,
      frameId,
      labelId,
      kind: 'length',
      points: [
        { x: 10, y: 20 },
        { x: 30.5, y: 20 },
      ],
    } as const;
    const saved = await send('measurement:save', length);
    expect(saved).toMatchObject({ frameId, labelId, kind: 'length', points: length.points });
    expect(await send('measurement:list', { frameId })).toEqual([saved]);
    const { trackingUID } = saved;
    const removed = await send('measurement:remove', { trackingUID, parentId: saved.id });
    expect(await send('measurement:list', { frameId })).toEqual([]);
    const back = await send('measurement:save', { ...length, trackingUID, parentId: removed.id });
    expect(await send('measurement:list', { frameId })).toEqual([back]);
    expect(events('measurement:changed')).toEqual(Array.from({ length: 3 }, () => ({ frameId, trackingUID })));
    const across = await refusal('measurement:save', {
      ...length,
      points: [
        { x: 10, y: 10 },
        { x: 60, y: 10 },
      ],
    });
    expect(across).toMatchObject({ code: 'bad-input', message: expect.stringContaining('two regions') });
    const outside = await refusal('measurement:save', {
      ...length,
      points: [
        { x: 1, y: 1 },
        { x: 9999, y: 1 },
      ],
    });
    expect(outside).toMatchObject({ code: 'bad-input', message: expect.stringContaining('outside the frame') });
    expect((await refusal('measurement:list', { frameId: 'none' })).code).toBe('not-found');
  });

  it('gives the latest masks of every label in a frame at once', async () => {
    expect(await send('annotation:load-frame', { frameId })).toEqual({ revisions: [] });
    const other = await send('label:add', { name: 'Beside', position: 'breast', type: 'organ' });
    const [width, height] = [100, 60];
    const mask = createMask(width, height);
    mask.data.fill(1, 0, 7);
    const save = (id: string, parentId: string | null) =>
      send('annotation:save', {
        frameId,
        labelId: id,
        parentId,
        proposalId: null,
        reviewState: 'edited',
        segmentAlgorithmType: 'MANUAL',
        mask: encodeMask(mask),
        gesture: 'brush',
      });
    const first = await save(other.id, null);
    const second = await save(other.id, first.revisionId);
    const third = await save(labelId, null);
    const { revisions } = await send('annotation:load-frame', { frameId });
    expect(revisions.map((revision) => revision.id)).toEqual([third.revisionId, second.revisionId]);
    expect(decodeMask(revisions[1].mask, width, height).data.subarray(0, 8)).toEqual(mask.data.subarray(0, 8));
    expect((await refusal('annotation:load-frame', { frameId: 'none' })).code).toBe('not-found');
    expect((await refusal('label:remove', { labelId: other.id })).message).toContain('Hide it instead');
    expect(await send('label:update', { labelId: other.id, hidden: true })).toEqual({ ...other, hidden: true });
  });

  it('has answered all that is left to it', () => {
    expect([...sent]).toEqual(expect.arrayContaining([...labellingCommands]));
  });
});
