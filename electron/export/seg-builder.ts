// Owns the way from a group of annotated frames to a segmentation: which segments it has, where each mask lies in the pixel data, and how every
// part is identified so that exporting the same annotations again makes the same object.
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { createSegmentation } from '../dicom/segmentation/segmentation.ts';
import type { FrameAnnotation, Segment, SegmentationFrame } from '../dicom/segmentation/segmentation-input.ts';
import { personName } from '../dicom/write/attributes.ts';
import type { Attributes } from '../dicom/write/attributes.ts';
import { sharedFrameOfReference } from '../dicom/write/source-image.ts';
import type { SourceImage } from '../dicom/write/source-image.ts';
import { derivedUID } from '../dicom/write/uids.ts';
import type { ExportAnnotation, ExportLabel } from './annotation-set.ts';
import type { FrameGroup } from './dicom-groups.ts';
import type { DicomSources } from './dicom-sources.ts';
import type { ExportContent, ExportProgress } from './export-format.ts';
import { maskPixels } from './seg-pixels.ts';
import type { SegmentationPixels } from './seg-pixels.ts';
import { segmentOf } from './seg-segment.ts';

/** An annotation with its place in a segmentation. */
export interface PlacedAnnotation {
  readonly annotation: ExportAnnotation;
  readonly source: SourceImage;
  /** Of the source. */
  readonly frameNumber: number;
  readonly segmentNumber: number;
  /** Its frame in the segmentation, from 1; null for an absent structure, which has none. */
  readonly segmentationFrame: number | null;
}

export interface BuiltSegmentation {
  readonly group: FrameGroup;
  readonly attributes: Attributes;
  readonly sources: readonly SourceImage[];
  readonly segments: readonly Segment[];
  readonly annotations: readonly PlacedAnnotation[];
  /** When the last of its annotations was made. */
  readonly created: Date;
}

interface Entry {
  readonly annotation: ExportAnnotation;
  readonly segmentNumber: number;
  /** Index in the pixel data, or null. */
  readonly index: number | null;
}

export async function buildSegmentation(
  group: FrameGroup,
  content: ExportContent,
  origin: DicomSources,
  progress: ExportProgress,
  pixels: SegmentationPixels = maskPixels,
): Promise<BuiltSegmentation> {
  const all: ExportAnnotation[] = [];
  const used = new Set(group.frames.flatMap(({ annotations }) => annotations.map(({ labelId }) => labelId)));
  const labels = content.labels.filter(({ id }) => used.has(id));
  const entries = planFrames(group, labels);
  const count = Math.max(1, Math.max(-1, ...entries.map(({ index }) => index ?? -1)) + 1);
  const size = group.width * group.height;
  const pixelData = new Uint8Array(Math.ceil((count * size * pixels.bits) / 8));
  const covered = new OverlapWatch();
  const frames = Array.from<SegmentationFrame>({ length: count });
  const sources: SourceImage[] = [];
  const reviewed = labels.map((): FrameAnnotation[] => []);
  const placed: PlacedAnnotation[] = [];
  const byFrame = Map.groupBy(entries, ({ annotation }) => annotation.frame);
  for (const annotated of group.frames) {
    progress.advance();
    // Lets a request to cancel in: nothing else here waits for anything but what is in memory.
    await setImmediate();
    const place = await origin.place(annotated);
    let source = sources.indexOf(place.source);
    if (source < 0) source = sources.push(place.source) - 1;
    const { frameNumber } = place;
    covered.begin(size);
    for (const { annotation, segmentNumber, index } of byFrame.get(annotated.annotations[0].frame) ?? []) {
      const written = index === null ? null : await pixels.write(annotation, pixelData, index, progress);
      const said = written?.annotation ?? annotation;
      all.push(said);
      reviewed[segmentNumber - 1].push(describe(said, source, frameNumber, place.origin));
      placed.push({
        annotation,
        source: place.source,
        frameNumber,
        segmentNumber,
        segmentationFrame: index === null ? null : index + 1,
      });
      if (index === null || written === null) continue;
      frames[index] = { segmentNumber, source, frameNumber };
      covered.add(written.covered);
    }
  }
  // A segmentation without a frame is none: where everything is absent one empty frame says so, of a place where its segment was looked for.
  const [{ source, frameNumber }] = reviewed[0];
  frames[0] ??= { segmentNumber: 1, source, frameNumber };
  const created = new Date(Math.max(...all.map(({ createdAt }) => Date.parse(createdAt))));
  const segments = labels.map((label, index) => segmentOf(label, group, reviewed[index], all));
  const readers = new Set(all.map(({ reader }) => reader));
  // A series has one frame of reference at most.
  const frameOfReference = sharedFrameOfReference(sources);
  const series = frameOfReference === null ? [group.studyInstanceUID] : [group.studyInstanceUID, frameOfReference];
  const attributes = createSegmentation({
    SOPInstanceUID: objectUID(pixels.identify(pixelData), group, content),
    SeriesInstanceUID: derivedUID(`${pixels.kind} series`, ...series),
    SeriesNumber: pixels.SeriesNumber,
    InstanceNumber: group.number,
    SeriesDescription: pixels.SeriesDescription,
    created,
    version: content.version,
    ContentCreatorName: readers.size === 1 ? personName([...readers][0]) : null,
    sources,
    segments,
    frames,
    segmentsOverlap: covered.overlap,
    segmentationType: pixels.segmentationType,
    pixelData,
  });
  return { group, attributes, sources, segments, annotations: placed, created };
}

