// Owns the rules between the fields of a segmentation: what PS3.3 A.51.5.1 and C.8.20 demand and one attribute alone cannot show.
import type { SegmentationInput } from './segmentation-input.ts';

/** Throws an Error that names the first rule that is broken. */
export function checkSegmentation(input: SegmentationInput): void {
  const { sources, segments, frames, segmentationType, pixelData } = input;
  must(sources.length > 0 && segments.length > 0 && frames.length > 0, 'it has a source, a segment and a frame');
  const [first] = sources;
  for (const source of sources) {
    must(source.StudyInstanceUID === first.StudyInstanceUID, 'all sources are of one study');
    must(source.Rows === first.Rows && source.Columns === first.Columns, 'all sources have the size of its frames');
  }
  must(
    new Set(sources.map(({ SOPInstanceUID }) => SOPInstanceUID)).size === sources.length,
    'each source is there once',
  );
  const seen = new Set<string>();
  for (const { segmentNumber, source, frameNumber } of frames) {
    must(segmentNumber >= 1 && segmentNumber <= segments.length, 'each frame is of a segment that is described');
    must(
      frameNumber >= 1 && frameNumber <= (sources[source]?.NumberOfFrames ?? 0),
      'each frame lies on a source frame',
    );
    seen.add(`${segmentNumber}/${source}/${frameNumber}`);
  }
  must(seen.size === frames.length, 'a segment has one frame at most on each source frame');
  must(
    segments.every(({ segmentAlgorithmType: type, algorithms }) => type === 'MANUAL' || algorithms.length > 0),
    'a segment that is not MANUAL names its algorithm',
  );
  const pixels = frames.length * first.Rows * first.Columns;
  const bytes = segmentationType === 'BINARY' ? Math.ceil(pixels / 8) : pixels;
  must(pixelData.length === bytes, `its pixel data have ${bytes} bytes, not ${pixelData.length}`);
}

function must(holds: boolean, rule: string): void {
  if (!holds) throw new Error(`A segmentation is valid only where ${rule}.`);
}
