// Segmentations as the tests of exports write and read them: a set of annotations in a cine, its export, and what comes back.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createMask } from '../../electron/common/mask.ts';
import type { AnnotationSet, ExportAnnotation } from '../../electron/export/annotation-set.ts';
import type { ReadAnnotation } from '../../electron/export/export-format.ts';
import { runExport } from '../../electron/export/registry.ts';
import { seg } from '../../electron/export/seg.ts';
import { temporaryFolder } from '../support/workspaces.ts';
import { annotate, duct, lesion } from './annotation-samples.ts';
import { cineHeight, cineWidth, discMask, framesOf, writeCine } from './dicom-samples.ts';

/** The disc as a lesion in frames 1, 3, 5 … 65, what is around it as a duct in every tenth, and a lesion that is absent in frame 2. */
export async function cineSet(bytes = writeCine(65)): Promise<AnnotationSet> {
  const frames = await framesOf(bytes);
  const annotations = frames.flatMap((frame) => {
    const mask = discMask(frame.frameNumber);
    const change = { trackingUID: `2.25.7${frame.frameNumber}` };
    const found: ExportAnnotation[] = [];
    if (frame.frameNumber % 2 === 1) found.push(annotate(frame, lesion, mask, change));
    if (frame.frameNumber === 2) found.push(annotate(frame, lesion, createMask(cineWidth, cineHeight), change));
    const around = { ...mask, data: mask.data.map((value) => 1 - value) };
    if (frame.frameNumber % 10 === 0) found.push(annotate(frame, duct, around, change));
    return found;
  });
  return { labels: [lesion, duct], annotations };
}

export async function exported(set: AnnotationSet, version = '1.2.3'): Promise<string> {
  const folder = join(temporaryFolder(), 'out');
  const { fidelity } = await runExport('seg', set, folder, { version });
  expect(fidelity.minIoU).toBe(1);
  return folder;
}

export async function segmentationsIn(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'segmentations'));
  return names.toSorted().map((name) => join(folder, 'segmentations', name));
}

export async function readAll(folder: string): Promise<ReadAnnotation[]> {
  const found: ReadAnnotation[] = [];
  for await (const read of seg.read(folder)) found.push(read);
  return found;
}
