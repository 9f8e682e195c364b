// Owns DICOM measurement reports: reports/<name>.dcm beside the segmentations whose segments they measure, which come with them, since a report
// that refers to what nobody has says nothing. Masks come back from the segmentations, measurements from the reports.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { measurementPoints } from '../common/measurements.ts';
import { measurementKinds } from '../common/study.ts';
import { graphicTypes } from '../dicom/structured-report/measurement-groups.ts';
import { readMeasurementReport } from '../dicom/structured-report/read-measurement-report.ts';
import type { ReadGroup, ReadMeasurementReport } from '../dicom/structured-report/read-measurement-report.ts';
import { writePart10 } from '../dicom/write/write-part10.ts';
import { groupForDicom } from './dicom-groups.ts';
import { DicomSources } from './dicom-sources.ts';
import type { ExportFormat, ReadAnnotation, ReadMeasurement } from './export-format.ts';
import { describeDicomLosses, readSegmentations, segmentationFolder, writeSegmentation } from './seg.ts';
import { buildReport, withMeasured } from './sr-builder.ts';

export const reportFolder = 'reports';

export const sr: ExportFormat = {
  id: 'sr',
  purpose: 'archive',
  title: 'DICOM SR',
  description:
    'Measurement reports (TID 1500) with area, perimeter and axes of every mask and what was measured by hand, in mm where calibrated, and the segmentations that they refer to.',
  leastIoU: 1,
  carriesMeasurements: true,
  describeLosses: describeDicomLosses,
  async write(content, folder, progress) {
    const sources = new DicomSources(folder, content);
    const groups = groupForDicom(withMeasured(content), content.labels.length);
    for (const group of groups) {
      const frames = group.frames.filter(({ annotations }) => annotations.length > 0);
      const annotated = { ...group, frames };
      const segmentation =
        frames.length > 0 ? await writeSegmentation(annotated, content, folder, sources, progress) : null;
      const report = await buildReport(group, segmentation, content, sources);
      await folder.write(`${reportFolder}/${group.name}.dcm`, await writePart10(report));
    }
  },
  async *readMeasurements(folder) {
    for await (const { groups, observers } of readReports(folder)) {
      // A report names its observers, not who of several drew what.
      const reader = observers.length === 1 ? observers[0] : null;
      for (const group of groups) {
        const measurement = toMeasurement(group, reader);
        if (measurement) yield measurement;
      }
    }
  },
  async *read(folder, remark): AsyncGenerator<ReadAnnotation> {
    const waiting = new Set<string>();
    for await (const report of readReports(folder)) {
      for (const { trackingUID } of report.groups) waiting.add(trackingUID ?? '');
    }
    for await (const annotation of readSegmentations(join(folder, segmentationFolder), remark)) {
      const { trackingUID, sopInstanceUID, frameNumber, label } = annotation;
      if (trackingUID !== null && !waiting.has(trackingUID)) {
        throw new AppError(
          'corrupt',
          `The reports in ${folder} say nothing of "${label}" in frame ${frameNumber} of ${sopInstanceUID}.`,
        );
      }
      yield annotation;
    }
  },
};

/** The inverse of what sr-builder makes of a measurement by hand; null for a group of another kind. */
function toMeasurement(group: ReadGroup, reader: string | null): ReadMeasurement | null {
  const { drawn, source, trackingUID, trackingIdentifier } = group;
  if (!drawn || !source || trackingUID === null) return null;
  const kind = measurementKinds.find(
    (each) => measurementPoints[each] === drawn.points.length && graphicTypes[each] === drawn.graphicType,
  );
  if (kind === undefined) return null;
  const ending = `: ${kind}`;
  const label = trackingIdentifier?.endsWith(ending) ? trackingIdentifier.slice(0, -ending.length) : null;
  return { ...source, label, kind, points: drawn.points, trackingUID, reader };
}

/** The reports of an export, in the order of their names. Throws AppError naming a file that is none. */
export async function* readReports(folder: string): AsyncGenerator<ReadMeasurementReport> {
  const reports = join(folder, reportFolder);
  for (const name of (await readdir(reports)).filter((entry) => entry.endsWith('.dcm')).toSorted()) {
    yield readMeasurementReport(await readFile(join(reports, name)), name);
  }
}