/**
 * The UID of an object that is made of a group's annotations: of the revisions, what their labels mean and their order, and what writes them.
 * With any of these changed it is another object; with none it is the same, byte by byte.
 * @param others ids of labels that the object names besides
 */
export function objectUID(
  kind: string,
  group: FrameGroup,
  { version, labels, labelOf }: ExportContent,
  others: readonly string[] = [],
): string {
  const annotations = group.frames.flatMap((frame) => frame.annotations);
  const revisions = annotations.map(({ revisionId, reviewState, labelId, mask }) => [
    revisionId,
    reviewState,
    createHash('sha256').update(mask).digest('hex'),
    labelId,
  ]);
  const annotated = new Set(annotations.map(({ labelId }) => labelId));
  const used = new Set([...labels.map(({ id }) => id).filter((id) => annotated.has(id)), ...others]);
  const meanings = [...used].map((labelId) => {
    // A label of the store has more than an object tells of it: which adapter is active, whether it is hidden.
    const { id, name, color, position, type, code } = labelOf(labelId);
    return [id, name, color, position, type, code];
  });
  return derivedUID(kind, group.key, String(group.number), version, JSON.stringify([revisions, meanings]));
}

/** Frames come segment by segment, and within a segment as in the group. */
function planFrames(group: FrameGroup, labels: readonly ExportLabel[]): Entry[] {
  let next = 0;
  return labels.flatMap(({ id }, label) =>
    group.frames.flatMap(({ annotations }) =>
      annotations
        .filter(({ labelId }) => labelId === id)
        .map((annotation) => {
          const index = annotation.reviewState === 'absent' ? null : next;
          if (index !== null) next += 1;
          return { annotation, segmentNumber: label + 1, index };
        }),
    ),
  );
}

function describe(
  annotation: ExportAnnotation,
  source: number,
  frameNumber: number,
  origin: FrameAnnotation['origin'],
): FrameAnnotation {
  const { trackingUID, revisionId, reviewState, segmentAlgorithmType } = annotation;
  return { source, frameNumber, origin, trackingUID, revisionId, reviewState, segmentAlgorithmType };
}

/** Sees whether any pixel of a frame belongs to two masks. */
class OverlapWatch {
  overlap = false;
  #covered: Uint8Array | null = null;
  #size = 0;

  begin(size: number): void {
    this.#size = size;
    this.#covered = null;
  }

  add(data: Uint8Array): void {
    if (this.overlap) return;
    const covered = (this.#covered ??= new Uint8Array(this.#size));
    for (let index = data.indexOf(1); index >= 0; index = data.indexOf(1, index + 1)) {
      if (covered[index] === 1) this.overlap = true;
      covered[index] = 1;
    }
  }
}
