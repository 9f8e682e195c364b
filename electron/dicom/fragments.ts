// Owns which fragments of encapsulated pixel data make up each frame (PS3.5 annex A.4).
import type { Fragment, Report } from './elements.ts';
import type { PixelCoding } from './transfer-syntaxes.ts';

/**
 * The fragments of each frame. As many fragments as frames are one each. Otherwise an offset table tells, if it fits the fragments, else the
 * beginnings of streams. `stated` is the Number of Frames, null where the file does not say; there may be fewer frames than that.
 */
export function groupFragments(
  fragments: readonly Fragment[],
  tables: readonly (readonly number[])[],
  stated: number | null,
  coding: PixelCoding,
  report: Report,
): Uint8Array[][] {
  const filled = fragments.filter(({ bytes }) => bytes.length > 0);
  const each = filled.map(({ bytes }) => [bytes]);
  if (stated !== null && filled.length <= stated) return each;
  const starts = tables.find((table) => fits(table, fragments, stated));
  if (starts) {
    const places = new Set(starts);
    return groupFrom(filled, ({ offset }) => places.has(offset));
  }
  if (tables.some((table) => table.length > 0)) {
    report('The offset table of the pixel data does not fit its fragments and was not used.');
  }
  if (stated === 1) return [filled.map(({ bytes }) => bytes)];
  const frames = groupFrom(filled, ({ bytes }) => startsStream(bytes, coding));
  return stated === null ? frames : frames.slice(0, stated);
}

/** The entries of a Basic Offset Table. */
export function basicOffsets(table: Uint8Array): number[] {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  return Array.from({ length: Math.floor(table.length / 4) }, (_, index) => view.getUint32(index * 4, true));
}

/** Every entry is where a fragment begins, each behind the one before, the first at 0. */
function fits(table: readonly number[], fragments: readonly Fragment[], stated: number | null): boolean {
  if (table.length === 0 || table[0] !== 0 || (stated !== null && table.length !== stated)) return false;
  const offsets = new Set(fragments.map(({ offset }) => offset));
  return table.every((entry, index) => offsets.has(entry) && (index === 0 || entry > table[index - 1]));
}

function groupFrom(fragments: readonly Fragment[], begins: (fragment: Fragment) => boolean): Uint8Array[][] {
  const frames: Uint8Array[][] = [];
  for (const fragment of fragments) {
    if (frames.length === 0 || begins(fragment)) frames.push([fragment.bytes]);
    else frames[frames.length - 1].push(fragment.bytes);
  }
  return frames;
}

/**
 * The header of run-length segments; start of image (JPEG, JPEG-LS), start of a JPEG 2000 codestream, or one of the two forms of JPEG XL
 * and JP2. Uncompressed frames have no mark.
 */
function startsStream(bytes: Uint8Array, coding: PixelCoding): boolean {
  const [first, second, third, fourth] = bytes;
  if (coding === 'rle') {
    return bytes.length >= 64 && first >= 1 && first <= 15 && second + third + fourth === 0 && bytes[4] === 64;
  }
  if (first === 0xff) return (second === 0xd8 && third === 0xff) || second === 0x4f || second === 0x0a;
  return first === 0 && second === 0 && third === 0 && fourth === 0x0c;
}
