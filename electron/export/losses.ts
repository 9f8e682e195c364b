// Owns the sentences on losses that several formats share.
import { countParts } from '../common/mask-parts.ts';
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

/** For formats without a field for it. */
export function provenanceLoss(): string {
  return `Revisions, how each mask was made, and the frames' DICOM identifiers are kept in ${manifestName} only.`;
}

/** For formats in which a structure that is absent and one that was not looked for are the same. */
export function absentLosses(set: AnnotationSet, consequence: string): string[] {
  const absent = countAbsent(set);
  return absent === 0 ? [] : [`${counted(absent, 'absent annotation')}: ${consequence}; ${manifestName} tells.`];
}

export function editedLosses(set: AnnotationSet): string[] {
  const edited = set.annotations.filter(({ reviewState }) => reviewState === 'edited').length;
  return edited === 0 ? [] : [`${counted(edited, 'edited annotation')} cannot be told from accepted ones.`];
}

/** For formats of polygons, which know no holes. */
export function outlineLosses(set: AnnotationSet): string[] {
  const holed = set.annotations.filter(({ mask, frame }) => countParts(mask, frame.width).holes > 0).length;
  const losses = [
    'Outlines run along the edges of pixels. A program that also draws them as lines, as the fillers of LabelMe and OpenCV do, gets masks one pixel larger to the right and below.',
  ];
  if (holed > 0) {
    losses.push(
      `${counted(holed, 'mask')} with holes: each hole is joined to the outline by a bridge of no width, there and back.`,
    );
  }
  return losses;
}

/** For formats that have no word for masks of one structure in several parts. */
export function partLosses(set: AnnotationSet, consequence: string): string[] {
  const parted = set.annotations.filter(({ mask, frame }) => countParts(mask, frame.width).parts > 1).length;
  return parted === 0 ? [] : [`${counted(parted, 'mask')} of several parts: ${consequence}.`];
}

/** Of what is beside the masks: measurements by hand and what the network said of classes, which the record of every export keeps. */
export function companionLosses(set: AnnotationSet, carriesMeasurements: boolean): string[] {
  const losses: string[] = [];
  const measured = carriesMeasurements ? 0 : (set.measurements?.length ?? 0);
  if (measured > 0) losses.push(`${counted(measured, 'measurement')} by hand: kept in ${manifestName} only.`);
  const classified = set.annotations.filter(({ classification }) => classification !== null).length;
  if (classified > 0) {
    losses.push(
      `What the network said of the class of ${counted(classified, 'annotation')} is kept in ${manifestName} only.`,
    );
  }
  return losses;
}
