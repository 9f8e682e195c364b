// Owns calibration: the Sequence of Ultrasound Regions (PS3.3 C.8.5.5) and the pixel aspect ratio (C.7.6.3.1.7).
import type { UltrasoundRegion } from '../common/study.ts';
import type { DataSet } from './data-set.ts';

const centimetres = 3;

/** The regions, clipped to the image; one that is faulty is left out or changed, with a warning. */
export function readRegions(dataSet: DataSet, columns: number, rows: number, warnings: string[]): UltrasoundRegion[] {
  return dataSet
    .items('SequenceOfUltrasoundRegions')
    .map((item, index) => readRegion(item, index + 1, columns, rows, warnings))
    .filter((region) => region !== null);
}

function readRegion(
  item: DataSet,
  number: number,
  columns: number,
  rows: number,
  warnings: string[],
): UltrasoundRegion | null {
  const minX0 = item.number('RegionLocationMinX0');
  const minY0 = item.number('RegionLocationMinY0');
  const maxX1 = item.number('RegionLocationMaxX1');
  const maxY1 = item.number('RegionLocationMaxY1');
  if (minX0 === null || minY0 === null || maxX1 === null || maxY1 === null) {
    warnings.push(`Ultrasound region ${number} has no complete bounds and was left out.`);
    return null;
  }
  const clipped = {
    minX0: Math.max(minX0, 0),
    minY0: Math.max(minY0, 0),
    maxX1: Math.min(maxX1, columns - 1),
    maxY1: Math.min(maxY1, rows - 1),
  };
  const bounds = `(${minX0}, ${minY0}) to (${maxX1}, ${maxY1})`;
  if (clipped.minX0 > clipped.maxX1 || clipped.minY0 > clipped.maxY1) {
    warnings.push(
      `Ultrasound region ${number}, ${bounds}, lies outside the image of ${columns}×${rows} and was left out.`,
    );
    return null;
  }
  if (clipped.minX0 !== minX0 || clipped.minY0 !== minY0 || clipped.maxX1 !== maxX1 || clipped.maxY1 !== maxY1) {
    warnings.push(
      `Ultrasound region ${number}, ${bounds}, reaches past the image of ${columns}×${rows} and was clipped.`,
    );
  }
  const [physicalDeltaXMm, physicalDeltaYMm] = readDeltas(item);
  // Bit 0 of the flags: 1 is high priority where regions overlap.
  const highPriority = ((item.number('RegionFlags') ?? 0) & 1) === 1;
  return {
    number,
    spatialFormat: item.number('RegionSpatialFormat'),
    dataType: item.number('RegionDataType'),
    unitsX: item.number('PhysicalUnitsXDirection'),
    unitsY: item.number('PhysicalUnitsYDirection'),
    ...clipped,
    physicalDeltaXMm,
    physicalDeltaYMm,
    highPriority,
  };
}

/** Millimetres a pixel, where both axes are in centimetres and neither delta is 0; a sign only tells the direction. */
function readDeltas(item: DataSet): [number, number] | [null, null] {
  const deltaX = item.number('PhysicalDeltaX') ?? 0;
  const deltaY = item.number('PhysicalDeltaY') ?? 0;
  const calibrated =
    item.number('PhysicalUnitsXDirection') === centimetres && item.number('PhysicalUnitsYDirection') === centimetres;
  if (!calibrated || deltaX === 0 || deltaY === 0) return [null, null];
  return [Math.abs(deltaX) * 10, Math.abs(deltaY) * 10];
}

/** Pixel height over width: the ratio that the file gives, else that of its spacings, else 1. */
export function readPixelAspectRatio(dataSet: DataSet, warnings: string[]): number {
  for (const keyword of ['PixelAspectRatio', 'PixelSpacing'] as const) {
    if (!dataSet.has(keyword)) continue;
    const [vertical, horizontal] = dataSet.numbers(keyword);
    if (vertical > 0 && horizontal > 0) return vertical / horizontal;
    warnings.push(`${keyword} is not two positive numbers and was not used.`);
  }
  return 1;
}
