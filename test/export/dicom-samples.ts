// DICOM originals for the tests of exports: a cine of small frames in which a bright disc moves, and masks that lie exactly on it.
import { encodeMask } from '../../electron/common/mask.ts';
import type { BinaryMask } from '../../electron/common/mask.ts';
import type { ExportFrame } from '../../electron/export/annotation-set.ts';
import { readDicom } from '../../electron/dicom/read-dicom.ts';
import { imageElements, writeDicom } from '../dicom/write-dicom.ts';
import type { Items, TestElement } from '../dicom/write-dicom.ts';

export const cineUID = '1.2.826.0.1.3680043.8.498.65';
export const [cineWidth, cineHeight] = [37, 29];

/** Sixty columns a second: where the disc is in a frame. Odd sizes, so that frames begin inside bytes of packed masks. */
export function discMask(frameNumber: number): BinaryMask {
  const [x, y, radius] = [8 + (frameNumber % 20), 7 + (frameNumber % 13), 3 + (frameNumber % 4)];
  const data = new Uint8Array(cineWidth * cineHeight).map((_, index) => {
    const [dx, dy] = [(index % cineWidth) - x, Math.floor(index / cineWidth) - y];
    return dx * dx + dy * dy <= radius * radius ? 1 : 0;
  });
  return { width: cineWidth, height: cineHeight, data };
}

/** One region over the whole frame, 0.02 cm a column and 0.01 cm a row. */
const region: Items = [
  [
    ['00186012', 'US', 1],
    ['00186014', 'US', 1],
    ['00186016', 'UL', 0],
    ['00186018', 'UL', 0],
    ['0018601A', 'UL', 0],
    ['0018601C', 'UL', cineWidth - 1],
    ['0018601E', 'UL', cineHeight - 1],
    ['00186024', 'US', 3],
    ['00186026', 'US', 3],
    ['0018602C', 'FD', 0.02],
    ['0018602E', 'FD', 0.01],
  ],
];

/** A multi-frame ultrasound object; the disc's pixels are 200, all others below 100. */
export function writeCine(frameCount: number, ...changes: readonly TestElement[]): Uint8Array {
  const pixels = new Uint8Array(frameCount * cineWidth * cineHeight);
  for (let frame = 0; frame < frameCount; frame += 1) {
    const { data } = discMask(frame + 1);
    data.forEach((value, at) => {
      pixels[frame * data.length + at] = value === 1 ? 200 : (at + frame) % 100;
    });
  }
  const elements = imageElements(
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.3.1'],
    ['00080018', 'UI', cineUID],
    ['00080020', 'DA', '20310517'],
    ['00080030', 'TM', '093000'],
    ['00080050', 'SH', 'ACC-1'],
    ['00080090', 'PN', 'Referring^Doctor'],
    ['00081030', 'LO', 'Breast'],
    ['00100030', 'DA', '19700101'],
    ['00100040', 'CS', 'F'],
    ['00186011', 'SQ', region],
    ['00200010', 'SH', 'S1'],
    ['00280008', 'IS', String(frameCount)],
    ['00280010', 'US', cineHeight],
    ['00280011', 'US', cineWidth],
    ['7FE00010', 'OW', pixels],
    ...changes,
  );
  return writeDicom(elements);
}

/** Every frame of a DICOM file, as exports take them from the store. */
export async function framesOf(bytes: Uint8Array): Promise<ExportFrame[]> {
  const file = await readDicom(bytes, 'original.dcm');
  return Array.from({ length: file.frameCount }, (_, index) => ({
    studyInstanceUID: file.studyInstanceUID,
    seriesInstanceUID: file.seriesInstanceUID,
    sopInstanceUID: file.sopInstanceUID,
    frameNumber: index + 1,
    frameCount: file.frameCount,
    width: file.width,
    height: file.height,
    pixelAspectRatio: file.pixelAspectRatio,
    regions: file.regions,
    patientKey: file.patientKey,
    simulated: false,
    fileName: null,
    objectHash: 'cd'.repeat(32),
    mediaType: 'application/dicom',
    picture: () => file.frame(index + 1),
    original: () => Promise.resolve(bytes),
  }));
}

export function emptyMaskOf({ width, height }: ExportFrame): Uint8Array {
  return encodeMask({ width, height, data: new Uint8Array(width * height) });
}
