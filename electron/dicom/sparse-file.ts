// Owns long uncompressed cines whose samples stay in the file: everything else of it lies in memory, at its own place in an array as long as
// the file, whose other pages are never touched and take nothing.
import { stat } from 'node:fs/promises';
import { readParts, verifyParts } from '../files/file-parts.ts';
import type { SparseFile } from './decoder-messages.ts';
import { namesWholeContent } from './file-header.ts';
import { readDicom, type ReadRange } from './read-dicom.ts';

/** Shorter files are held whole: their frames come without a wait for the disk. */
const sparseFrom = 32 * 1024 * 1024;

/** In these first bytes everything before the samples has to lie; ultrasound headers take some kilobytes. */
const startBytes = 2 * 1024 * 1024;

/** And in these last ones everything behind them: padding, signatures. */
const endBytes = 64 * 1024;

/**
 * Verifies a file of the store and opens it without its samples. Null where that cannot be: the file is short, its pixels are coded, or it is
 * not as plain as it has to be; then it is read whole, which also says what is wrong with it. Throws as verifyParts does.
 */
export async function openSparse(
  { path, hash }: { readonly path: string; readonly hash: string },
  fileName: string,
  allocate: (size: number) => Uint8Array,
): Promise<SparseFile | null> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size < sparseFrom) return null;
  const bytes = allocate(size);
  const parts = await verifyParts(path, hash, bytes.subarray(0, startBytes));
  if (parts.size !== size) return null;
  try {
    bytes.set(await readParts(parts, size - endBytes, endBytes), size - endBytes);
    const file = await readDicom(bytes, fileName);
    if (!file.samples || namesWholeContent(file)) return null;
    const { offset, length } = file.samples;
    const isComplete = offset <= startBytes && offset + length >= size - endBytes;
    return isComplete ? { bytes, parts, held: startBytes + endBytes } : null;
  } catch {
    // Whoever reads it whole says why.
    return null;
  }
}

export function readSamples({ parts }: SparseFile): ReadRange {
  return ({ offset, length }) => readParts(parts, offset, length);
}
