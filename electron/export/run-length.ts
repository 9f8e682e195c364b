// Owns COCO's run-length masks: column by column, alternating runs that begin with zeros, packed into a string of printable characters
// (the form of pycocotools' maskApi, which every reader of COCO knows). Runs carry holes and separate parts, which polygons would lose.
import { AppError } from '../common/errors.ts';
import { runsToMask } from '../common/mask.ts';
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
  // Columns of the mask are rows of its transpose.
  return transpose(runsToMask(typeof counts === 'string' ? unpackCounts(counts) : counts, height, width));
}

/** Lengths of the alternating runs in column-major order; the first run is of zeros and may be 0. */
function countColumns({ width, height, data }: BinaryMask): number[] {
  const runs: number[] = [];
  let value = 0;
  let length = 0;
  for (let column = 0; column < width; column += 1) {
    for (let row = 0; row < height; row += 1) {
      const pixel = data[row * width + column];
      if (pixel !== value) {
        runs.push(length);
        value = pixel;
        length = 0;
      }
      length += 1;
    }
  }
  runs.push(length);
  return runs;
}

function transpose({ width, height, data }: BinaryMask): BinaryMask {
  const turned = new Uint8Array(data.length);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) turned[column * height + row] = data[row * width + column];
  }
  return { width: height, height: width, data: turned };
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
