import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { App } from '../../../electron/app/app.ts';
import { recordTrainedModel, settleSplits } from '../../../electron/app/training-splits.ts';
import { synchronize } from '../../../electron/app/workflows/synchronize.ts';
import { groupKeyOf } from '../../../electron/export/annotation-set.ts';
import { createAppOnStepEngine, importPictures } from '../../support/apps.ts';
import { maskOf, temporaryFolder, thrownBy } from '../../support/workspaces.ts';

/** A label of five pictures, each corrected; its frames and the revisions in their order. */
async function correctedLabel(): Promise<{
  readonly app: App;
  readonly labelId: string;
  readonly frames: string[];
  readonly revisions: string[];
  readonly accept: (
    frameId: string,
    parentId: string | null,
    pixels: number,
  ) => Promise<{ readonly revisionId: string }>;
}> {
  const app = await createAppOnStepEngine(temporaryFolder());
  onTestFinished(() => app.close());
  const frames = await importPictures(app, 'one', [1, 2, 3, 4, 5]);
  const { id: labelId } = await app.send('label:add', { name: 'Cyst', position: 'breast', type: 'tumor' });
  const accept = (frameId: string, parentId: string | null, pixels: number) =>
    app.send('annotation:save', {
      frameId,
      labelId,
      reviewState: 'accepted',
      parentId,
      proposalId: null,
      segmentAlgorithmType: 'MANUAL',
      mask: maskOf(pixels),
      gesture: 'brush',
    });
  const revisions: string[] = [];
  for (const frameId of frames) revisions.push((await accept(frameId, null, 5)).revisionId);
  return { app, labelId, frames, revisions, accept };
}

/** What the engine was given, without the pixels. */
function sentIn(caution: string | null): string[] {
  return [...caution!.matchAll(/([^ ,]+(?: \([a-z]+\))?): [\d ]+/g)].map(([, sent]) => sent).toSorted();
}

/** Loses the original of a frame. */
function loseOriginal({ context: { store } }: App, frameId: string): void {
  const { objectHash } = store.frameContext(frameId).instance;
  rmSync(join(store.folder, 'objects', objectHash.slice(0, 2), objectHash));
}

describe('a synchronization', () => {
  it('tells on which side frames were when the adapter in use was trained, and gives them when asked', async () => {
    const { app, labelId, frames, revisions, accept } = await correctedLabel();
    const { store, model } = app.context;
    const adapter = await store.saveAdapter(
      {
        labelId,
        modelHash: model.model!.hash,
        prompts: { position: 'breast', type: 'tumor', mode: 'whole', task: 'segmentation' },
        // One revision is of another workspace, as in an adapter that was imported.
        trainRevisionIds: [revisions[0], revisions[1], 'elsewhere'],
        validationRevisionIds: [revisions[2]],
        seed: 1,
        settings: {},
        metrics: { validationBefore: 0.1, validationAfter: 0.2, caution: null },
      },
      new Uint8Array([1]),
    );
    await store.activateAdapter(labelId, adapter.id, adapter.modelHash);
    // Corrected once more: it is the frame that was trained on.
    await accept(frames[0], revisions[0], 7);
    const { caution } = await synchronize(app.context, labelId, { seed: 1 });
    expect(sentIn(caution)).toEqual(
      [`${frames[0]} (train)`, `${frames[1]} (train)`, `${frames[2]} (validation)`, frames[3], frames[4]].toSorted(),
    );
    expect(caution).toMatch(/: (\d+ )+/);
  });

  it('validates on no patient that its base model was trained on in this workspace', async () => {
    const { app, labelId, frames } = await correctedLabel();
    const { store, model } = app.context;
    const group = groupKeyOf(store.frameContext(frames[0]).study);
    await settleSplits(store.folder, new Map([[group, 'train']]));
    expect(sentIn((await synchronize(app.context, labelId, { seed: 1 })).caution)).toEqual(frames.toSorted());
    await recordTrainedModel(store.folder, model.model!.hash);
    expect(sentIn((await synchronize(app.context, labelId, { seed: 1 })).caution)).toEqual(
      frames.map((frame) => `${frame} (train)`).toSorted(),
    );
  });

  it('leaves a frame out whose picture is lost, and says so', async () => {
    const { app, labelId, frames } = await correctedLabel();
    loseOriginal(app, frames[2]);
    const { caution, corrections } = await synchronize(app.context, labelId, { seed: 1 });
    expect(corrections).toBe(4);
    expect(sentIn(caution)).toEqual(frames.filter((frame) => frame !== frames[2]).toSorted());
    expect(caution).toContain('1 frame could not be read: ');
  });

  it('is refused where too few frames are left that can be read', async () => {
    const { app, labelId, frames } = await correctedLabel();
    for (const frame of frames.slice(0, 2)) loseOriginal(app, frame);
    expect(await thrownBy(() => synchronize(app.context, labelId, { seed: 1 }))).toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(
        /needs 4 corrected frames; there are 3, 1 is missing.* 2 frames could not be read: /,
      ),
    });
  });
});
