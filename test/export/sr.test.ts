import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMask } from '../../electron/common/mask.ts';
import { measureRegion } from '../../electron/common/mask-measures.ts';
import { readSegmentation } from '../../electron/dicom/segmentation/read-segmentation.ts';
import { codes } from '../../electron/dicom/structured-report/codes.ts';
import { readMeasurementReport } from '../../electron/dicom/structured-report/read-measurement-report.ts';
import type {
  ReadGroup,
  ReadMeasurementReport,
} from '../../electron/dicom/structured-report/read-measurement-report.ts';
import type { AnnotationSet, ExportMeasurement } from '../../electron/export/annotation-set.ts';
import { runExport } from '../../electron/export/registry.ts';
import { sr } from '../../electron/export/sr.ts';
import { askPydicom, validationErrors, withoutPydicom, withoutValidator } from '../support/dicom-tools.ts';
import { temporaryFolder, thrownBy } from '../support/workspaces.ts';
import { annotate, duct, frameOf, lesion, sampleSet } from './annotation-samples.ts';
import { cineHeight, cineUID, cineWidth, discMask, framesOf, writeCine } from './dicom-samples.ts';

const algorithm = { modelId: 'starter', modelHash: 'ab'.repeat(32), adapterHash: null };

/** A lesion in frames 1 and 3, absent in 2; a length in frame 1 and an ellipse in frame 5, where nothing else is. */
async function measuredSet(
  original = writeCine(6),
): Promise<AnnotationSet & { readonly measurements: readonly ExportMeasurement[] }> {
  const frames = (await framesOf(writeCine(6))).map((frame) => ({
    ...frame,
    original: () => Promise.resolve(original),
  }));
  const byHand = { id: 'm1', reader: 'B. Reader', createdAt: '2026-01-02T03:04:06.000Z' };
  const ellipse = [
    { x: 5, y: 10 },
    { x: 25, y: 10 },
    { x: 15, y: 6 },
    { x: 15, y: 14 },
  ];
  return {
    labels: [lesion, duct],
    annotations: [
      annotate(frames[0], lesion, discMask(1), { trackingUID: '2.25.71', algorithm }),
      annotate(frames[1], lesion, createMask(cineWidth, cineHeight), { trackingUID: '2.25.72' }),
      annotate(frames[2], lesion, discMask(3), { trackingUID: '2.25.73', segmentAlgorithmType: 'MANUAL' }),
    ],
    measurements: [
      {
        ...byHand,
        trackingUID: '2.25.81',
        labelId: lesion.id,
        frame: frames[0],
        kind: 'length',
        points: [
          { x: 2.5, y: 3 },
          { x: 12.5, y: 27 },
        ],
      },
      {
        ...byHand,
        id: 'm2',
        trackingUID: '2.25.82',
        labelId: null,
        frame: frames[4],
        kind: 'ellipse',
        points: ellipse,
      },
    ],
  };
}

async function exported(set: AnnotationSet): Promise<string> {
  const folder = join(temporaryFolder(), 'out');
  const { fidelity } = await runExport('sr', set, folder, { version: '1.2.3' });
  expect(fidelity.minIoU).toBe(1);
  return folder;
}

async function pathsIn(folder: string, kind: string): Promise<string[]> {
  return (await readdir(join(folder, kind))).toSorted().map((name) => join(folder, kind, name));
}

async function onlyReport(folder: string): Promise<ReadMeasurementReport> {
  const [path, ...others] = await pathsIn(folder, 'reports');
  expect(others).toEqual([]);
  return readMeasurementReport(await readFile(path), path);
}

function groupOf(report: ReadMeasurementReport, trackingUID: string): ReadGroup {
  const group = report.groups.find((each) => each.trackingUID === trackingUID);
  if (!group) throw new Error(`There is no group ${trackingUID}.`);
  return group;
}

function valueOf(group: ReadGroup, code: string): string {
  const found = group.numbers.find(({ name }) => name.codeValue === code);
  return found ? `${found.value.toFixed(4)} ${found.unit.codeValue}` : 'none';
}

