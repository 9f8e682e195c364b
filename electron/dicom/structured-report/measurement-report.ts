// Owns measurement reports: TID 1500 (PS3.16) as Comprehensive SR (PS3.3 A.35.3). Not Comprehensive 3D: ultrasound has coordinates in the image
// alone and no place in space.
import { dateAndTime, codeItem, longString } from '../write/attributes.ts';
import type { Attributes } from '../write/attributes.ts';
import { equipment } from '../write/equipment.ts';
import type { SourceImage } from '../write/source-image.ts';
import { derivedUID } from '../write/uids.ts';
import { codes, privateScheme } from './codes.ts';
import { code, container, containerValue, person, text, uid } from './content-items.ts';
import { segmentGroup, shapeGroup } from './measurement-groups.ts';
import type { SegmentMeasurements, ShapeMeasurements } from './measurement-groups.ts';

export const comprehensiveReport = '1.2.840.10008.5.1.4.1.1.88.33';

/** An object that the report speaks of. */
export interface Evidence {
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  readonly SeriesInstanceUID: string;
}

export interface MeasurementReportInput {
  readonly SOPInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SeriesNumber: number;
  readonly InstanceNumber: number;
  readonly created: Date;
  /** Of the software. */
  readonly version: string;
  /** The people who annotated, by name. */
  readonly readers: readonly string[];
  /** Of one study. */
  readonly sources: readonly SourceImage[];
  /** The segmentation whose segments are measured; null where there are none. */
  readonly segmentation: Evidence | null;
  readonly segments: readonly SegmentMeasurements[];
  readonly shapes: readonly ShapeMeasurements[];
}

/** The data set of a report. Throws where it would have nothing to say or speaks of several studies: a bug of the caller. */
export function createMeasurementReport(input: MeasurementReportInput): Attributes {
  const { sources, segmentation, segments, shapes } = input;
  const [first] = sources;
  if (!first || segments.length + shapes.length === 0) throw new Error('A report needs something that was measured.');
  if (sources.some(({ StudyInstanceUID }) => StudyInstanceUID !== first.StudyInstanceUID)) {
    throw new Error('A measurement report is of one study.');
  }
  if (segments.length > 0 && segmentation === null) throw new Error('Measured segments are those of a segmentation.');
  const { date, time } = dateAndTime(input.created);
  return {
    SOPClassUID: comprehensiveReport,
    SOPInstanceUID: input.SOPInstanceUID,
    ...first.patientAndStudy,
    Modality: 'SR',
    SeriesInstanceUID: input.SeriesInstanceUID,
    SeriesNumber: input.SeriesNumber,
    SeriesDescription: 'SonoSync measurements',
    ReferencedPerformedProcedureStepSequence: [],
    ...equipment(input.version),
    InstanceNumber: input.InstanceNumber,
    CompletionFlag: 'COMPLETE',
    VerificationFlag: 'UNVERIFIED',
    ContentDate: date,
    ContentTime: time,
    PerformedProcedureCodeSequence: [],
    CurrentRequestedProcedureEvidenceSequence: [
      {
        StudyInstanceUID: first.StudyInstanceUID,
        ReferencedSeriesSequence: evidenceBySeries(segmentation ? [...sources, segmentation] : sources),
      },
    ],
    CodingSchemeIdentificationSequence: [
      {
        CodingSchemeDesignator: privateScheme,
        CodingSchemeName: "SonoSync's own codes",
        CodingSchemeResponsibleOrganization: 'SonoSync',
      },
    ],
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: [codeItem(codes.imagingMeasurementReport)],
    ...containerValue('1500'),
    ContentSequence: [
      code('HAS CONCEPT MOD', codes.language, codes.english),
      ...observers(input),
      code('HAS CONCEPT MOD', codes.procedureReported, codes.ultrasonography),
      container(codes.imagingMeasurements, null, [
        ...(segmentation ? segments.map((each) => segmentGroup(each, segmentation)) : []),
        ...shapes.map(shapeGroup),
      ]),
    ],
  };
}

function evidenceBySeries(objects: readonly Evidence[]): Attributes[] {
  return [...Map.groupBy(objects, ({ SeriesInstanceUID }) => SeriesInstanceUID)].map(
    ([SeriesInstanceUID, instances]) => ({
      SeriesInstanceUID,
      ReferencedSOPSequence: instances.map(({ SOPClassUID, SOPInstanceUID }) => ({
        ReferencedSOPClassUID: SOPClassUID,
        ReferencedSOPInstanceUID: SOPInstanceUID,
      })),
    }),
  );
}

/** TID 1001: the people who drew, and the software that measured. */
function observers({ readers, version }: MeasurementReportInput): Attributes[] {
  const people = readers.flatMap((reader) => [
    code('HAS OBS CONTEXT', codes.observerType, codes.person),
    person('HAS OBS CONTEXT', codes.personObserverName, reader),
  ]);
  return [
    ...people,
    code('HAS OBS CONTEXT', codes.observerType, codes.device),
    uid('HAS OBS CONTEXT', codes.deviceObserverUID, derivedUID('device', version)),
    text('HAS OBS CONTEXT', codes.deviceObserverName, 'SonoSync'),
    text('HAS OBS CONTEXT', codes.deviceObserverManufacturer, 'SonoSync'),
    text('HAS OBS CONTEXT', codes.deviceObserverModelName, longString(`SonoSync ${version}`)),
  ];
}
