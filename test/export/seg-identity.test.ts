import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parsePart10 } from '../../electron/dicom/part10.ts';
import { readSegmentation } from '../../electron/dicom/segmentation/read-segmentation.ts';
import type { AnnotationSet } from '../../electron/export/annotation-set.ts';
import type { TestElement } from '../dicom/write-dicom.ts';
import { askPydicom, validationErrors, withoutPydicom, withoutValidator } from '../support/dicom-tools.ts';
import { annotate, lesion } from './annotation-samples.ts';
import { cineUID, discMask, framesOf, writeCine } from './dicom-samples.ts';
import { cineSet, exported, readAll, segmentationsIn } from './segmentation-samples.ts';

describe('a segmentation', () => {
  it('is the same object, byte by byte, until an annotation changes; what it tracks stays the same', async () => {
    const set = await cineSet();
    const [one, two] = [await exported(set), await exported(set)];
    const bytes = async (folder: string) => readFile((await segmentationsIn(folder))[0]);
    expect((await bytes(one)).equals(await bytes(two))).toBe(true);
    const [first, ...others] = set.annotations;
    const changed = await exported({ ...set, annotations: [{ ...first, revisionId: 'another' }, ...others] });
    const before = await readSegmentation(await bytes(one), 'before');
    const after = await readSegmentation(await bytes(changed), 'after');
    expect(after.sopInstanceUID).not.toBe(before.sopInstanceUID);
    expect(after.segments.map(({ trackingUID }) => trackingUID)).toEqual(
      before.segments.map(({ trackingUID }) => trackingUID),
    );
  });

  it('stays the same object through what it does not tell of a label, and is another where it tells something else', async () => {
    const set = await cineSet();
    const uidOf = async (labels: AnnotationSet['labels']) => {
      const [path] = await segmentationsIn(await exported({ ...set, labels }));
      return (await readSegmentation(await readFile(path), path)).sopInstanceUID;
    };
    const before = await uidOf(set.labels);
    const synchronized = set.labels.map((label) => ({ ...label, hidden: true, activeAdapterId: 'another' }));
    expect(await uidOf(synchronized)).toBe(before);
    expect(await uidOf(set.labels.map((label) => ({ ...label, name: `${label.name} 2` })))).not.toBe(before);
    expect(await uidOf(set.labels.toReversed())).not.toBe(before);
  });
});

describe('a cine with a frame of reference', () => {
  it('hands it on to its segmentation, which stays valid', async () => {
    const [frame] = await framesOf(writeCine(2, ['00200052', 'UI', '1.2.3.77']));
    const folder = await exported({ labels: [lesion], annotations: [annotate(frame, lesion, discMask(1))] });
    const [path] = await segmentationsIn(folder);
    if (!withoutValidator) expect(validationErrors(path)).toEqual([]);
    if (withoutPydicom) return;
    expect(askPydicom('result = pydicom.dcmread(paths[0]).FrameOfReferenceUID', path)).toBe('1.2.3.77');
  });
});

describe('single images of a series', () => {
  const imageUIDs = [`${cineUID}.1`, `${cineUID}.2`];
  const exportWith = async (references: readonly (string | null)[]) => {
    const images = await Promise.all(
      references.map(async (reference, index) => {
        const frameOfReference: TestElement[] = reference === null ? [] : [['00200052', 'UI', reference]];
        const [frame] = await framesOf(writeCine(1, ['00080018', 'UI', imageUIDs[index]], ...frameOfReference));
        return annotate(frame, lesion, discMask(1), { trackingUID: `2.25.8${index}` });
      }),
    );
    const folder = await exported({ labels: [lesion], annotations: images });
    expect(await readAll(folder)).toMatchObject(imageUIDs.map((sopInstanceUID) => ({ sopInstanceUID })));
    const [path] = await segmentationsIn(folder);
    if (!withoutValidator) expect(validationErrors(path)).toEqual([]);
    const { dataSet } = parsePart10(await readFile(path), path);
    return { reference: dataSet.text('FrameOfReferenceUID'), series: dataSet.text('SeriesInstanceUID') };
  };

  it.each([
    ['differ', ['1.2.3.77', '1.2.3.78']],
    ['lack in one', ['1.2.3.77', null]],
  ])('whose frames of reference %s have a segmentation without any', async (_, references) => {
    expect((await exportWith(references)).reference).toBeNull();
  });

  it('that share one hand it on, in a series that has no other', async () => {
    const one = await exportWith(['1.2.3.77', '1.2.3.77']);
    const other = await exportWith(['1.2.3.78', '1.2.3.78']);
    expect([one.reference, other.reference]).toEqual(['1.2.3.77', '1.2.3.78']);
    expect(other.series).not.toBe(one.series);
    expect((await exportWith([null, null])).series).not.toBe(one.series);
  });
});
