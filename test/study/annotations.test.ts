import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Frame, Label, ReviewState } from '../../electron/common/study.ts';
import type { ProposalInput } from '../../electron/study/proposals.ts';
import type { RevisionInput } from '../../electron/study/revisions.ts';
import type { Store } from '../../electron/study/store.ts';
import { maskOf, openStore, pngFile, thrownBy } from '../support/workspaces.ts';

let store: Store;
let frames: Frame[];
let label: Label;

beforeEach(async () => {
  store = openStore();
  await store.importFiles(await Promise.all([1, 2, 3, 4].map((shade) => pngFile(`cine_${shade}.png`, shade))));
  frames = store.listFrameRecords();
  label = store.addLabel({ name: 'Lesion', position: 'breast', type: 'tumor' });
});

function revisionOf(frame: Frame, change: Partial<RevisionInput> = {}): RevisionInput {
  return {
    frameId: frame.id,
    labelId: label.id,
    parentId: store.latestRevision(frame.id, label.id)?.id ?? null,
    proposalId: null,
    reviewState: 'edited',
    segmentAlgorithmType: 'MANUAL',
    mask: maskOf(5),
    gesture: 'brush',
    ...change,
  };
}

function proposalOf(frame: Frame, uncertainty: number, pixels = 9): ProposalInput {
  return {
    frameId: frame.id,
    labelId: label.id,
    prompts: { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' },
    box: { x: 1, y: 2, width: 3, height: 4 },
    modelId: 'starter',
    modelHash: 'a'.repeat(64),
    adapterId: null,
    mask: maskOf(pixels),
    meanProbability: 0.9,
    uncertainty,
    classification: null,
    provisional: false,
    followed: false,
  };
}

function review(frame: Frame, reviewState: ReviewState, pixels = 5): void {
  store.saveRevision(revisionOf(frame, { reviewState, mask: maskOf(pixels) }));
}

describe('the way back', () => {
  it('has the latest revisions of this reader in the order of the work, each with what it was made from', () => {
    const proposal = store.saveProposal(proposalOf(frames[0], 0.1));
    const first = store.saveRevision(revisionOf(frames[0], { proposalId: proposal.id }));
    const other = store.saveRevision(revisionOf(frames[1], { reader: 'Somebody else' }));
    const second = store.saveRevision(revisionOf(frames[1], { mask: maskOf(7) }));
    const third = store.saveRevision(revisionOf(frames[0], { mask: maskOf(6), gesture: 'undo' }));
    const steps = store.recentSteps(10);
    expect(steps.map((step) => step.revision)).toEqual([first, second, third]);
    expect(steps.map((step) => step.parent)).toEqual([null, other, first]);
    expect(steps.map((step) => step.proposalMask)).toEqual([proposal.mask, null, null]);
    expect(steps.map((step) => step.frame.id)).toEqual([frames[0].id, frames[1].id, frames[0].id]);
    expect(store.recentSteps(2).map((step) => step.revision.id)).toEqual([second.id, third.id]);
  });
});

describe('a proposal that was made while a structure was followed', () => {
  it('stands behind its revision, and is neither what the frame is proposed nor what the mask began with', () => {
    const [frame] = frames;
    const proposal = store.saveProposal(proposalOf(frame, 0.1));
    const followed = store.saveProposal({ ...proposalOf(frame, 0.9, 7), followed: true });
    expect(store.latestProposal(frame.id, label.id)).toEqual(proposal);
    expect(store.proposal(followed.id)).toEqual(followed);
    const [item] = store.queue(label.id, 10).filter(({ frameId }) => frameId === frame.id);
    expect(item.reason).toBe('Proposed, not reviewed (10 % unsure)');
    const inStrip = () => store.browser.loadStrip(frame.id).frames.find(({ id }) => id === frame.id);
    expect(inStrip()).toMatchObject({ uncertainty: { [label.id]: 0.1 } });
    const masks = () => store.browser.listStripMasks(frame.id, label.id).filter(({ frameId }) => frameId === frame.id);
    expect(masks()).toMatchObject([{ mask: proposal.mask, reviewState: 'proposed' }]);
    store.saveRevision(
      revisionOf(frame, {
        proposalId: followed.id,
        reviewState: 'proposed',
        segmentAlgorithmType: 'SEMIAUTOMATIC',
        mask: followed.mask,
      }),
    );
    expect(store.recentSteps(1)[0]).toMatchObject({ revision: { proposalId: followed.id }, proposalMask: null });
    // What was carried over is compared with what the frame is proposed.
    const [carried] = store.queue(label.id, 10).filter(({ frameId }) => frameId === frame.id);
    expect(carried.reason).toContain('disagree');
  });
});

describe('revisions', () => {
  it('are a line of parents under one tracking UID, and outlive the store', async () => {
    const first = store.saveRevision(revisionOf(frames[0]));
    const second = store.saveRevision(revisionOf(frames[0], { mask: maskOf(6), gesture: 'undo' }));
    const elsewhere = store.saveRevision(revisionOf(frames[1]));
    expect(second).toMatchObject({ parentId: first.id, trackingUID: first.trackingUID, reader: 'A. Reader' });
    expect(elsewhere.trackingUID).not.toBe(first.trackingUID);
    expect([first.id, second.id, elsewhere.id].toSorted()).toEqual([first.id, second.id, elsewhere.id]);
    await store.close();
    const reopened = openStore(store.folder);
    expect(reopened.latestRevision(frames[0].id, label.id)).toEqual(second);
    expect(reopened.listRevisions(frames[0].id, label.id)).toEqual([first, second]);
  });

  it('are refused when they do not follow the latest one', async () => {
    const first = store.saveRevision(revisionOf(frames[0]));
    const second = store.saveRevision(revisionOf(frames[0]));
    for (const parentId of [null, first.id, 'unknown']) {
      expect(await thrownBy(() => store.saveRevision(revisionOf(frames[0], { parentId })))).toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(second.id),
      });
    }
    expect(await thrownBy(() => store.saveRevision(revisionOf(frames[1], { parentId: second.id })))).toMatchObject({
      code: 'conflict',
    });
    expect(store.listRevisions(frames[0].id, label.id)).toEqual([first, second]);
  });

  it('are refused with a mask of another size, with bytes that are no mask, or absent with a mask', async () => {
    const refused = [
      { mask: maskOf(5, 13, 8) },
      { mask: new Uint8Array([200]) },
      { mask: new Uint8Array() },
      { reviewState: 'absent', mask: maskOf(1) },
      { proposalId: store.saveProposal(proposalOf(frames[1], 0.1)).id },
    ] satisfies Partial<RevisionInput>[];
    for (const change of refused) {
      expect(await thrownBy(() => store.saveRevision(revisionOf(frames[0], change)))).toMatchObject({
        code: 'bad-input',
      });
    }
    expect(await thrownBy(() => store.saveRevision(revisionOf({ ...frames[0], id: 'none' })))).toMatchObject({
      code: 'not-found',
    });
    expect(store.listRevisions(frames[0].id, label.id)).toEqual([]);
  });

  it('and proposals and adapters cannot be changed or deleted, not even by another program', async () => {
    store.saveRevision(revisionOf(frames[0]));
    store.saveProposal(proposalOf(frames[0], 0.1));
    await store.saveAdapter(
      {
        labelId: label.id,
        modelHash: 'a'.repeat(64),
        prompts: { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' },
        trainRevisionIds: [],
        validationRevisionIds: [],
        seed: 1,
        settings: {},
        metrics: { validationBefore: 0, validationAfter: 1, caution: null },
      },
      new Uint8Array(8),
    );
    const database = new DatabaseSync(join(store.folder, 'workspace.sqlite'));
    for (const table of ['revisions', 'proposals', 'adapters']) {
      expect(() => database.exec(`UPDATE ${table} SET created_at = 'now'`)).toThrow(`${table} are append-only`);
      expect(() => database.exec(`DELETE FROM ${table}`)).toThrow(`${table} are append-only`);
    }
    expect(() =>
      database.exec('PRAGMA recursive_triggers = ON; INSERT OR REPLACE INTO revisions SELECT * FROM revisions'),
    ).toThrow('append-only');
    database.close();
  });
});