describe('a measurement report', () => {
  it('has a group for every annotation, with its figures in mm where the frame is calibrated', async () => {
    const report = await onlyReport(await exported(await measuredSet()));
    const [frame] = await framesOf(writeCine(1));
    const inMm = measureRegion(discMask(1), frame.regions)?.inMillimetres;
    const group = groupOf(report, '2.25.71');
    expect(group).toMatchObject({
      trackingIdentifier: 'Lesion',
      finding: { codeValue: '52988006', codingSchemeDesignator: 'SCT' },
      source: { sopInstanceUID: cineUID, frameNumber: 1 },
      absent: false,
    });
    // The regions of this cine are 0.2 by 0.1 mm a pixel.
    expect(inMm?.area).toBeCloseTo(discMask(1).data.reduce((sum, value) => sum + value, 0) * 0.02, 9);
    expect(valueOf(group, codes.area.codeValue)).toBe(`${inMm?.area.toFixed(4)} mm2`);
    expect(valueOf(group, codes.perimeter.codeValue)).toBe(`${inMm?.perimeter.toFixed(4)} mm`);
    expect(valueOf(group, codes.longAxis.codeValue)).toBe(`${inMm?.longAxis.toFixed(4)} mm`);
    expect(valueOf(group, codes.shortAxis.codeValue)).toBe(`${inMm?.shortAxis.toFixed(4)} mm`);
    expect(valueOf(group, codes.circumference.codeValue)).toBe(`${inMm?.ellipse.circumference.toFixed(4)} mm`);
    expect(valueOf(group, codes.equivalentDiameter.codeValue)).toBe(`${inMm?.equivalentDiameter.toFixed(4)} mm`);
  });

  it('refers to the frame of the segmentation that shows the mask, and to the frame that it lies on', async () => {
    const folder = await exported(await measuredSet());
    const report = await onlyReport(folder);
    const [path] = await pathsIn(folder, 'segmentations');
    const segmentation = await readSegmentation(await readFile(path), path);
    const { source, segmentation: reference } = groupOf(report, '2.25.73');
    expect(reference).toMatchObject({ sopInstanceUID: segmentation.sopInstanceUID, frameNumber: 2 });
    const shown = segmentation.frames[(reference?.frameNumber ?? 0) - 1];
    expect(shown.source).toEqual(source);
    expect((await shown.mask()).data).toEqual(discMask(3).data);
  });

  it('says that a structure is absent, where it was looked for', async () => {
    const report = await onlyReport(await exported(await measuredSet()));
    expect(groupOf(report, '2.25.72')).toMatchObject({
      absent: true,
      segmentation: null,
      source: { sopInstanceUID: cineUID, frameNumber: 2 },
      numbers: [],
    });
  });

  it('brings back what was measured by hand, point by point, also in a frame without a mask', async () => {
    const set = await measuredSet();
    const report = await onlyReport(await exported(set));
    const length = groupOf(report, '2.25.81');
    expect(length.drawn).toEqual({ graphicType: 'POLYLINE', points: set.measurements[0].points });
    expect(valueOf(length, codes.length.codeValue)).toBe(`${Math.hypot(10 * 0.2, 24 * 0.1).toFixed(4)} mm`);
    const ellipse = groupOf(report, '2.25.82');
    expect(ellipse.drawn).toEqual({ graphicType: 'ELLIPSE', points: set.measurements[1].points });
    expect(ellipse.source).toEqual({ sopInstanceUID: cineUID, frameNumber: 5 });
    expect(valueOf(ellipse, codes.area.codeValue)).toBe(`${(Math.PI * 2 * 0.4).toFixed(4)} mm2`);
  });

  it('tells the major axis of an ellipse first, whichever was drawn first', async () => {
    const set = await measuredSet();
    const [length, ellipse] = set.measurements;
    const [left, right, top, bottom] = ellipse.points;
    const turned = { ...ellipse, points: [top, bottom, left, right] };
    const report = await onlyReport(await exported({ ...set, measurements: [length, turned] }));
    expect(groupOf(report, '2.25.82').drawn?.points).toEqual([left, right, top, bottom]);
  });

  it('refers to the frame that was measured, also where the cine does not say how many it has', async () => {
    const report = await onlyReport(await exported(await measuredSet(writeCine(6, ['00280008', 'IS', '']))));
    expect(groupOf(report, '2.25.73').source).toEqual({ sopInstanceUID: cineUID, frameNumber: 3 });
    expect(groupOf(report, '2.25.82').source).toEqual({ sopInstanceUID: cineUID, frameNumber: 5 });
  });

  it('names the people and the software', async () => {
    const folder = await exported(await measuredSet());
    expect((await onlyReport(folder)).observers).toEqual(['A. Reader', 'B. Reader']);
    if (withoutPydicom) return;
    const [path] = await pathsIn(folder, 'reports');
    const script = `
report = pydicom.dcmread(paths[0])
def walk(item):
    yield item
    for child in item.get('ContentSequence', []):
        yield from walk(child)
items = list(walk(report))
named = lambda code: [i for i in items if 'ConceptNameCodeSequence' in i and i.ConceptNameCodeSequence[0].CodeValue == code]
evidence = report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence
result = dict(template=report.ContentTemplateSequence[0].TemplateIdentifier, patient=str(report.PatientName),
    algorithm=[i.TextValue for i in named('111001')], site=[i.ConceptCodeSequence[0].CodeMeaning for i in named('363698007')][0],
    types=sorted({i.ValueType for i in items if 'ConceptNameCodeSequence' in i}), evidence=sum(len(s.ReferencedSOPSequence) for s in evidence))`;
    expect(askPydicom(script, path)).toEqual({
      template: '1500',
      patient: 'Secretname^Anna',
      algorithm: ['starter'],
      site: 'Breast',
      types: ['CODE', 'CONTAINER', 'IMAGE', 'NUM', 'PNAME', 'SCOORD', 'TEXT', 'UIDREF'],
      evidence: 2,
    });
  });

  it('tells the probability of cancer where the network told classes apart on validation, and else nothing', async () => {
    const [frame] = await framesOf(writeCine(1));
    const classification = {
      classes: [
        { name: 'benign', probability: 0.25 },
        { name: 'malignant', probability: 0.75 },
      ],
      calibration: { expectedCalibrationError: 0.04, validationCases: 120, prevalence: 0.4, auc: 0.9 },
    };
    const report = async (auc: number) => {
      const said = { ...classification, calibration: { ...classification.calibration, auc } };
      const annotations = [annotate(frame, lesion, discMask(1), { algorithm, classification: said })];
      return onlyReport(await exported({ labels: [lesion], annotations }));
    };
    const [told] = (await report(0.9)).groups;
    expect(valueOf(told, codes.probabilityOfCancer.codeValue)).toBe('75.0000 %');
    const [silent] = (await report(0.6)).groups;
    expect(valueOf(silent, codes.probabilityOfCancer.codeValue)).toBe('none');
  });

  it('gives pixels, and says why, where there is no scale', async () => {
    const mask = discMask(1);
    const folder = await exported({ labels: [lesion], annotations: [annotate(frameOf(1, mask), lesion, mask)] });
    const [group] = (await onlyReport(folder)).groups;
    const pixels = mask.data.reduce((sum, value) => sum + value, 0);
    expect(valueOf(group, codes.area.codeValue)).toBe(`${pixels.toFixed(4)} {squarepixels}`);
    expect(valueOf(group, codes.longAxis.codeValue)).toMatch(/ \{pixels\}$/);
  });

  it.skipIf(withoutValidator)('is valid for dciodvfy (skipped where it is not installed)', async () => {
    for (const set of [await measuredSet(), sampleSet()]) {
      const folder = await exported(set);
      for (const kind of ['reports', 'segmentations']) {
        for (const path of await pathsIn(folder, kind)) expect(validationErrors(path)).toEqual([]);
      }
    }
  });

  it('is the same, byte by byte, for the same annotations and measurements', async () => {
    const bytes = async (set: AnnotationSet) => readFile((await pathsIn(await exported(set), 'reports'))[0]);
    const set = await measuredSet();
    const one = await bytes(set);
    expect(one.equals(await bytes(set))).toBe(true);
    const uidOf = (report: Uint8Array) => readMeasurementReport(report, 'report').sopInstanceUID;
    const moved = { ...set, measurements: [{ ...set.measurements[0], id: 'm3' }] };
    expect(uidOf(await bytes(moved))).not.toBe(uidOf(one));
    // A label of which nothing is annotated, but something measured.
    const measured = { ...set, measurements: [{ ...set.measurements[0], labelId: duct.id }] };
    const renamed = { ...measured, labels: [lesion, { ...duct, name: 'Another' }] };
    expect(uidOf(await bytes(renamed))).not.toBe(uidOf(await bytes(measured)));
  });

  it('is missed where it is gone, naming the annotation that it measured', async () => {
    const folder = await exported(await measuredSet());
    const [report] = await pathsIn(folder, 'reports');
    await rm(report);
    const read = async () => {
      for await (const annotation of sr.read(folder)) expect(annotation).toBeUndefined();
    };
    expect(await thrownBy(read)).toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining(`say nothing of "Lesion" in frame 1 of ${cineUID}`),
    });
  });
});
