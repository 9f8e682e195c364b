import { describe, expect, it } from 'vitest';
import { createMask } from '../../electron/common/mask.ts';
import type { ReadAnnotation } from '../../electron/export/export-format.ts';
import { compareWithFiles } from '../../electron/export/verify.ts';
import { thrownBy } from '../support/workspaces.ts';
import { annotate, drawMask, duct, frameOf, lesion } from './annotation-samples.ts';

const whole = drawMask('####', '####');
const threeQuarters = drawMask('####', '##..');
const frame = frameOf(1, whole);
const set = { labels: [lesion, duct], annotations: [annotate(frame, lesion, whole), annotate(frame, duct, whole)] };

function reader(...masks: readonly (readonly [label: string, mask: ReadAnnotation['mask']])[]) {
  return async function* read(): AsyncGenerator<ReadAnnotation> {
    for (const [label, mask] of masks) {
      const place = { frame: 'frame-1', image: null, sopInstanceUID: frame.sopInstanceUID, frameNumber: 1 };
      yield { ...place, label, prompts: null, absent: false, mask, trackingUID: null, revisionId: null };
    }
  };
}

describe('the comparison of an export with its files', () => {
  it('gives the worst and the mean IoU, and names every mask that is not exact', async () => {
    const read = reader(['Lesion', whole], [duct.name, threeQuarters]);
    expect(await compareWithFiles(set, { leastIoU: 0.7, read }, 'out')).toEqual({
      minIoU: 0.75,
      meanIoU: 0.875,
      inexact: [`The mask of "${duct.name}" in frame 1 of ${frame.sopInstanceUID} reads back with an IoU of 0.7500.`],
    });
  });

  it('refuses a mask below what the format promises', async () => {
    const read = reader(['Lesion', whole], [duct.name, threeQuarters]);
    expect(await thrownBy(() => compareWithFiles(set, { leastIoU: 0.8, read }, 'out'))).toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('its IoU is 0.7500, the format promises 0.8'),
    });
  });

  it('refuses a mask of another size', async () => {
    const read = reader(['Lesion', createMask(2, 4)], [duct.name, whole]);
    expect(await thrownBy(() => compareWithFiles(set, { leastIoU: 0.5, read }, 'out'))).toMatchObject({
      code: 'corrupt',
    });
  });

  it('lets a format leave out a mask without a pixel, and no other', async () => {
    const absent = { ...set, annotations: [set.annotations[0], annotate(frame, duct, createMask(4, 2))] };
    const read = reader(['Lesion', whole]);
    expect(await compareWithFiles(absent, { leastIoU: 1, read }, 'out')).toMatchObject({ minIoU: 1, meanIoU: 1 });
    expect(await thrownBy(() => compareWithFiles(set, { leastIoU: 1, read }, 'out'))).toMatchObject({
      message: expect.stringContaining('1 masks are missing'),
    });
  });
});
