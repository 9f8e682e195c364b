import { rm, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { homeAt } from '../../../electron/app/home.ts';
import { launchApp } from '../../../electron/app/launch.ts';
import { decodeMask, encodeMask } from '../../../electron/common/mask.ts';
import { readSegmentation } from '../../../electron/dicom/segmentation/read-segmentation.ts';
import { LoadedModel } from '../../../electron/inference/loaded-model.ts';
import { logOdds } from '../../../electron/inference/postprocess.ts';
import { placeModelFrame, sampleInput } from '../../../electron/inference/preprocess.ts';
import { withoutSpecks } from '../../../electron/inference/specks.ts';
import { cineHeight, cineWidth, writeCine } from '../../export/dicom-samples.ts';
import { importTinyModel, tinyModelId } from '../../support/model.ts';
import { temporaryFolder, thrownBy } from '../../support/workspaces.ts';

const size = { width: cineWidth, height: cineHeight };

/** A cine of three frames with the network's proposals: accepted as they are, corrected by one pixel, and drawn by hand instead. */
async function annotatedApp() {
  const folder = temporaryFolder();
  const home = homeAt(join(folder, 'home'));
  const modelFolder = await importTinyModel(home.modelsFolder);
  const workspaceFolder = join(folder, 'workspace');
  const launch = () => launchApp({ host: 'cli', workspaceFolder, home, model: tinyModelId, warn: () => undefined });
  const app = await launch();
  onTestFinished(() => app.close());
  const { studyIds } = await app.send('study:import', { files: [{ name: 'cine.dcm', bytes: writeCine(3) }] });
  const frames = app.context.store.listFrameRecords(studyIds[0]);
  const label = await app.send('label:add', { name: 'Cyst', position: 'breast', type: 'tumor' });
  const masks = [];
  for (const [index, frame] of frames.entries()) {
    const { proposal } = await app.send('proposal:request', { frameId: frame.id, labelId: label.id });
    const mask = decodeMask(proposal.mask, size.width, size.height);
    if (index > 0) mask.data[0] = 1 - mask.data[0];
    await app.send('annotation:save', {
      frameId: frame.id,
      labelId: label.id,
      parentId: null,
      proposalId: index < 2 ? proposal.id : null,
      reviewState: 'accepted',
      segmentAlgorithmType: (['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL'] as const)[index],
      mask: encodeMask(mask),
      gesture: 'accept',
    });
    masks.push(mask.data);
  }
  return { app, home, modelFolder, frames, masks, launch };
}

async function readProbabilities(folder: string, files: readonly string[]) {
  const [path] = files.filter((file) => file.startsWith('probabilities/'));
  return (await readSegmentation(new Uint8Array(await readFile(join(folder, path))), path)).frames;
}

it('writes what the network that made the proposals says, to half a 255th', async () => {
  const { app, modelFolder, frames, masks } = await annotatedApp();
  const folder = join(temporaryFolder(), 'out');
  const preview = await app.send('export:preview', { format: 'seg-fractional' });
  expect(preview.lost.map((loss) => loss.split(':')[0])).toEqual([
    '1 label with masks drawn by hand and masks that were proposed',
    '1 mask without a proposal',
    '1 corrected mask',
  ]);
  const { files, fidelity } = await app.send('export:run', { format: 'seg-fractional', folder });
  expect(fidelity).toEqual({ minIoU: 1, meanIoU: 1, lost: preview.lost });
  const read = await readProbabilities(folder, files);
  expect([...(await read[0].mask()).data]).toEqual([...masks[0]]);
  expect([...(await read[2].probabilities())]).toEqual([...masks[2]]);

  // The network's own answer, of the square that it sees: between its pixels the file has what lies between the log-odds.
  const model = await LoadedModel.load(modelFolder, 'cpu');
  onTestFinished(() => model.release());
  const { imageSize: side } = model.runner.network.config;
  const place = placeModelFrame(model.spec, size, null, side);
  for (const index of [0, 1]) {
    const input = sampleInput(await app.context.store.framePicture(frames[index].id), place, model.spec);
    const prompts = { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' } as const;
    const logits = await model.runner.decode(await model.runner.encode(input), prompts, null);
    const odds = withoutSpecks(logOdds(logits, side), side);
    const values = await read[index].probabilities();
    let worst = 0;
    for (let at = 0; at < values.length; at += 1) {
      const x = (at % size.width) + 0.5;
      const y = Math.floor(at / size.width) + 0.5;
      worst = Math.max(worst, Math.abs(values[at] - probabilityAt(odds, side, place, x, y)));
    }
    expect(worst).toBeLessThanOrEqual(0.5 / 255 + 1e-5);
    expect(new Set(values).size).toBeGreaterThan(5);
  }
});

/** Bilinear between the log-odds around a point of the frame, as a probability; 0 outside the square that the network sees. */
function probabilityAt(
  odds: Float32Array,
  side: number,
  { originX, originY, step }: { originX: number; originY: number; step: number },
  x: number,
  y: number,
): number {
  if (x < originX || y < originY || x > originX + side * step || y > originY + side * step) return 0;
  const clamp = (value: number): number => Math.min(side - 1, Math.max(0, value));
  const [column, row] = [clamp((x - originX) / step - 0.5), clamp((y - originY) / step - 0.5)];
  const [left, top] = [Math.floor(column), Math.floor(row)];
  let sum = 0;
  for (const [i, wide] of [
    [left, 1 - (column - left)],
    [Math.min(side - 1, left + 1), column - left],
  ]) {
    for (const [j, high] of [
      [top, 1 - (row - top)],
      [Math.min(side - 1, top + 1), row - top],
    ]) {
      sum += odds[j * side + i] * wide * high;
    }
  }
  return 1 / (1 + Math.exp(-sum));
}

it('says so where the network is no longer installed, and is cancelled while the network is asked', async () => {
  const { app, home, launch } = await annotatedApp();
  const folder = join(temporaryFolder(), 'out');
  const unsubscribe = app.events.on('export:progressed', () => void app.send('export:cancel', {}));
  expect(await thrownBy(() => app.send('export:run', { format: 'seg-fractional', folder }))).toMatchObject({
    name: 'AbortError',
  });
  unsubscribe();
  await app.close();
  await rm(join(home.modelsFolder, tinyModelId), { recursive: true });
  const later = await launch();
  onTestFinished(() => later.close());
  const { files, fidelity } = await later.send('export:run', { format: 'seg-fractional', folder });
  expect(fidelity.lost).toContainEqual(expect.stringMatching(/^2 masks of a network that is not installed here/));
  for (const frame of await readProbabilities(folder, files)) {
    expect(new Set(await frame.probabilities())).toEqual(new Set([0, 1]));
  }
});
