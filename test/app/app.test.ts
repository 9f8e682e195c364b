import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../electron/app/app.ts';
import { homeAt } from '../../electron/app/home.ts';
import { launchApp } from '../../electron/app/launch.ts';
import { preAnnotate } from '../../electron/app/workflows/pre-annotate.ts';
import { commands } from '../../electron/common/api.ts';
import type { CommandInput, CommandName, CommandOutput, EventName } from '../../electron/common/api.ts';
import { createMask, decodeMask, encodeMask } from '../../electron/common/mask.ts';
import { decodeImage, encodePng } from '../../electron/files/image.ts';
import { grayPicture } from '../../electron/training/gray-frame.ts';
import { labellingCommands } from '../support/labelling-commands.ts';
import { importTinyModel, tinyModelId } from '../support/model.ts';
import { discItems } from '../support/phantoms.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-app-'));
const home = homeAt(join(folder, 'home'));
const discs = discItems(8, 1);
const heard: { name: EventName; value: unknown }[] = [];
const sent = new Set<string>();
const warnings: string[] = [];
const folders: string[] = [];
let app: App;
let labelId: string;

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

async function discFile(index: number) {
  const { frame } = discs[index];
  return grayPicture(frame);
}

function events(name: EventName): unknown[] {
  return heard.filter((event) => event.name === name).map((event) => event.value);
}

