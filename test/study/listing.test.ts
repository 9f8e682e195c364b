import { describe, expect, it } from 'vitest';
import type { ReviewState } from '../../electron/common/study.ts';
import type { TestElement } from '../dicom/write-dicom.ts';
import { cineFile } from '../support/cine-file.ts';
import { maskOf, openStore, pngFile, thrownBy } from '../support/workspaces.ts';

async function openStudies() {
  const store = openStore();
  await store.importFiles([
    cineFile({ name: 'a.dcm', frames: 5, width: 12, height: 8, instance: 1 }),
    cineFile({ name: 'b.dcm', frames: 3, width: 12, height: 8, instance: 2 }),
    cineFile({ name: 'c.dcm', frames: 1, width: 12, height: 8, series: 2, instance: 3 }),
    cineFile({ name: 'd.dcm', frames: 1, width: 12, height: 8, series: 2, instance: 4 }),
  ]);
  await store.importFiles([await pngFile('still.png', 1)]);
  const label = store.addLabel({ name: 'Lesion', position: 'breast', type: 'tumor' });
  const review = (frameId: string, reviewState: ReviewState, labelId = label.id): void => {
    store.saveRevision({
      frameId,
      labelId,
      parentId: store.latestRevision(frameId, labelId)?.id ?? null,
      proposalId: null,
      reviewState,
      segmentAlgorithmType: 'MANUAL',
      mask: maskOf(reviewState === 'absent' ? 0 : 3),
      gesture: 'brush',
    });
  };
  const propose = (frameId: string): void => {
    store.saveProposal({
      frameId,
      labelId: label.id,
      prompts: { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' },
      box: null,
      modelId: 'm',
      modelHash: 'h',
      adapterId: null,
      mask: maskOf(3),
      meanProbability: 0.9,
      uncertainty: 0.1,
      classification: null,
      provisional: false,
      followed: false,
    });
  };
  return { store, label, review, propose };
}

describe('the study browser’s lines', () => {
  it('count series, instances, cines and frames, and know whose study it is', async () => {
    const { store } = await openStudies();
    const [cines, picture] = store.listStudies();
    expect(cines).toMatchObject({ seriesCount: 2, instanceCount: 4, cineCount: 2, frameCount: 10 });
    expect(cines.patientKey).toMatch(/^[0-9a-f]{16}$/);
    expect(picture).toMatchObject({ seriesCount: 1, instanceCount: 1, cineCount: 0, frameCount: 1, patientKey: null });
    expect([cines.modalities, picture.modalities]).toEqual([['US'], []]);
    expect(store.listStudies(picture.id)).toEqual([picture]);
    expect(await thrownBy(() => store.listStudies('none'))).toMatchObject({ code: 'not-found' });
  });

  it('count each frame once, by the furthest of its labels', async () => {
    const { store, review, propose } = await openStudies();
    const other = store.addLabel({ name: 'Cyst', position: 'breast', type: 'organ' });
    const frames = store.listFrameRecords();
    for (const frame of frames.slice(0, 4)) propose(frame.id);
    review(frames[0].id, 'accepted');
    review(frames[0].id, 'edited', other.id);
    review(frames[1].id, 'edited');
    review(frames[2].id, 'rejected');
    review(frames[5].id, 'absent');
    const [study] = store.listStudies();
    expect(study).toMatchObject({ reviewedFrames: 2, editedFrames: 1, proposedFrames: 2 });
    const [first, second] = store.browser.listSeries(study.id);
    expect(first.instances.map(({ fileName, frameCount }) => [fileName, frameCount])).toEqual([
      ['a.dcm', 5],
      ['b.dcm', 3],
    ]);
    expect(first.instances[0]).toMatchObject({ reviewedFrames: 1, editedFrames: 1, proposedFrames: 2 });
    expect(first.instances[1]).toMatchObject({ reviewedFrames: 1, firstFrameId: frames[5].id });
    expect(second.instances.map(({ fileName }) => fileName)).toEqual(['c.dcm', 'd.dcm']);
  });
});

describe('identity', () => {
  const elements: readonly TestElement[] = [
    ['00080020', 'DA', '20240229'],
    ['0008103E', 'LO', 'Secretname left breast'],
    ['00100010', 'PN', 'Secretname^Anna'],
    ['00100030', 'DA', '19700131'],
    ['00200011', 'IS', '4'],
  ];

  it('is told only by the command that asks for it', async () => {
    const store = openStore();
    await store.importFiles([cineFile({ frames: 2, elements }), cineFile({ name: 'x.dcm', frames: 2, study: 2 })]);
    const [study] = store.listStudies();
    const series = store.browser.listSeries(study.id);
    expect(series[0]).toMatchObject({ seriesNumber: 4, modality: 'US', description: null });
    expect(study.studyDate).toBe('2024-02-29');
    const said = JSON.stringify([store.listStudies(), series, store.browser.loadStrip(study.firstFrameId)]);
    expect(said).not.toMatch(/secretname|anna|pid-4711|1970/i);
    expect(store.browser.listPatients()).toEqual([
      { key: study.patientKey, name: 'Secretname, Anna', id: 'PID-4711', birthDate: '1970-01-31' },
    ]);
  });
});

describe('a strip', () => {
  it('is a cine’s own frames, or the single pictures of a study', async () => {
    const { store, label, review } = await openStudies();
    const [study] = store.listStudies();
    const [first, second] = store.browser.listSeries(study.id);
    const cine = store.browser.loadStrip(first.instances[1].firstFrameId);
    expect(cine.cine).toMatchObject({ fileName: 'b.dcm', frameCount: 3 });
    expect(cine.frameDurationsMs).toEqual([40, 40, 40]);
    expect(cine.frames.map(({ frameNumber }) => frameNumber)).toEqual([1, 2, 3]);
    review(second.instances[1].firstFrameId, 'accepted');
    const pictures = store.browser.loadStrip(second.instances[0].firstFrameId);
    expect(pictures).toMatchObject({ studyId: study.id, cine: null });
    expect(pictures.frames.map(({ instanceId }) => instanceId)).toEqual(second.instances.map(({ id }) => id));
    expect(pictures.frames.map(({ states }) => states[label.id])).toEqual([undefined, 'accepted']);
    expect(await thrownBy(() => store.browser.loadStrip('none'))).toMatchObject({ code: 'not-found' });
  });

  it('gives the queue its numbers', async () => {
    const { store, label } = await openStudies();
    const numbers = store.queue(label.id, 20).map(({ frameNumber }) => frameNumber);
    expect(numbers).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 1, 2, 1]);
  });
});

