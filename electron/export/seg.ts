// Owns DICOM segmentations: segmentations/<name>.dcm, one for each cine and one for the single images of a series, and images/<frame>.dcm for
// frames that were never DICOM. A segment is a label; an absent structure has no frame, and is named in private elements of its segment.
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promptsOfCode } from '../common/codes.ts';
import { createMask } from '../common/mask.ts';
import { isSegmentationFile, readSegmentation } from '../dicom/segmentation/read-segmentation.ts';
import type { SourceFrame } from '../dicom/segmentation/read-segment.ts';
import type { ReadSegmentation } from '../dicom/segmentation/read-segmentation.ts';
import { writePart10 } from '../dicom/write/write-part10.ts';
import type { AnnotationSet } from './annotation-set.ts';
import { groupForDicom } from './dicom-groups.ts';
import type { FrameGroup } from './dicom-groups.ts';
import { DicomSources } from './dicom-sources.ts';
import type { ExportContent, ExportFormat, ExportProgress, ReadAnnotation, Remark } from './export-format.ts';
import type { ExportFolder } from './export-folder.ts';
import { makeUnique } from './file-names.ts';
import { listFiles, readBytes } from './folder-files.ts';
import { countAbsent, counted } from './losses.ts';
import { buildSegmentation } from './seg-builder.ts';
import type { BuiltSegmentation } from './seg-builder.ts';

export const segmentationFolder = 'segmentations';

export const seg: ExportFormat = {
  id: 'seg',
  purpose: 'archive',
  title: 'DICOM SEG',
  description:
    'Binary DICOM segmentations that refer to the frames of the original images, for archives and viewers. They carry the name of the patient where the originals do.',
  leastIoU: 1,
  describeLosses: (set) => [...describeAbsence(set), ...describeDicomLosses(set)],
  async write(content, folder, progress) {
    const sources = new DicomSources(folder, content);
    for (const group of groupForDicom(content.frames, content.labels.length)) {
      await writeSegmentation(group, content, folder, sources, progress);
    }
  },
  read: (folder, remark) => readSegmentations(join(folder, segmentationFolder), remark),
};

function describeAbsence(set: AnnotationSet): string[] {
  const absent = countAbsent(set);
  if (absent === 0) return [];
  return [
    `${counted(absent, 'absent annotation')}: an absent structure has no frame in a segmentation; that it was looked for is in private elements, which other programs pass over.`,
  ];
}

/** What segmentations hold in a way that only SonoSync reads, or change, also where reports come with them. */
export function describeDicomLosses(set: AnnotationSet): string[] {
  const losses: string[] = [];
  const types = Map.groupBy(set.annotations, ({ labelId }) => labelId);
  const mixed = [...types.values()].filter(
    (list) => new Set(list.map(({ segmentAlgorithmType }) => segmentAlgorithmType)).size > 1,
  ).length;
  if (mixed > 0) {
    losses.push(
      `${counted(mixed, 'label')} with masks drawn by hand and masks that were proposed: a segment has one algorithm type for all of its frames, and that of each frame is in private elements.`,
    );
  }
  const pictures = new Set(
    set.annotations
      .filter(({ frame }) => frame.mediaType !== 'application/dicom')
      .map(({ frame }) => `${frame.sopInstanceUID}/${frame.frameNumber}`),
  );
  if (pictures.size > 0) {
    losses.push(
      `${counted(pictures.size, 'frame')} of pictures that are not DICOM: each is written as a DICOM image too, under a pseudonym and without a date, so that there is something to refer to.`,
    );
  }
  return losses;
}

/** Writes the segmentation of a group of frames, and says what it holds. */
export async function writeSegmentation(
  group: FrameGroup,
  content: ExportContent,
  folder: ExportFolder,
  sources: DicomSources,
  progress: ExportProgress,
): Promise<BuiltSegmentation> {
  const built = await buildSegmentation(group, content, sources, progress);
  await folder.write(`${segmentationFolder}/${group.name}.dcm`, await writePart10(built.attributes));
  // The pixels are on the disk; what is kept is who refers to what.
  return { ...built, attributes: { ...built.attributes, PixelData: null } };
}

/**
 * Every mask of the segmentations below a folder, ours or another program's. Other DICOM objects are passed over, and `remark` is told.
 * Throws AppError naming a damaged file.
 */
export async function* readSegmentations(folder: string, remark: Remark = () => {}): AsyncGenerator<ReadAnnotation> {
  for (const file of (await listFiles(folder)).filter((each) => each.toLowerCase().endsWith('.dcm'))) {
    const bytes = await readBytes(folder, file);
    if (!isSegmentationFile(bytes, file)) {
      remark(`${file} is no segmentation and was passed over.`);
      continue;
    }
    for await (const annotation of annotationsOf(await readSegmentation(bytes, file))) {
      await setImmediate();
      yield annotation;
    }
  }
}

async function* annotationsOf(segmentation: ReadSegmentation): AsyncGenerator<ReadAnnotation> {
  const names = makeUnique(segmentation.segments.map(({ label }) => label));
  const frames = new Map(segmentation.frames.map((frame) => [keyOf(frame.segmentNumber, frame.source), frame]));
  for (const [index, { segmentNumber, code, reviewed }] of segmentation.segments.entries()) {
    const segment = { label: names[index], prompts: code && promptsOfCode(code) };
    for (const { frame, origin, reviewState, trackingUID, revisionId } of reviewed) {
      const key = keyOf(segmentNumber, frame);
      const mask = (await frames.get(key)?.mask()) ?? createMask(segmentation.width, segmentation.height);
      frames.delete(key);
      const absent = reviewState === 'absent';
      yield { ...segment, ...placeOf(origin), absent, mask, trackingUID, revisionId };
    }
    // What another program wrote says nothing of absence but by an empty frame.
    for (const frame of segmentation.frames.filter((each) => each.segmentNumber === segmentNumber)) {
      if (!frames.has(keyOf(segmentNumber, frame.source))) continue;
      const mask = await frame.mask();
      const absent = !mask.data.includes(1);
      yield { ...segment, ...placeOf(frame.source), absent, mask, trackingUID: null, revisionId: null };
    }
  }
}

function placeOf({ sopInstanceUID, frameNumber }: SourceFrame) {
  return { frame: `${sopInstanceUID}-f${frameNumber}`, image: null, sopInstanceUID, frameNumber };
}

function keyOf(segmentNumber: number, { sopInstanceUID, frameNumber }: SourceFrame): string {
  return `${segmentNumber}/${sopInstanceUID}/${frameNumber}`;
}
