// Owns calibration: the Sequence of Ultrasound Regions (PS3.3 C.8.5.5) and the pixel aspect ratio (C.7.6.3.1.7).
import type { UltrasoundRegion } from '../common/study.ts';
import type { DataSet } from './data-set.ts';
import type { Report } from './elements.ts';

const centimetres = 3;
const twoDimensional = 1;

type Regions = readonly UltrasoundRegion[];

/** Of an image: columns and rows. */
interface ImageSize {
  readonly columns: number;
  readonly rows: number;
}

export interface Calibrated {
  /** Those of the image; of a file that gives each frame its own, those of the first. */
  readonly regions: Regions;
  /** Those of each frame where they differ between frames, else null. */
  readonly frameRegions: readonly Regions[] | null;
}

/**
 * The regions of an image, clipped to it; what is faulty is left out or changed, with a warning. Enhanced files keep them in the functional
 * groups of all frames and of each (PS3.3 C.7.6.16), as regions or as the spacing of their pixels, which then holds for the whole image.
 */
export function readCalibration(
  dataSet: DataSet,
  size: ImageSize & { readonly frameCount: number },
  report: Report,
): Calibrated {
  const [shared] = dataSet.items('SharedFunctionalGroupsSequence');
  const common = readRegions(dataSet, size, report) ?? (shared ? readGroupRegions(shared, size, report) : null) ?? [];
  const groups = dataSet.items('PerFrameFunctionalGroupsSequence').slice(0, size.frameCount);
  const own = groups.map((group) => readGroupRegions(group, size, report));
  if (own.every((regions) => regions === null)) return { regions: common, frameRegions: null };
  const frameRegions = Array.from({ length: size.frameCount }, (_, index) => own[index] ?? common);
  const [first] = frameRegions;
  const differ = frameRegions.some((regions) => JSON.stringify(regions) !== JSON.stringify(first));
  return { regions: first, frameRegions: differ ? frameRegions : null };
}

function readGroupRegions(group: DataSet, size: ImageSize, report: Report): Regions | null {
  return readRegions(group, size, report) ?? readSpacing(group, size, report);
}

/** Null where there is no Sequence of Ultrasound Regions. */
function readRegions(dataSet: DataSet, size: ImageSize, report: Report): Regions | null {
  const items = dataSet.items('SequenceOfUltrasoundRegions');
  if (items.length === 0) return null;
  return items.map((item, index) => readRegion(item, index + 1, size, report)).filter((region) => region !== null);
}

/** Pixel Measures (PS3.3 C.7.6.16.2.1) as a region of the whole image: millimetres between rows, then between columns. */
function readSpacing(group: DataSet, { columns, rows }: ImageSize, report: Report): Regions | null {
  const measures = group.items('PixelMeasuresSequence').find((item) => item.has('PixelSpacing'));
  if (!measures) return null;
  const [betweenRows, betweenColumns] = measures.numbers('PixelSpacing');
  if (!(betweenRows > 0 && betweenColumns > 0)) {
    report('Pixel Spacing of a functional group is not two positive numbers and was not used.');
    return null;
  }
  return [
    {
      number: 1,
      spatialFormat: null,
      dataType: null,
      unitsX: null,
      unitsY: null,
      minX0: 0,
      minY0: 0,
      maxX1: columns - 1,
      maxY1: rows - 1,
      physicalDeltaXMm: betweenColumns,
      physicalDeltaYMm: betweenRows,
      highPriority: true,
    },
  ];
}

function readRegion(
  item: DataSet,
  number: number,
  { columns, rows }: ImageSize,
  report: Report,
): UltrasoundRegion | null {
  const minX0 = item.number('RegionLocationMinX0');
  const minY0 = item.number('RegionLocationMinY0');
  const maxX1 = item.number('RegionLocationMaxX1');
  const maxY1 = item.number('RegionLocationMaxY1');
  if (minX0 === null || minY0 === null || maxX1 === null || maxY1 === null) {
    report(`Ultrasound region ${number} has no complete bounds and was left out.`);
    return null;
  }
  const bounds = `(${minX0}, ${minY0}) to (${maxX1}, ${maxY1})`;
  if (minX0 > maxX1 || minY0 > maxY1) {
    report(`Ultrasound region ${number} ends before it begins, ${bounds}, and was left out.`);
    return null;
  }
  const clipped = {
    minX0: Math.max(minX0, 0),
    minY0: Math.max(minY0, 0),
    maxX1: Math.min(maxX1, columns - 1),
    maxY1: Math.min(maxY1, rows - 1),
  };
  if (clipped.minX0 > clipped.maxX1 || clipped.minY0 > clipped.maxY1) {
    report(`Ultrasound region ${number}, ${bounds}, lies outside the image of ${columns}×${rows} and was left out.`);
    return null;
  }
  if (clipped.minX0 !== minX0 || clipped.minY0 !== minY0 || clipped.maxX1 !== maxX1 || clipped.maxY1 !== maxY1) {
    report(`Ultrasound region ${number}, ${bounds}, reaches past the image of ${columns}×${rows} and was clipped.`);
  }
  // Bit 0 of the flags (C.8.5.5.1.3): 0 is high priority where regions overlap, 1 is low. Without flags a region has none.
  const flags = item.number('RegionFlags');
  return {
    number,
    spatialFormat: item.number('RegionSpatialFormat'),
    dataType: item.number('RegionDataType'),
    unitsX: item.number('PhysicalUnitsXDirection'),
    unitsY: item.number('PhysicalUnitsYDirection'),
    ...clipped,
    ...readDeltas(item, number, report),
    highPriority: flags !== null && (flags & 1) === 0,
  };
}

/** Millimetres a pixel, where both axes are in centimetres and neither delta is 0; a sign only tells the direction. */
function readDeltas(
  item: DataSet,
  number: number,
  report: Report,
): Pick<UltrasoundRegion, 'physicalDeltaXMm' | 'physicalDeltaYMm'> {
  const inCentimetres = (['PhysicalUnitsXDirection', 'PhysicalUnitsYDirection'] as const).map(
    (keyword) => item.number(keyword) === centimetres,
  );
  const deltas = (['PhysicalDeltaX', 'PhysicalDeltaY'] as const).map((keyword) => item.number(keyword) ?? 0);
  const [physicalDeltaXMm, physicalDeltaYMm] = deltas.map((delta) => Math.abs(delta) * 10);
  if (inCentimetres.every(Boolean)) {
    if (physicalDeltaXMm > 0 && physicalDeltaYMm > 0) return { physicalDeltaXMm, physicalDeltaYMm };
    report(`Ultrasound region ${number} is in centimetres, but one of its pixels measures 0: it has no scale.`);
  } else if (inCentimetres.some(Boolean) && item.number('RegionSpatialFormat') === twoDimensional) {
    // In M-mode and spectra the other axis is time, and all is well.
    report(`Ultrasound region ${number} is an image with only one axis in centimetres: it has no scale.`);
  }
  return { physicalDeltaXMm: null, physicalDeltaYMm: null };
}

/** Pixel height over width: the ratio that the file gives, else that of its spacings, else 1. */
export function readPixelAspectRatio(dataSet: DataSet, report: Report): number {
  for (const keyword of ['PixelAspectRatio', 'PixelSpacing'] as const) {
    if (!dataSet.has(keyword)) continue;
    const [vertical, horizontal] = dataSet.numbers(keyword);
    if (vertical > 0 && horizontal > 0) return vertical / horizontal;
    report(`${keyword} is not two positive numbers and was not used.`);
  }
  return 1;
}
