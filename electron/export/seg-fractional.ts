// Owns DICOM segmentations with probabilities: probabilities/<name>.dcm, FRACTIONAL (PS3.3 C.8.20.2), beside the binary segmentations of the same
// annotations, which are what comes back: a probability is what the network thought, a mask what a person decided.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { readSegmentation } from '../dicom/segmentation/read-segmentation.ts';
import { writePart10 } from '../dicom/write/write-part10.ts';
import { groupForDicom } from './dicom-groups.ts';
import type { FrameGroup } from './dicom-groups.ts';
import { DicomSources } from './dicom-sources.ts';
import type { ExportContent, ExportFormat, ExportProgress } from './export-format.ts';
import type { ExportFolder } from './export-folder.ts';
import { buildSegmentation } from './seg-builder.ts';
import { describeProbabilities, ProbabilityPixels } from './seg-probabilities.ts';
import { seg, writeSegmentation } from './seg.ts';

export const probabilityFolder = 'probabilities';

export const segFractional: ExportFormat = {
  id: 'seg-fractional',
  purpose: 'archive',
  title: 'DICOM SEG with probabilities',
  description:
    'Fractional DICOM segmentations with the probability of every pixel, as the network that made the proposals gives it, and the binary ones of the masks beside them.',
  asksNetwork: true,
  leastIoU: 1,
  describeLosses: (set) => [...seg.describeLosses(set), ...describeProbabilities(set)],
  async write(content, folder, progress) {
    const sources = new DicomSources(folder, content);
    const { signal } = progress;
    // Masks take next to no time beside the network, so that the frames are counted with that.
    const uncounted: ExportProgress = { signal, advance: () => signal?.throwIfAborted() };
    for (const group of groupForDicom(content.frames, content.labels.length)) {
      await writeSegmentation(group, content, folder, sources, uncounted);
    }
    const pixels = new ProbabilityPixels();
    for (const group of groupForDicom(content.frames, content.labels.length, pixels.bits)) {
      await writeProbabilities(group, content, folder, sources, progress, pixels);
    }
    pixels.describeChanges().forEach(content.remark);
  },
  read: (folder, remark) => seg.read(folder, remark),
};

async function writeProbabilities(
  group: FrameGroup,
  content: ExportContent,
  folder: ExportFolder,
  sources: DicomSources,
  progress: ExportProgress,
  pixels: ProbabilityPixels,
): Promise<void> {
  const { attributes } = await buildSegmentation(group, content, sources, progress, pixels);
  const path = `${probabilityFolder}/${group.name}.dcm`;
  await folder.write(path, await writePart10(attributes));
  const written = attributes.PixelData;
  if (!(written instanceof Uint8Array)) throw new Error('A segmentation has pixel data.');
  await checkProbabilities(join(folder.path, ...path.split('/')), written, progress.signal);
}

/** Throws AppError('corrupt') where the file does not give the very values that were written. */
async function checkProbabilities(path: string, written: Uint8Array, signal: AbortSignal | undefined): Promise<void> {
  const { frames, width, height } = await readSegmentation(await readFile(path), path);
  for (const [index, { probabilities }] of frames.entries()) {
    signal?.throwIfAborted();
    const start = index * width * height;
    if ((await probabilities()).every((value, at) => Math.round(255 * value) === written[start + at])) continue;
    throw new AppError('corrupt', `${path} reads back with other probabilities than were written.`);
  }
}