describe('the queue', () => {
  it('puts frames first where a mask that was carried over and the proposal disagree', async () => {
    const { store, label, propose } = await openStudies();
    const frames = store.listFrameRecords();
    for (const frame of frames.slice(0, 4)) propose(frame.id);
    const carry = (frameId: string, pixels: number): void => {
      store.saveRevision({
        frameId,
        labelId: label.id,
        parentId: null,
        proposalId: null,
        reviewState: 'proposed',
        segmentAlgorithmType: 'SEMIAUTOMATIC',
        mask: maskOf(pixels),
        gesture: 'propagate',
      });
    };
    carry(frames[1].id, 3);
    carry(frames[2].id, 9);
    carry(frames[5].id, 9);
    const queue = store.queue(label.id, 4);
    expect(queue.map(({ frameId }) => frames.findIndex(({ id }) => id === frameId))).toEqual([2, 0, 3, 1]);
    expect(queue[0].reason).toBe('Carried over and proposed disagree (50 %)');
    expect(queue[3].reason).toBe('Proposed, not reviewed (10 % unsure)');
  });
});

describe('the masks of a strip', () => {
  it('are the reader’s latest word, else the newest proposal', async () => {
    const { store, label, review, propose } = await openStudies();
    const frames = store.listFrameRecords();
    for (const index of [0, 1, 2, 3]) propose(frames[index].id);
    review(frames[1].id, 'edited');
    review(frames[2].id, 'edited');
    review(frames[2].id, 'rejected');
    review(frames[3].id, 'absent');
    propose(frames[6].id);
    const masks = store.browser.listStripMasks(frames[4].id, label.id);
    const said = (index: number) => masks.find(({ frameId }) => frameId === frames[index].id)?.reviewState;
    expect([0, 1, 2, 3, 4, 6].map(said)).toEqual(['proposed', 'edited', 'proposed', 'absent', undefined, undefined]);
    expect(masks.find(({ frameId }) => frameId === frames[1].id)?.mask).toEqual(maskOf(3));
    expect(await thrownBy(() => store.browser.listStripMasks(frames[0].id, 'none'))).toMatchObject({
      code: 'not-found',
    });
  });
});
