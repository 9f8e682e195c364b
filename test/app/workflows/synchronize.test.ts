import { describe, expect, it, onTestFinished } from 'vitest';
import { synchronize } from '../../../electron/app/workflows/synchronize.ts';
import { createAppOnStepEngine, importPictures } from '../../support/apps.ts';
import { maskOf, temporaryFolder } from '../../support/workspaces.ts';

describe('a synchronization', () => {
  it('tells on which side frames were when the adapter in use was trained, and gives them when asked', async () => {
    const app = await createAppOnStepEngine(temporaryFolder());
    onTestFinished(() => app.close());
    const { store, model } = app.context;
    const frames = await importPictures(app, 'one', [1, 2, 3, 4, 5]);
    const label = await app.send('label:add', { name: 'Cyst', position: 'breast', type: 'tumor' });
    const accept = (frameId: string, parentId: string | null, pixels: number) =>
      app.send('annotation:save', {
        frameId,
        labelId: label.id,
        reviewState: 'accepted',
        parentId,
        proposalId: null,
        segmentAlgorithmType: 'MANUAL',
        mask: maskOf(pixels),
        gesture: 'brush',
      });
    const revisions: string[] = [];
    for (const frameId of frames) revisions.push((await accept(frameId, null, 5)).revisionId);
    const adapter = await store.saveAdapter(
      {
        labelId: label.id,
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
    await store.activateAdapter(label.id, adapter.id, adapter.modelHash);
    // Corrected once more: it is the frame that was trained on.
    await accept(frames[0], revisions[0], 7);
    const { caution } = await synchronize(app.context, label.id, { seed: 1 });
    const sent = caution!.split(', ').map((one) => one.slice(0, one.indexOf(':')));
    expect(sent.toSorted()).toEqual(
      [`${frames[0]} (train)`, `${frames[1]} (train)`, `${frames[2]} (validation)`, frames[3], frames[4]].toSorted(),
    );
    expect(caution).toMatch(/: (\d+ )+/);
  });
});
