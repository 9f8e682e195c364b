// Owns references from one object to another: to a frame, and to every object of a study that is spoken of (PS3.3 tables 10-3 and C.12-8).
import type { Attributes } from './attributes.ts';
import type { SourceImage } from './source-image.ts';

/** Common Instance Reference (PS3.3 C.12.2): every source under its series. */
export function referencedSeries(sources: readonly SourceImage[]): Attributes[] {
  const bySeries = Map.groupBy(sources, ({ SeriesInstanceUID }) => SeriesInstanceUID);
  return [...bySeries].map(([SeriesInstanceUID, instances]) => ({
    SeriesInstanceUID,
    ReferencedInstanceSequence: instances.map(referenceTo),
  }));
}

function referenceTo({ SOPClassUID, SOPInstanceUID }: SourceImage): Attributes {
  return { ReferencedSOPClassUID: SOPClassUID, ReferencedSOPInstanceUID: SOPInstanceUID };
}

/** Reference to one frame; an image of a single frame is referred to as a whole (PS3.3 table 10-3). */
export function frameReference(source: SourceImage, frameNumber: number): Attributes {
  return { ...referenceTo(source), ...(source.NumberOfFrames > 1 && { ReferencedFrameNumber: frameNumber }) };
}
