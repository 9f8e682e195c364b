// Owns COCO's run-length masks: column by column, alternating runs that begin with zeros, packed into a string of printable characters
// (the form of pycocotools' maskApi, which every reader of COCO knows). Runs carry holes and separate parts, which polygons would lose.
import { AppError } from '../common/errors.ts';
import { maskBox } from '../common/mask.ts';
import type { BinaryMask } from '../common/mask.ts';

/** The `segmentation` of a COCO annotation; `size` is [height, width]. */
export interface CocoRuns {
  readonly size: readonly [height: number, width: number];
  readonly counts: string;
}

export function encodeCocoRuns(mask: BinaryMask): CocoRuns {
  return { size: [mask.height, mask.width], counts: packCounts(countColumns(mask)) };
}

/** The inverse of encodeCocoRuns; counts may be plain numbers too. Throws AppError('corrupt') where they are damaged or do not fill the mask. */
export function decodeCocoRuns({
  size: [height, width],
  counts,
}: Pick<CocoRuns, 'size'> & { readonly counts: string | readonly number[] }): BinaryMask {
  return fillColumns(typeof counts === 'string' ? unpackCounts(counts) : counts, width, height);
}

/** Lengths of the alternating runs in column-major order; the first run is of zeros and may be 0. */
function countColumns(mask: BinaryMask): number[] {
  const { width, height, data } = mask;
  const box = maskBox(mask);
  if (!box) return [width * height];
  const runs: number[] = [];
  let value = 0;
  let start = 0;
  // Only the columns and rows of the box are looked at: the rest is zeros.
  for (let column = box.x; column < box.x + box.width; column += 1) {
    const place = column * height;
    for (let row = box.y; row < box.y + box.height; row += 1) {
      if (data[row * width + column] === value) continue;
      runs.push(place + row - start);
      start = place + row;
      value = 1 - value;
    }
    // Below the box a run of ones ends, unless the box ends with the frame and the next column goes on.
    if (value === 1 && box.y + box.height < height) {
      runs.push(place + box.y + box.height - start);
      start = place + box.y + box.height;
      value = 0;
    }
    // Above it, where the box does not begin with the frame, ones at the foot of the frame end too.
    if (value === 1 && box.y > 0) {
      runs.push(place + height - start);
      start = place + height;
      value = 0;
    }
  }
  const beyond = (box.x + box.width) * height;
  if (value === 1 && beyond < width * height) {
    runs.push(beyond - start);
    start = beyond;
  }
  runs.push(width * height - start);
  return runs;
}

/** The inverse of countColumns; walks through the ones alone. */
function fillColumns(runs: readonly number[], width: number, height: number): BinaryMask {
  const data = new Uint8Array(width * height);
  let position = 0;
  runs.forEach((length, index) => {
    const end = position + length;
    // Even runs are of zeros.
    const last = index % 2 === 1 ? Math.min(end, data.length) : position;
    for (let at = position; at < last; at += 1) {
      data[(at % height) * width + Math.floor(at / height)] = 1;
    }
    position = end;
  });
  if (position !== data.length) {
    throw new AppError('corrupt', `Mask runs cover ${position} pixels; ${width}×${height} needs ${data.length}.`);
  }
  return { width, height, data };
}

const firstCharacter = 48;

/**
 * From the fourth run on, the difference to the run two before is written. Each number is cut into groups of five bits, lowest first;
 * bit 5 says that more follow and bit 4 of the last is the sign; 48 is added to make it a character.
 */
function packCounts(runs: readonly number[]): string {
  let text = '';
  runs.forEach((run, index) => {
    let rest = index > 2 ? run - runs[index - 2] : run;
    for (let more = true; more;) {
      let group = rest & 0x1f;
      rest >>= 5;
      more = group & 0x10 ? rest !== -1 : rest !== 0;
      if (more) group |= 0x20;
      text += String.fromCharCode(group + firstCharacter);
    }
  });
  return text;
}

/** The inverse of packCounts. */
function unpackCounts(text: string): number[] {
  const runs: number[] = [];
  let position = 0;
  while (position < text.length) {
    let value = 0;
    let shift = 0;
    for (let more = true; more;) {
      const group = text.charCodeAt(position) - firstCharacter;
      // NaN, at the end of the text, is refused here too. Seven groups hold any 32-bit number.
      if (!(group >= 0 && group < 64) || shift > 30) {
        throw new AppError('corrupt', `Run-length counts are damaged at character ${position + 1}.`);
      }
      value |= (group & 0x1f) << shift;
      shift += 5;
      position += 1;
      more = (group & 0x20) !== 0;
      if (!more && group & 0x10 && shift < 32) value |= -1 << shift;
    }
    const run = runs.length > 2 ? value + runs[runs.length - 2] : value;
    if (run < 0) throw new AppError('corrupt', `Run-length counts have a run of ${run} pixels.`);
    runs.push(run);
  }
  return runs;
}
