// `pretrain --workspace` as its own process, on a real workspace of phantoms and an untrained network.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../electron/app/app.ts';
import { homeAt } from '../../electron/app/home.ts';
import { launchApp } from '../../electron/app/launch.ts';
import { encodeMask } from '../../electron/common/mask.ts';
import { encodePng } from '../../electron/files/image.ts';
import { grayPicture } from '../../electron/training/gray-frame.ts';
import { readManifest, verifyModelFiles } from '../../models/manifest.ts';
import { untrainedModelId, writeUntrainedModel } from '../support/model.ts';
import { discItems } from '../support/phantoms.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'sonosync-own-model-'));
const home = homeAt(join(folder, 'home'));
const frames = 24;

function sonosync(...programArguments: string[]) {
  const result = spawnSync(
    process.execPath,
    [join(root, 'electron', 'cli', 'main.ts'), ...programArguments, '--batch', '2', '--provider', 'cpu', '--json'],
    {
      cwd: root,
      env: { ...process.env, SONOSYNC_HOME: home.folder, SONOSYNC_CALLER_FOLDER: folder },
      encoding: 'utf8',
    },
  );
  const lastLine = result.stdout.trimEnd().split('\n').at(-1) ?? '';
  return { code: result.status, errors: result.stderr, json: () => JSON.parse(lastLine) as Record<string, unknown> };
}

/** A workspace of discs, all accepted, spread evenly over this many studies. */
async function fillWorkspace(name: string, count: number, studies: number): Promise<void> {
  const app = await launchApp({ host: 'cli', workspaceFolder: join(folder, name), home, warn: () => {} });
  try {
    await acceptDiscs(app, count, studies);
  } finally {
    await app.close();
  }
}

async function acceptDiscs(app: App, count: number, studies: number): Promise<void> {
  const label = await app.send('label:add', { name: 'Disc', position: 'breast', type: 'tumor' });
  const discs = discItems(count, 4);
  for (let study = 0; study < studies; study += 1) {
    const members = discs.filter((_disc, index) => index % studies === study);
    const files = await Promise.all(
      members.map(async ({ frame }, index) => {
        return { name: `case-${study}/disc-${index}.png`, bytes: await encodePng(grayPicture(frame)) };
      }),
    );
    const { studyIds } = await app.send('study:import', { files });
    const listed = await app.send('study:frames', { studyId: studyIds[0] });
    expect(listed).toHaveLength(members.length);
    for (const [index, { id }] of listed.entries()) {
      await app.send('annotation:save', {
        frameId: id,
        labelId: label.id,
        parentId: null,
        proposalId: null,
        reviewState: 'accepted',
        segmentAlgorithmType: 'MANUAL',
        mask: encodeMask(members[index].mask!),
        gesture: 'accept',
      });
    }
  }
}

const settings = (): unknown => JSON.parse(readFileSync(home.settingsFile, 'utf8'));

beforeAll(async () => {
  await writeUntrainedModel(home.modelsFolder);
  writeFileSync(home.settingsFile, JSON.stringify({ model: untrainedModelId }));
  await fillWorkspace('Ward 3', frames, 4);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('pretrain --workspace', () => {
  it('trains, measures both models on the same frames, and installs the new one without choosing it', async () => {
    const { code, errors, json } = sonosync('pretrain', '--workspace', 'Ward 3', '--minutes', '0.05');
    expect(errors).toMatch(/minutes are about \d+ steps of 2 frames on cpu/);
    expect(code).toBe(0);
    const result = json();
    const id = String(result.model);
    expect(id).toMatch(/^ward-3-\d{4}-\d\d-\d\d$/);
    expect(result).toMatchObject({
      chosen: false,
      provider: 'cpu',
      choose: `sonosync model choose ${id}`,
      frames: { train: 12, validation: 6, test: 6 },
      validation: {
        new: { sets: { Disc: { n: 6 } } },
        active: { model: untrainedModelId, sets: { Disc: { n: 6 } } },
      },
    });
    expect(result.steps).toBeGreaterThanOrEqual(3);
    const target = join(home.modelsFolder, id);
    expect(result.folder).toBe(target);
    const manifest = await readManifest(target);
    await verifyModelFiles(target, manifest);
    expect(manifest).toMatchObject({ id, title: expect.stringContaining('Ward 3') });
    expect(readFileSync(join(target, 'MODEL_CARD.md'), 'utf8')).toContain('Untrained model');
    expect(settings()).toEqual({ model: untrainedModelId });
    // No copies of frames stay behind.
    expect(readdirSync(home.folder).toSorted()).toEqual(['models', 'settings.json']);
  });

  it('writes over no model: a second one of the day is numbered, and a name in use is refused', () => {
    const taken = sonosync('pretrain', '--workspace', 'Ward 3', '--minutes', '0.02', '--id', untrainedModelId);
    expect(taken.code).toBe(1);
    expect(taken.errors).toContain(`"${untrainedModelId}"`);
    const second = sonosync('pretrain', '--workspace', 'Ward 3', '--minutes', '0.02');
    expect(basename(String(second.json().folder))).toMatch(/^ward-3-.*-2$/);
    expect(existsSync(join(home.modelsFolder, untrainedModelId, 'manifest.json'))).toBe(true);
  });

  it('refuses too few frames and frames of one patient, in words, and leaves nothing behind', async () => {
    await fillWorkspace('few', 5, 2);
    await fillWorkspace('one', 20, 1);
    const few = sonosync('pretrain', '--workspace', 'few', '--minutes', '1');
    expect(few.code).toBe(1);
    expect(few.errors).toContain('has 5, 15 are missing');
    const one = sonosync('pretrain', '--workspace', 'one', '--minutes', '1');
    expect(one.code).toBe(1);
    expect(one.errors).toContain('one patient');
    expect(readdirSync(home.folder).toSorted()).toEqual(['models', 'settings.json']);
  });

  it.each([
    [[]],
    [['--workspace', 'Ward 3', '--dataset', 'data', '--out', 'out']],
    [['--workspace', 'Ward 3', '--out', 'out']],
    [['--dataset', 'data']],
    [['--dataset', 'data', '--out', 'out', '--id', 'new']],
  ])('ends with 2 on options that do not go together: %j', (given) => {
    const { code, errors } = sonosync('pretrain', '--minutes', '1', ...given);
    expect(code).toBe(2);
    expect(errors).toContain('error:');
  });
});
