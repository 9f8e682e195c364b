// Owns which frames share a DICOM object. A cine has one of its own, since viewers show each cine by itself and take an object that refers to it
// alone; the single images of a series share one, as viewers stack them. All frames of a segmentation have one size (PS3.3 A.51.5.1).
import type { AnnotatedFrame } from './annotation-set.ts';
import { fileNameOf, makeUnique } from './file-names.ts';

export interface FrameGroup {
  /** Unique in the export, without extension. */
  readonly name: string;
  /** Tells the group from all others in every export of the same data. */
  readonly key: string;
  /** Among the groups of its study, from 1. */
  readonly number: number;
  readonly studyInstanceUID: string;
  readonly width: number;
  readonly height: number;
  /** Single images in the order of the study; the frames of a cine by their numbers. */
  readonly frames: readonly AnnotatedFrame[];
}

/** Pixel data are built in memory, about a gigabyte of single bits; bytes are read back at once, so that there are fewer of them. */
const mostPixels = { 1: 2 ** 33, 8: 2 ** 28 } as const;

/** Every frame in one group. `labels` is how many segments a frame can have at most, `bits` what a pixel of one takes. */
export function groupForDicom(frames: readonly AnnotatedFrame[], labels: number, bits: 1 | 8 = 1): FrameGroup[] {
  const groups = Map.groupBy(frames, ({ frame }) => {
    const { studyInstanceUID, seriesInstanceUID, sopInstanceUID, frameCount, width, height } = frame;
    const unit = frameCount > 1 ? ['instance', sopInstanceUID] : ['series', seriesInstanceUID];
    return JSON.stringify([studyInstanceUID, ...unit, width, height]);
  });
  const parts = [...groups].flatMap(([key, members]) => {
    const ordered = members[0].frame.frameCount > 1 ? members.toSorted(byFrameNumber) : members;
    const most = Math.max(
      1,
      Math.floor(mostPixels[bits] / (members[0].frame.width * members[0].frame.height * labels)),
    );
    return chunk(ordered, most).map((list, index) => ({
      key: index === 0 ? key : `${key}#${index + 1}`,
      frames: list,
    }));
  });
  const names = makeUnique(parts.map(({ frames: [first, ...rest] }) => nameOf(first, rest.length)));
  const counts = new Map<string, number>();
  return parts.map(({ key, frames: members }, index) => {
    const { studyInstanceUID, width, height } = members[0].frame;
    const number = (counts.get(studyInstanceUID) ?? 0) + 1;
    counts.set(studyInstanceUID, number);
    return { name: names[index], key, number, studyInstanceUID, width, height, frames: members };
  });
}

function byFrameNumber(a: AnnotatedFrame, b: AnnotatedFrame): number {
  return a.frame.frameNumber - b.frame.frameNumber;
}

/** That of its only frame, or the group of the patient with the size of the frames. */
function nameOf({ name, group, frame }: AnnotatedFrame, others: number): string {
  if (frame.frameCount > 1) return name.replace(/-f\d+$/, '');
  return others === 0 ? name : fileNameOf(`${group}-${frame.width}x${frame.height}`, 'frames');
}

function chunk<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
