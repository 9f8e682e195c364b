// Owns the comparison of a compressed frame with what its file says of it, before a decoder reserves memory for either.
import { readJpeg2000Header, readJpegHeader, type StreamHeader } from './code-stream.ts';
import type { PixelCoding } from './transfer-syntaxes.ts';

export type { StreamHeader };

/** Null for codings whose streams do not say their size. Throws Error where the header of the stream cannot be read. */
export function readStreamHeader(encoded: Uint8Array, coding: PixelCoding): StreamHeader | null {
  switch (coding) {
    case 'jpeg':
    case 'jpeg-ls':
      return readJpegHeader(encoded);
    case 'jpeg-2000':
    case 'htj2k':
      return readJpeg2000Header(encoded);
    case 'native':
    case 'plain':
    case 'deflated':
    case 'rle':
    case 'jpeg-xl':
      return null;
  }
}

/** What a file says of its frames. */
export interface StatedFormat {
  readonly columns: number;
  readonly rows: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
}

/** Some encoders fill the last block of rows. */
const paddingRows = 16;

/** Throws Error where a stream is of another size or depth than its file says. */
export function checkStream({ columns, rows, components, precision }: StreamHeader, format: StatedFormat): void {
  const fits =
    columns === format.columns &&
    rows >= format.rows &&
    rows < format.rows + paddingRows &&
    components === format.samplesPerPixel &&
    precision <= format.bitsAllocated;
  if (fits) return;
  throw new Error(
    `the stream is of ${columns}×${rows} pixels with ${components} samples of ${precision} bits, the file says ${format.columns}×${format.rows} with ${format.samplesPerPixel} of up to ${format.bitsAllocated}`,
  );
}
