import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../../../electron/app/app.ts';
import { homeAt } from '../../../electron/app/home.ts';
import { findInstallation } from '../../../electron/app/installation.ts';
import { launchApp } from '../../../electron/app/launch.ts';
import { runDemo } from '../../../electron/app/workflows/demo.ts';
import type { DemoResult } from '../../../electron/app/workflows/demo.ts';
import { decodeMask, maskDice } from '../../../electron/common/mask.ts';
import { decodeImage } from '../../../electron/files/image.ts';
import { decodeMaskPng } from '../../../electron/files/mask-image.ts';
import { importTinyModel, tinyModelId } from '../../support/model.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-demo-'));
const out = join(folder, 'out');
const { resourcesFolder } = findInstallation();
let app: App;
let result: DemoResult;

// The model of tests has random weights: what it proposes is poor, and everything around it is real.
beforeAll(async () => {
  const home = homeAt(join(folder, 'home'));
  await importTinyModel(home.modelsFolder);
  mkdirSync(out);
  app = await launchApp({
    host: 'cli',
    workspaceFolder: join(out, 'workspace'),
    model: tinyModelId,
    home,
    warn: () => undefined,
  });
  result = await runDemo(app.context, { folder: out, resourcesFolder, seed: 1 });
}, 300_000);

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('the demonstration', () => {
  it('writes a page whose pictures all exist', async () => {
    const page = await readFile(result.page, 'utf8');
    const files = [...page.matchAll(/src="([^"]+)"/g)].map((match) => match[1]);
    expect(files).toHaveLength(result.record.frames.length * 4);
    for (const file of files) {
      const picture = await decodeImage(await readFile(join(out, file)), file);
      expect([picture.width, picture.height]).toEqual([640, 480]);
    }
  });

  it('corrects no frame of a patient that is held out', () => {
    const { store } = app.context;
    const label = store.labelNamed('Lesion');
    const corrected = new Set(store.listCorrections(label.id).map((correction) => correction.patientKey));
    const patientOf = (title: string) => title.split(',')[0];
    for (const { title, heldOut } of result.record.frames) expect(corrected.has(patientOf(title))).toBe(!heldOut);
    expect(result.corrections).toBe(store.countCorrections(label.id));
    expect(result.corrections + result.heldOut).toBe(result.record.frames.length);
  });

  it('measures what the store holds against the true outlines', async () => {
    const { store } = app.context;
    const label = store.labelNamed('Lesion');
    for (const { title, diceAfter } of result.record.frames) {
      const name = `${title.replace(', frame ', '-')}.png`;
      const frame = store.frameOf(name, 1);
      const path = join(resourcesFolder, 'sample-study', 'masks', name);
      const truth = await decodeMaskPng(await readFile(path), path);
      const proposal = store.latestProposal(frame.id, label.id);
      expect(proposal).not.toBeNull();
      if (proposal) expect(maskDice(decodeMask(proposal.mask, 640, 480), truth)).toBe(diceAfter);
    }
  });

  it('exports the corrections in every format, read back and equal', () => {
    expect(result.record.exports.map(({ format }) => format)).toEqual(expect.arrayContaining(['coco', 'png', 'm2us']));
    for (const { annotations, verified } of result.record.exports) {
      expect(verified).toBe(true);
      expect(annotations).toBe(result.corrections);
    }
  });
});
