// Proposals that are answered after the first of two looks, over the real store and job queue with an engine that sees legs in two looks.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../electron/app/app.ts';
import type { FrameSummary } from '../../electron/common/api.ts';
import { decodeMask } from '../../electron/common/mask.ts';
import { createAppOnStepEngine } from '../support/apps.ts';
import { cineFile } from '../support/cine-file.ts';

let folder: string;
let app: App;
let frames: FrameSummary[];
let labelId: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sonosync-looking-'));
  app = await createAppOnStepEngine(folder);
  await app.send('study:import', { files: [cineFile({ frames: 4 })] });
  const [study] = await app.send('study:list', {});
  frames = (await app.send('strip:load', { frameId: study.firstFrameId })).frames;
  labelId = (await app.send('label:add', { name: 'Vein', position: 'leg', type: 'organ' })).id;
});

afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const stored = async (frameId: string) => (await app.send('annotation:load', { frameId, labelId })).proposal;

function countFound(mask: Uint8Array): number {
  const { width, height } = frames[0];
  return decodeMask(mask, width, height).data.filter(Boolean).length;
}

describe('a first look', () => {
  it('is answered and kept as provisional; the second follows as a proposal of its own', async () => {
    const frameId = frames[0].id;
    const created: string[] = [];
    app.events.on('proposal:created', ({ proposalId }) => created.push(proposalId));
    const { proposal: first } = await app.send('proposal:request', { frameId, labelId, firstLook: true });
    expect(first.provisional).toBe(true);
    expect(created).toEqual([first.id]);

    const refined = await app.send('proposal:refine', { proposalId: first.id });
    expect(refined?.proposal).toMatchObject({ frameId, labelId, prompts: first.prompts, provisional: false });
    expect(created).toEqual([first.id, refined?.proposal.id]);
    expect(await stored(frameId)).toEqual(refined?.proposal);
    expect(await app.send('proposal:refine', { proposalId: first.id })).toEqual(refined);

    const whole = await app.send('proposal:request', { frameId, labelId });
    expect(whole.proposal.mask).toEqual(refined?.proposal.mask);
    expect(countFound(whole.proposal.mask)).toBeGreaterThan(countFound(first.mask));
  });

  it('is the answer itself where the network looks once', async () => {
    const asked = { frameId: frames[0].id, labelId, prompts: { position: 'liver' }, firstLook: true } as const;
    const { proposal } = await app.send('proposal:request', asked);
    expect(proposal.provisional).toBe(false);
    expect(await app.send('proposal:refine', { proposalId: proposal.id })).toBeNull();
  });

  it('is not refined any more once another is asked for; what was given up is made up for when many are proposed', async () => {
    const [one, two] = frames;
    const first = (await app.send('proposal:request', { frameId: one.id, labelId, firstLook: true })).proposal;
    const givenUp = app.send('proposal:refine', { proposalId: first.id });
    const second = (await app.send('proposal:request', { frameId: two.id, labelId, firstLook: true })).proposal;
    expect(await givenUp).toBeNull();
    expect(await stored(one.id)).toEqual(first);
    expect((await app.send('proposal:refine', { proposalId: second.id }))?.proposal.provisional).toBe(false);

    const finished = new Promise((resolve) => app.events.on('proposal:finished', resolve));
    const { frames: asked } = await app.send('proposal:start', { labelId, scope: { frameId: one.id } });
    expect(asked).toBe(3);
    await finished;
    for (const { id } of frames) expect((await stored(id))?.provisional).toBe(false);
  });

  it('can be accepted before the second comes: the revision names what was accepted', async () => {
    const frameId = frames[0].id;
    const { proposal: first } = await app.send('proposal:request', { frameId, labelId, firstLook: true });
    await app.send('annotation:save', {
      frameId,
      labelId,
      parentId: null,
      proposalId: first.id,
      reviewState: 'accepted',
      segmentAlgorithmType: 'AUTOMATIC',
      mask: first.mask,
      gesture: 'accept',
    });
    const refined = await app.send('proposal:refine', { proposalId: first.id });
    const { revision, proposal } = await app.send('annotation:load', { frameId, labelId });
    expect(revision).toMatchObject({ proposalId: first.id, reviewState: 'accepted', mask: first.mask });
    expect(proposal).toEqual(refined?.proposal);
  });
});
