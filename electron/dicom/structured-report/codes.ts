// Owns the coded concepts of measurement reports (PS3.16 TID 1500, 1410, 1501; CID 240, 7460, 7461, 7469, 7470, 7471) and the few of SonoSync's own.
import type { CodedConcept } from '../../common/codes.ts';

const of = (codingSchemeDesignator: string) => (codeValue: string, codeMeaning: string) =>
  ({ codeValue, codingSchemeDesignator, codeMeaning }) satisfies CodedConcept;
const dcm = of('DCM');
const sct = of('SCT');
const ucum = of('UCUM');

/** For what no standard scheme has a code; told to readers in the Coding Scheme Identification Sequence. */
export const privateScheme = '99SONOSYNC';
const own = of(privateScheme);

export const codes = {
  imagingMeasurementReport: dcm('126000', 'Imaging Measurement Report'),
  language: dcm('121049', 'Language of Content Item and Descendants'),
  english: of('RFC5646')('en', 'English'),
  observerType: dcm('121005', 'Observer Type'),
  person: dcm('121006', 'Person'),
  device: dcm('121007', 'Device'),
  personObserverName: dcm('121008', 'Person Observer Name'),
  deviceObserverUID: dcm('121012', 'Device Observer UID'),
  deviceObserverName: dcm('121013', 'Device Observer Name'),
  deviceObserverManufacturer: dcm('121014', 'Device Observer Manufacturer'),
  deviceObserverModelName: dcm('121015', 'Device Observer Model Name'),
  procedureReported: dcm('121058', 'Procedure reported'),
  ultrasonography: sct('16310003', 'Diagnostic ultrasonography'),
  imagingMeasurements: dcm('126010', 'Imaging Measurements'),
  measurementGroup: dcm('125007', 'Measurement Group'),
  trackingIdentifier: dcm('112039', 'Tracking Identifier'),
  trackingUniqueIdentifier: dcm('112040', 'Tracking Unique Identifier'),
  finding: dcm('121071', 'Finding'),
  findingSite: sct('363698007', 'Finding Site'),
  presence: dcm('121052', 'Presence of property'),
  absent: sct('272519000', 'Absent'),
  referencedSegmentationFrame: dcm('121214', 'Referenced Segmentation Frame'),
  sourceImageForSegmentation: dcm('121233', 'Source image for segmentation'),
  sourceOfMeasurement: dcm('121112', 'Source of Measurement'),
  algorithmName: dcm('111001', 'Algorithm Name'),
  algorithmVersion: dcm('111003', 'Algorithm Version'),
  algorithmParameters: dcm('111002', 'Algorithm Parameters'),
  comment: dcm('121106', 'Comment'),
  path: dcm('121055', 'Path'),
  measurementMethod: sct('370129005', 'Measurement Method'),
  fittedEllipse: own('ELLIPSE', 'Ellipse of equal second moments'),
  area: sct('42798000', 'Area'),
  perimeter: sct('131191004', 'Perimeter'),
  longAxis: sct('103339001', 'Long Axis'),
  shortAxis: sct('103340004', 'Short Axis'),
  majorAxis: sct('131187009', 'Major Axis'),
  minorAxis: sct('131188004', 'Minor Axis'),
  circumference: sct('74551000', 'Circumference'),
  equivalentDiameter: own('EQUIVDIAM', 'Equivalent circular diameter'),
  probabilityOfCancer: dcm('111047', 'Probability of cancer'),
  length: sct('410668003', 'Length'),
  angle: sct('1483009', 'Angle'),
  millimetre: ucum('mm', 'millimeter'),
  squareMillimetre: ucum('mm2', 'square millimeter'),
  pixel: ucum('{pixels}', 'pixels'),
  squarePixel: ucum('{squarepixels}', 'square pixels'),
  degree: ucum('deg', 'degree'),
  percent: ucum('%', 'percent'),
} as const satisfies Readonly<Record<string, CodedConcept>>;