async function waitFor(name: EventName, count: number): Promise<unknown> {
  while (events(name).length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  return events(name)[count - 1];
}

async function frameIds(): Promise<string[]> {
  const [study] = await send('study:list', {});
  return (await send('study:frames', { studyId: study.id })).map((frame) => frame.id);
}

beforeAll(async () => {
  await importTinyModel(home.modelsFolder);
  app = await launchApp({
    host: 'web',
    workspaceFolder: join(folder, 'workspace'),
    home,
    model: tinyModelId,
    warn: (message) => warnings.push(message),
    openFolder: async (opened) => void folders.push(opened),
  });
  app.events.subscribe((name, value) => heard.push({ name, value }));
  labelId = (await send('label:add', { name: 'Disc', position: 'breast', type: 'tumor' })).id;
  const files = await Promise.all(
    discs.map(async (_disc, index) => ({
      name: `discs/disc-${index}.png`,
      bytes: await encodePng(await discFile(index)),
    })),
  );
  const broken = { name: 'discs/broken.png', bytes: files[0].bytes.subarray(0, 100) };
  const result = await send('study:import', { files: [...files, broken] });
  expect(result.skipped).toEqual([
    { path: 'discs/broken.png', reason: expect.stringContaining('broken.png'), expected: false },
  ]);
});

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the app, through its router', () => {
  it('says where it is', async () => {
    const status = await send('app:status', {});
    expect(status.workspace).toEqual({ folder: join(folder, 'workspace'), title: 'workspace' });
    expect(status.host).toBe('web');
    expect(status.model?.id).toBe(tinyModelId);
    expect(status.reader).not.toBe('');
  });

  it('lists what was imported, gives its pixels unchanged and a small picture', async () => {
    const [study] = await send('study:list', {});
    expect(study.frameCount).toBe(discs.length);
    expect(events('study:imported').at(-1)).toEqual({ studyIds: [study.id] });
    const [frameId] = await frameIds();
    expect(frameId).toBe(study.firstFrameId);
    const strip = await send('strip:load', { frameId });
    expect(strip.frames.map((frame) => frame.id)).toEqual(await frameIds());
    const stripMasks = await send('strip:masks', { frameId, labelId });
    expect(stripMasks.every((mask) => mask.reviewState === 'proposed')).toBe(true);
    const [series] = await send('series:list', { studyId: study.id });
    expect(series.instances.map((instance) => instance.firstFrameId)).toEqual(await frameIds());
    expect(await send('patient:list', {})).toEqual([]);
    const { png } = await send('frame:pixels', { frameId });
    expect((await decodeImage(png, 'frame.png')).pixels).toEqual((await discFile(0)).pixels);
    expect(await send('frame:picture', { frameId })).toEqual(await discFile(0));
    const { jpeg } = await send('frame:thumbnail', { frameId });
    expect((await decodeImage(jpeg, 'thumbnail.jpg')).width).toBeLessThanOrEqual(160);
  });

  it('adds, renames and lists labels, and refuses a name twice', async () => {
    const other = await send('label:add', { name: 'Cyst', position: 'ovary', type: 'tumor' });
    const renamed = await send('label:update', { labelId: other.id, name: 'Large cyst' });
    expect(renamed).toEqual({ ...other, name: 'Large cyst' });
    expect((await send('label:list', {})).map((label) => label.name)).toEqual(['Disc', 'Large cyst']);
    expect(events('label:changed')).toContainEqual({ labelId: other.id });
    expect(await refusal('label:add', { name: 'disc', position: 'breast', type: 'tumor' })).toMatchObject({
      code: 'conflict',
    });
  });

  it('proposes, stores the proposal and says so; the same frame again needs no pixels', async () => {
    const [frameId] = await frameIds();
    const { proposal, provider } = await send('proposal:request', { frameId, labelId });
    expect(provider).not.toBe('');
    expect(proposal.prompts).toEqual({ position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' });
    expect(decodeMask(proposal.mask, 120, 90).data).toHaveLength(120 * 90);
    expect(events('proposal:created')).toContainEqual({ frameId, labelId, proposalId: proposal.id });
    expect((await send('annotation:load', { frameId, labelId })).proposal).toEqual(proposal);
    const again = await send('proposal:request', { frameId, labelId, firstLook: true });
    expect(again.proposal.mask).toEqual(proposal.mask);
    // This model looks once.
    expect(await send('proposal:refine', { proposalId: again.proposal.id })).toBeNull();
    const box = { x: 10, y: 10, width: 60, height: 500 };
    const local = await send('proposal:request', { frameId, labelId, box });
    expect(local.proposal.prompts.mode).toBe('local');
    expect(local.proposal.box).toEqual({ x: 10, y: 10, width: 60, height: 80 });
  });

  it('says what the network would propose without storing it', async () => {
    const [frameId] = await frameIds();
    const box = { x: 20, y: 15, width: 50, height: 40 };
    const { proposal } = await send('proposal:request', { frameId, labelId, box });
    const told = events('proposal:created').length;
    const preview = await send('proposal:preview', { frameId, labelId, box });
    expect(preview.mask).toEqual(proposal.mask);
    expect((await send('annotation:load', { frameId, labelId })).proposal?.id).toBe(proposal.id);
    const followed = await send('proposal:follow', { frameId, labelId, box });
    expect(followed.mask).toEqual(preview.mask);
    expect((await send('annotation:load', { frameId, labelId })).proposal?.id).toBe(proposal.id);
    const whole = await send('proposal:preview', { frameId, labelId, box: null, adapterId: null });
    expect(whole.mask).not.toEqual(preview.mask);
    expect(whole.meanProbability).toBeGreaterThanOrEqual(0);
    expect(events('proposal:created')).toHaveLength(told);
  });

  it('proposes for frames that come next and for every frame, until it is cancelled', async () => {
    const [frameId] = await frameIds();
    await send('proposal:prepare', { labelId, frameIds: [] });
    const finished = events('proposal:finished').length;
    await send('proposal:start', { labelId, scope: { frameId } });
    await send('proposal:cancel', {});
    expect(await waitFor('proposal:finished', finished + 1)).toMatchObject({ labelId, trouble: null });
  });

  it('asks for a target where local input has none', async () => {
    const frameId = (await frameIds())[7];
    const refused = await refusal('proposal:request', { frameId, labelId, prompts: { mode: 'local' } });
    expect(refused.code).toBe('bad-input');
    expect(refused.message).toContain('Drag a box');
    const outside = { x: 500, y: 0, width: 10, height: 10 };
    expect((await refusal('proposal:request', { frameId, labelId, box: outside })).message).toContain(
      'outside the frame',
    );
  });

  it('saves one revision after another, tells of each, and refuses a stale one and a mask of another size', async () => {
    const frameId = (await frameIds())[1];
    const mask = encodeMask(discs[1].mask ?? createMask(1, 1));
    const input = {
      frameId,
      labelId,
      parentId: null,
      proposalId: null,
      reviewState: 'edited' as const,
      segmentAlgorithmType: 'MANUAL' as const,
      mask,
      gesture: 'brush',
    };
    const first = await send('annotation:save', input);
    expect(events('annotation:saved')).toContainEqual({ frameId, labelId, ...first });
    expect((await refusal('annotation:save', input)).code).toBe('conflict');
    const accepted = { ...input, parentId: first.revisionId, reviewState: 'accepted' as const, gesture: 'accept' };
    const second = await send('annotation:save', accepted);
    const steps = await send('annotation:history', { limit: 2 });
    expect(steps.map((step) => step.revision.id)).toEqual([first.revisionId, second.revisionId]);
    expect(steps[1]).toMatchObject({ width: 120, height: 90, parent: { id: first.revisionId }, proposalMask: null });
    const { revision } = await send('annotation:load', { frameId, labelId });
    expect(revision).toMatchObject({
      id: second.revisionId,
      parentId: first.revisionId,
      mask,
      reviewState: 'accepted',
    });
    const wrongSize = { ...accepted, parentId: second.revisionId, mask: encodeMask(createMask(3, 3)) };
    expect((await refusal('annotation:save', wrongSize)).code).toBe('bad-input');
  });

  it('refuses ids that there are not, inputs of another shape and commands of no contract', async () => {
    expect((await refusal('annotation:load', { frameId: 'none', labelId })).code).toBe('not-found');
    expect((await refusal('study:frames', { studyId: 'none' })).code).toBe('not-found');
    const wrong = await refusal('label:add', { name: '', position: 'knee', type: 'tumor' });
    expect(wrong).toMatchObject({ code: 'bad-input', message: expect.stringContaining('"position"') });
    expect((await refusal('label:destroy' as CommandName, {})).code).toBe('not-found');
    expect((await refusal('toString' as CommandName, {})).code).toBe('not-found');
  });

  it('queues what nobody decided on', async () => {
    const queue = await send('queue:list', { labelId, limit: 50 });
    expect(queue).toHaveLength(discs.length - 1);
    expect(queue[0].reason).not.toBe('');
  });

  it('says how many corrections are missing before it synchronizes', async () => {
    expect(await send('training:count', { labelId })).toEqual({ corrections: 1, needed: 4 });
    const refused = await refusal('training:start', { labelId });
    expect(refused.code).toBe('bad-input');
    expect(refused.message).toContain('3 are missing');
    expect((await refusal('training:cancel', { labelId })).code).toBe('not-found');
  });

  it('pre-annotates every frame that nobody decided on, and leaves the others alone', async () => {
    const label = app.context.store.label(labelId);
    const made = await preAnnotate(app.context, label, { accept: false });
    expect(made.unreadable).toEqual([]);
    expect(made.proposals.map(({ frame }) => frame.id)).toEqual((await frameIds()).filter((_id, index) => index !== 1));
    const cyst = app.context.store.labelNamed('Large cyst');
    const { proposals: accepted } = await preAnnotate(app.context, cyst, { accept: true });
    expect(accepted).toHaveLength(discs.length);
    for (const { frame, proposal } of accepted) {
      const { revision } = await send('annotation:load', { frameId: frame.id, labelId: cyst.id });
      expect(revision).toMatchObject({ proposalId: proposal.id, segmentAlgorithmType: 'AUTOMATIC' });
      expect(['accepted', 'absent']).toContain(revision?.reviewState);
    }
    expect((await preAnnotate(app.context, cyst, { accept: true })).proposals).toEqual([]);
  });
});

describe('synchronization', () => {
  beforeAll(async () => {
    for (const [index, frameId] of (await frameIds()).entries()) {
      const { revision } = await send('annotation:load', { frameId, labelId });
      await send('annotation:save', {
        frameId,
        labelId,
        parentId: revision?.id ?? null,
        proposalId: null,
        reviewState: 'accepted',
        segmentAlgorithmType: 'MANUAL',
        mask: encodeMask(discs[index].mask ?? createMask(1, 1)),
        gesture: 'accept',
      });
    }
  });

  it('runs once for each label at a time and is cancelled in words', async () => {
    await send('training:start', { labelId });
    expect((await refusal('training:start', { labelId })).code).toBe('conflict');
    await waitFor('training:progressed', 1);
    await send('training:cancel', { labelId });
    expect(await waitFor('training:failed', 1)).toMatchObject({ labelId, cancelled: true });
    expect(await send('adapter:list', { labelId })).toEqual([]);
  });

  it('keeps an adapter where it is better on validation, else says why there is none', async () => {
    await send('training:start', { labelId, seed: 2 });
    const result = await waitFor('training:finished', 1);
    expect(result).toMatchObject({ labelId, corrections: discs.length });
    const { activated, adapterId, validationBefore, validationAfter } = commandResult(result);
    const adapters = await send('adapter:list', { labelId });
    expect(activated).toBe(validationAfter > validationBefore);
    if (!activated) {
      expect(adapters).toEqual([]);
      return;
    }
    expect(adapters).toMatchObject([{ id: adapterId, active: true, validationBefore, validationAfter }]);
    const [frameId] = await frameIds();
    const adapted = (await send('proposal:request', { frameId, labelId })).proposal;
    expect(adapted.adapterId).toBe(adapterId);
    const base = await send('adapter:activate', { labelId, adapterId: null });
    expect(base.activeAdapterId).toBeNull();
    const plain = (await send('proposal:request', { frameId, labelId })).proposal;
    expect(plain.adapterId).toBeNull();
    // What is not at work can be asked too, to compare.
    const preview = await send('proposal:preview', { frameId, labelId, box: null, adapterId });
    expect(preview.mask).toEqual(adapted.mask);
    expect((await send('proposal:preview', { frameId, labelId, box: null, adapterId: null })).mask).toEqual(plain.mask);
    const other = await send('label:add', { name: 'Not the disc', position: 'breast', type: 'tumor' });
    const refused = await refusal('proposal:preview', { frameId, labelId: other.id, box: null, adapterId });
    expect(refused).toMatchObject({ code: 'conflict', message: expect.stringContaining('for the label') });
  });
});

describe('export', () => {
  it('writes into the workspace where no folder is named, and reads back', async () => {
    const formats = await send('export:formats', {});
    expect(formats.map((format) => format.id)).toEqual(expect.arrayContaining(['coco', 'png', 'm2us']));
    expect(await send('export:preview', { format: 'coco' })).toMatchObject({ annotations: 2 * discs.length });
    await send('export:cancel', {});
    const result = await send('export:run', { format: 'coco' });
    expect(result.verified).toBe(true);
    expect(result.annotations).toBe(2 * discs.length);
    expect(result.folder.startsWith(join(folder, 'workspace', 'exports'))).toBe(true);
    for (const file of result.files) expect(readFileSync(join(result.folder, file)).length).toBeGreaterThan(0);
    await send('export:open', { folder: result.folder });
    expect(folders).toEqual([result.folder]);
    expect((await refusal('export:run', { format: 'none' })).code).toBe('unsupported');
    // What was exported is here already.
    expect(await send('annotation:import', { folder: result.folder })).toMatchObject({ unchanged: result.annotations });
    expect(await send('conflict:list', {})).toEqual([]);
    await expect(send('conflict:decide', { conflictId: 'none', take: 'ours' })).rejects.toThrow('not-found');
  });
});

it('takes files in parts, and cancels what was not begun', async () => {
  const parts = [{ name: 'notes.txt', start: 0, bytes: new TextEncoder().encode('notes') }];
  await send('import:stage', { jobId: 'parts', parts });
  await send('import:cancel', { jobId: 'parts' });
  expect(await send('study:import', { jobId: 'parts' })).toMatchObject({ imported: 0, skipped: [] });
  const { settings } = await send('intake:status', {});
  expect(await send('intake:configure', settings)).toMatchObject({ settings, listening: false });
});

it('lists its model as the active one, and may choose it again', async () => {
  const { models } = await send('model:list', {});
  expect(models.filter(({ active }) => active).map(({ id }) => id)).toEqual([tinyModelId]);
  expect((await send('model:choose', { id: tinyModelId })).id).toBe(tinyModelId);
});

it('keeps what the reader set up', async () => {
  await send('preference:save', { scope: 'workspace', entries: { looks: '{}' } });
  expect(await send('preference:load', {})).toMatchObject({ workspace: { looks: '{}' } });
});

it('has answered every command of the contract', async () => {
  await send('adapter:activate', { labelId, adapterId: null });
  expect([...sent, ...labellingCommands].toSorted()).toEqual(Object.keys(commands).toSorted());
});

it('refuses to open a workspace twice, and names it', async () => {
  const second = launchApp({ host: 'cli', workspaceFolder: join(folder, 'workspace'), home, warn: () => {} });
  await expect(second).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('workspace') });
});

it('works by hand without a model, and says what is missing', async () => {
  const bare = await launchApp({
    host: 'cli',
    workspaceFolder: join(folder, 'bare'),
    home,
    model: 'no-such-model',
    warn: () => {},
  });
  try {
    const status = await bare.send('app:status', {});
    expect(status.model).toBeNull();
    expect(status.engine).toMatchObject({ state: 'failed', summary: expect.stringContaining('no-such-model') });
    const label = await bare.send('label:add', { name: 'X', position: 'liver', type: 'organ' });
    await expect(bare.send('proposal:request', { frameId: 'f', labelId: label.id })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('no-such-model'),
    });
  } finally {
    await bare.close();
  }
});

function commandResult(value: unknown) {
  return value as { activated: boolean; adapterId: string | null; validationBefore: number; validationAfter: number };
}