describe('proposals', () => {
  it('come back as they were saved, the newest first in line', () => {
    store.saveProposal(proposalOf(frames[0], 0.5));
    const classification = {
      classes: [
        { name: 'benign', probability: 0.25 },
        { name: 'malignant', probability: 0.75 },
      ],
      calibration: { expectedCalibrationError: 0.04, validationCases: 266, prevalence: 0.25, auc: 0.8 },
    };
    const newest = store.saveProposal({ ...proposalOf(frames[0], 0.2), classification });
    expect(newest.classification).toEqual(classification);
    expect(store.latestProposal(frames[0].id, label.id)).toEqual(newest);
    expect(store.latestProposal(frames[1].id, label.id)).toBeNull();
  });

  it('are refused with a mask of another size', async () => {
    const input = { ...proposalOf(frames[0], 0.5), mask: maskOf(5, 13, 8) };
    expect(await thrownBy(() => store.saveProposal(input))).toMatchObject({ code: 'bad-input' });
  });
});

describe('lists', () => {
  it('give each frame the state of its latest revision, else that of being proposed', () => {
    review(frames[0], 'accepted');
    review(frames[1], 'accepted');
    review(frames[1], 'edited');
    store.saveProposal(proposalOf(frames[1], 0.4));
    store.saveProposal(proposalOf(frames[2], 0.3));
    store.saveProposal(proposalOf(frames[2], 0.25));
    const [study] = store.listStudies();
    expect(study).toMatchObject({ frameCount: 4, reviewedFrames: 1, firstFrameId: frames[0].id });
    const summaries = store.listFrames(study.id);
    expect(summaries.map((frame) => frame.states[label.id])).toEqual(['accepted', 'edited', 'proposed', undefined]);
    expect(summaries.map((frame) => frame.uncertainty[label.id])).toEqual([undefined, 0.4, 0.25, undefined]);
  });

  it('take latest accepted and absent revisions as corrections, with the place of each frame', () => {
    const other = store.addLabel({ name: 'Cyst', position: 'breast', type: 'organ' });
    review(frames[0], 'edited');
    review(frames[0], 'accepted', 7);
    review(frames[1], 'absent', 0);
    review(frames[2], 'accepted');
    review(frames[2], 'rejected');
    store.saveRevision(revisionOf(frames[3], { labelId: other.id, reviewState: 'accepted' }));
    const corrections = store.listCorrections(label.id);
    expect(corrections.map((correction) => [correction.frameId, correction.revision.reviewState])).toEqual([
      [frames[0].id, 'accepted'],
      [frames[1].id, 'absent'],
    ]);
    expect(corrections[1]).toMatchObject({
      studyId: frames[1].studyId,
      instanceId: frames[1].instanceId,
      frameNumber: 1,
      sequenceNumber: 2,
      patientKey: null,
      width: 12,
      height: 8,
    });
    expect(new Set(corrections.map((correction) => correction.sequenceId)).size).toBe(1);
    expect(store.countCorrections(label.id)).toBe(2);
    expect(store.listAnnotations({ includeEdited: false })).toHaveLength(3);
    review(frames[2], 'edited');
    const all = store.listAnnotations({ includeEdited: true });
    expect(all.map(({ frame, revision }) => [frame.id, revision.labelId, revision.reviewState])).toEqual([
      [frames[0].id, label.id, 'accepted'],
      [frames[1].id, label.id, 'absent'],
      [frames[2].id, label.id, 'edited'],
      [frames[3].id, other.id, 'accepted'],
    ]);
  });

  it('queue what is undecided: the least sure first, then the untouched in study order', () => {
    review(frames[0], 'accepted');
    store.saveProposal(proposalOf(frames[2], 0.02));
    store.saveProposal(proposalOf(frames[3], 0.6));
    expect(store.queue(label.id, 10).map(({ frameId, reason }) => [frameId, reason])).toEqual([
      [frames[3].id, 'The model is unsure here (60 %)'],
      [frames[2].id, 'Proposed, not reviewed (2 % unsure)'],
      [frames[1].id, 'Not looked at yet'],
    ]);
    expect(store.queue(label.id, 1)).toHaveLength(1);
    review(frames[3], 'proposed');
    review(frames[2], 'rejected');
    expect(store.queue(label.id, 10).map(({ frameId }) => frameId)).toEqual([frames[3].id, frames[1].id]);
  });
});
