// Owns the sentences on losses that several formats share.
import type { AnnotationSet } from './annotation-set.ts';
import { manifestName } from './manifest.ts';

/** "1 frame", "3 frames". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function countAbsent(set: AnnotationSet): number {
  return set.annotations.filter((annotation) => annotation.reviewState === 'absent').length;
}

/** For formats that know pixels only: where frames have a physical scale or pixels that are not square, only the manifest says so. */
export function scaleLosses(set: AnnotationSet): string[] {
  const frames = new Map(set.annotations.map(({ frame }) => [`${frame.sopInstanceUID}/${frame.frameNumber}`, frame]));
  const all = [...frames.values()];
  const calibrated = all.filter(({ regions }) =>
    regions.some((region) => region.physicalDeltaXMm !== null || region.physicalDeltaYMm !== null),
  ).length;
  const stretched = all.filter(({ pixelAspectRatio }) => pixelAspectRatio !== 1).length;
  const losses: string[] = [];
  if (calibrated > 0) {
    losses.push(`The physical scale (mm) of ${counted(calibrated, 'frame')} is kept in ${manifestName} only.`);
  }
  if (stretched > 0) {
    losses.push(
      `${counted(stretched, 'frame')} with pixels that are not square: the ratio is kept in ${manifestName} only.`,
    );
  }
  return losses;
}
