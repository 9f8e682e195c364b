// Owns calibrated images for tests: ultrasound regions as records, and a DICOM file that has two of them side by side.
import type { UltrasoundRegion } from '../../electron/common/study.ts';
import { writeDicom } from '../dicom/write-dicom.ts';

/** Bounds are minX0, minY0, maxX1, maxY1; 0.1 mm across and 0.2 mm down a pixel where nothing else is said. */
export function regionOf(
  number: number,
  bounds: readonly [number, number, number, number],
  change: Partial<UltrasoundRegion> = {},
): UltrasoundRegion {
  const [minX0, minY0, maxX1, maxY1] = bounds;
  return {
    number,
    spatialFormat: 1,
    dataType: 1,
    unitsX: 3,
    unitsY: 3,
    minX0,
    minY0,
    maxX1,
    maxY1,
    physicalDeltaXMm: 0.1,
    physicalDeltaYMm: 0.2,
    highPriority: false,
    ...change,
  };
}

/**
 * A grey ultrasound image of 100×60 pixels: columns 0 to 49 are region 1 at 0.1 × 0.2 mm, columns 50 to 89 region 2 at 0.5 × 0.5 mm, and the
 * rest lies in no region.
 */
export function calibratedDicom(): Uint8Array {
  const region = (minX: number, maxX: number, deltaX: number, deltaY: number) =>
    [
      ['00186012', 'US', 1],
      ['00186014', 'US', 1],
      ['00186016', 'UL', 0],
      ['00186018', 'UL', minX],
      ['0018601A', 'UL', 0],
      ['0018601C', 'UL', maxX],
      ['0018601E', 'UL', 59],
      ['00186024', 'US', 3],
      ['00186026', 'US', 3],
      ['0018602C', 'FD', deltaX],
      ['0018602E', 'FD', deltaY],
    ] as const;
  return writeDicom([
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.6.1'],
    ['00080018', 'UI', '1.2.3.4'],
    ['00080060', 'CS', 'US'],
    ['00186011', 'SQ', [region(0, 49, 0.01, 0.02), region(50, 89, 0.05, 0.05)]],
    ['0020000D', 'UI', '1.2.3'],
    ['0020000E', 'UI', '1.2.3.1'],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', 60],
    ['00280011', 'US', 100],
    ['00280100', 'US', 8],
    ['00280101', 'US', 8],
    ['00280102', 'US', 7],
    ['00280103', 'US', 0],
    ['7FE00010', 'OB', new Uint8Array(6000).map((_, index) => index % 251)],
  ]);
}
