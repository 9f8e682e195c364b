// Owns a small cine of compressed frames (JPEG-LS), some of which are damaged: its header says nothing of that.
import type { NamedBytes } from '../../electron/study/store.ts';
import { encode, startEncoders } from '../dicom/encode-pixels.ts';
import { imageElements, writeDicom } from '../dicom/write-dicom.ts';

const shape = { columns: 4, rows: 2, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8 } as const;

/** So many frames of 4×2 pixels; those of the numbers in `damaged`, from 1, cannot be decoded. */
export async function damagedCine(name: string, frames: number, damaged: readonly number[]): Promise<NamedBytes> {
  await startEncoders();
  const whole = encode('encodeJpegLs', Uint8Array.of(0, 10, 20, 30, 200, 210, 220, 255), shape);
  const fragments = Array.from({ length: frames }, (_, index) =>
    damaged.includes(index + 1) ? whole.slice().fill(0, 30) : whole,
  );
  const bytes = writeDicom(
    imageElements(['00280008', 'IS', String(frames)], ['00181063', 'DS', '40'], ['7FE00010', 'OB', { fragments }]),
    'jpegLs',
  );
  return { name, bytes };
}
