// Owns the stored pixels of a segmentation's frames: out of plain pixel data, where frames of single bits follow each other without a gap, or out
// of fragments that are plain, deflated or run-length coded, where each frame begins with a byte of its own (PS3.5 sections 8.1.1 and A.4).
import { inflateRawSync } from 'node:zlib';
import { AppError } from '../../common/errors.ts';
import type { DataSet } from '../data-set.ts';
import type { Fragment } from '../elements.ts';
import { groupFragments } from '../fragments.ts';
import { decodeRunLength } from '../run-length.ts';
import { pixelCodingOf } from '../transfer-syntaxes.ts';
import type { PixelCoding } from '../transfer-syntaxes.ts';

export interface StoredFrame {
  readonly bytes: Uint8Array;
  /** Index of its first pixel in them, counted in pixels. */
  readonly start: number;
}

interface Layout {
  readonly frameCount: number;
  /** Pixels of a frame. */
  readonly size: number;
  /** 1, 8 or 16. */
  readonly bits: number;
}

/** The stored pixels by frame, from 0. Throws AppError('bad-input') where they are too few, 'unsupported' for another coding; both name the file. */
export function locateStoredFrames(
  dataSet: DataSet,
  transferSyntaxUID: string,
  layout: Layout,
  fileName: string,
): (index: number) => StoredFrame {
  const coding = pixelCodingOf(transferSyntaxUID);
  const encapsulated = dataSet.encapsulated('PixelData');
  if (encapsulated) return locateFragments(encapsulated.fragments, coding, layout, fileName);
  const bytes = dataSet.binary('PixelData') ?? new Uint8Array(0);
  requireBytes(bytes, layout.frameCount * layout.size, layout, fileName);
  return (index) => ({ bytes, start: index * layout.size });
}

function locateFragments(
  fragments: readonly Fragment[],
  coding: PixelCoding | null,
  layout: Layout,
  fileName: string,
): (index: number) => StoredFrame {
  if (coding !== 'plain' && coding !== 'deflated' && coding !== 'rle') {
    throw new AppError(
      'unsupported',
      `${fileName}: expected segments that are plain, deflated or run-length coded, found another compression.`,
    );
  }
  const frames = groupFragments(fragments, [], layout.frameCount, coding, () => {});
  if (frames.length < layout.frameCount) {
    throw new AppError(
      'bad-input',
      `${fileName} is cut short: ${frames.length} of ${layout.frameCount} frames are there.`,
    );
  }
  return (index) => {
    const encoded = Buffer.concat(frames[index]);
    const bytes = decode(encoded, coding, layout, `${fileName}: frame ${index + 1}`);
    requireBytes(bytes, layout.size, layout, `${fileName}: frame ${index + 1}`);
    return { bytes, start: 0 };
  };
}

function decode(encoded: Uint8Array, coding: 'plain' | 'deflated' | 'rle', { size, bits }: Layout, place: string) {
  try {
    switch (coding) {
      case 'plain':
        return encoded;
      case 'deflated':
        // One byte more may pad the frame to an even length.
        return inflateRawSync(encoded, { maxOutputLength: Math.ceil((size * bits) / 8) + 1 });
      case 'rle':
        return decodeRunLength(encoded, size, 1, Math.ceil(bits / 8));
    }
  } catch (cause) {
    throw new AppError('bad-input', `${place} cannot be decompressed.`, { cause });
  }
}

function requireBytes(bytes: Uint8Array, pixels: number, { bits }: Layout, place: string): void {
  const needed = Math.ceil((pixels * bits) / 8);
  if (bytes.length >= needed) return;
  throw new AppError('bad-input', `${place} has ${bytes.length} bytes of pixel data where ${needed} are needed.`);
}
