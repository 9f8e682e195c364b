// Owns the way from annotations and what was measured by hand to a measurement report: which frames it speaks of, and the figures of each.
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { shownFromAuc } from '../common/classification.ts';
import type { Classification } from '../common/classification.ts';
import { codeOfPrompts } from '../common/codes.ts';
import { measureRegion } from '../common/mask-measures.ts';
import { measureShape } from '../common/measurements.ts';
import { segmentationStorage } from '../dicom/segmentation/segmentation.ts';
import type {
  Malignancy,
  SegmentMeasurements,
  ShapeMeasurements,
} from '../dicom/structured-report/measurement-groups.ts';
import { createMeasurementReport } from '../dicom/structured-report/measurement-report.ts';
import type { Evidence } from '../dicom/structured-report/measurement-report.ts';
import type { Attributes } from '../dicom/write/attributes.ts';
import { derivedUID } from '../dicom/write/uids.ts';
import { annotationMask } from './annotation-set.ts';
import type { AnnotatedFrame, ExportFrame, ExportLabel, ExportMeasurement } from './annotation-set.ts';
import type { FrameGroup } from './dicom-groups.ts';
import type { DicomSources, PlacedFrame } from './dicom-sources.ts';
import type { ExportContent } from './export-format.ts';
import { objectUID } from './seg-builder.ts';
import type { BuiltSegmentation, PlacedAnnotation } from './seg-builder.ts';
import { describeAlgorithm } from './seg-segment.ts';

/** The annotated frames, and those in which only something was measured. */
export function withMeasured({ frames, measurements }: ExportContent): AnnotatedFrame[] {
  const known = new Set(frames.map(({ frame }) => frame));
  const others = new Set(measurements.map(({ frame }) => frame).filter((frame) => !known.has(frame)));
  return [...frames, ...[...others].map(measuredAlone)];
}

function measuredAlone(frame: ExportFrame): AnnotatedFrame {
  const { studyInstanceUID, sopInstanceUID, frameNumber } = frame;
  const name = createHash('sha256').update(`${sopInstanceUID}/${frameNumber}`).digest('hex').slice(0, 12);
  return { name: `measured-${name}`, group: 'measured', groupKey: studyInstanceUID, frame, annotations: [] };
}

/** `segmentation` is that of the group's annotations; null where it has none. */
export async function buildReport(
  group: FrameGroup,
  segmentation: BuiltSegmentation | null,
  content: ExportContent,
  sources: DicomSources,
): Promise<Attributes> {
  const places = new Map<ExportFrame, Pick<PlacedFrame, 'source' | 'frameNumber'>>();
  for (const { annotation, source, frameNumber } of segmentation?.annotations ?? []) {
    places.set(annotation.frame, { source, frameNumber });
  }
  for (const annotated of group.frames) {
    if (!places.has(annotated.frame)) places.set(annotated.frame, await sources.place(annotated));
  }
  const byHand = content.measurements.filter(({ frame }) => places.has(frame));
  const annotations = segmentation?.annotations ?? [];
  const made = [...annotations.map(({ annotation }) => annotation), ...byHand];
  return createMeasurementReport({
    SOPInstanceUID: objectUID(
      `SR ${JSON.stringify(byHand.map(({ id }) => id))}`,
      group,
      content,
      byHand.flatMap(({ labelId }) => labelId ?? []),
    ),
    SeriesInstanceUID: derivedUID('SR series', group.studyInstanceUID),
    SeriesNumber: 9200,
    InstanceNumber: group.number,
    created: new Date(Math.max(...made.map(({ createdAt }) => Date.parse(createdAt)))),
    version: content.version,
    readers: [...new Set(made.map(({ reader }) => reader))],
    sources: [...new Set([...places.values()].map(({ source }) => source))],
    segmentation: segmentation && evidenceOf(segmentation),
    segments: await measureAll(annotations, content),
    shapes: byHand.map((measurement) => measureByHand(measurement, places.get(measurement.frame)!, content)),
  });
}

function evidenceOf({ attributes: { SOPInstanceUID, SeriesInstanceUID } }: BuiltSegmentation): Evidence {
  if (typeof SOPInstanceUID !== 'string' || typeof SeriesInstanceUID !== 'string') {
    throw new Error('A segmentation has UIDs.');
  }
  return { SOPClassUID: segmentationStorage, SOPInstanceUID, SeriesInstanceUID };
}

/** One after the other, with a chance for others in between. */
async function measureAll(annotations: readonly PlacedAnnotation[], { labelOf }: ExportContent) {
  const measured: SegmentMeasurements[] = [];
  for (const placed of annotations) {
    await setImmediate();
    measured.push(measureSegment(placed, labelOf(placed.annotation.labelId)));
  }
  return measured;
}

function measureSegment(placed: PlacedAnnotation, label: ExportLabel): SegmentMeasurements {
  const { annotation } = placed;
  return {
    trackingIdentifier: label.name,
    trackingUID: annotation.trackingUID,
    code: label.code ?? codeOfPrompts(label.position, label.type),
    place: placed,
    measures: measureRegion(annotationMask(annotation), annotation.frame.regions),
    algorithm: annotation.algorithm && describeAlgorithm(annotation.algorithm),
    malignancy: malignancyOf(annotation.classification),
  };
}

/** As the interface does, classes are told only where the network was good at telling them apart. */
function malignancyOf(classification: Classification | null): Malignancy | null {
  if (classification === null || classification.calibration.auc < shownFromAuc) return null;
  const malignant = classification.classes.find(({ name }) => name.toLowerCase() === 'malignant');
  if (!malignant) return null;
  const { auc, validationCases, prevalence, expectedCalibrationError } = classification.calibration;
  const figures = `AUC ${auc.toFixed(2)}, calibration error ${expectedCalibrationError.toFixed(2)}, prevalence ${prevalence.toFixed(2)}`;
  return {
    probability: malignant.probability,
    remark: `Said by a network, for research: on ${validationCases} validation cases ${figures}.`,
  };
}

function measureByHand(
  { trackingUID, labelId, frame, kind, points }: ExportMeasurement,
  { source, frameNumber }: Pick<PlacedFrame, 'source' | 'frameNumber'>,
  { labelOf }: ExportContent,
): ShapeMeasurements {
  const label = labelId === null ? null : labelOf(labelId);
  return {
    trackingIdentifier: label ? `${label.name}: ${kind}` : kind,
    trackingUID,
    code: label && (label.code ?? codeOfPrompts(label.position, label.type)),
    source,
    frameNumber,
    kind,
    points,
    value: measureShape({ kind, points }, frame.regions, frame.pixelAspectRatio),
  };
}
