// Owns what the pixels of a segmentation hold: here the masks themselves; seg-probabilities.ts has what the network thought of every pixel.
import { packMask } from '../dicom/segmentation/bits.ts';
import type { SegmentationType } from '../dicom/segmentation/segmentation-input.ts';
import { annotationMask } from './annotation-set.ts';
import type { ExportAnnotation } from './annotation-set.ts';
import type { ExportProgress } from './export-format.ts';

/** What a pixel of a segmentation holds, and the series that such segmentations are in. */
export interface SegmentationPixels {
  readonly segmentationType: SegmentationType;
  readonly bits: 1 | 8;
  /** Names the kind of series. */
  readonly kind: string;
  readonly SeriesNumber: number;
  readonly SeriesDescription: string;
  /** What tells the object from others of the same annotations. */
  identify(pixelData: Uint8Array): string;
  /** Sets frame `index` of the pixel data, which is all zeros there. Returns what is said of the annotation, and the pixels that are not 0. */
  write(
    annotation: ExportAnnotation,
    target: Uint8Array,
    index: number,
    progress: ExportProgress,
  ): Promise<WrittenFrame>;
}

export interface WrittenFrame {
  readonly annotation: ExportAnnotation;
  /** 1 where the segment has a part in the pixel, else 0. */
  readonly covered: Uint8Array;
}

/** A bit a pixel: the annotations' masks. */
export const maskPixels: SegmentationPixels = {
  segmentationType: 'BINARY',
  bits: 1,
  kind: 'SEG',
  SeriesNumber: 9100,
  SeriesDescription: 'SonoSync segmentations',
  identify: () => 'SEG',
  async write(annotation, target, index) {
    const mask = annotationMask(annotation);
    packMask(mask, target, index * mask.data.length);
    return { annotation, covered: mask.data };
  },
};
