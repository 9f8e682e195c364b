// Owns the difference between two binary masks: the runs of pixels that changed. A mask has two values, so a difference is its own
// inverse: applying it twice gives the first mask back. This is all that the history keeps of a gesture.
import type { ImageBox } from '../../electron/common/geometry.ts';
import { decodeRuns } from '../../electron/common/mask.ts';

/** Pairs (start, length) of changed pixels in row-major order, ascending, apart from each other. */
export type Toggles = Uint32Array;

/** What changed between two masks of one size. Only `box` is compared when given; outside it they must be equal. */
export function diffMasks(before: Uint8Array, after: Uint8Array, width: number, box?: ImageBox): Toggles {
  const height = before.length / width;
  const area = box ?? { x: 0, y: 0, width, height };
  const runs: number[] = [];
  let end = -1;
  for (let row = area.y; row < area.y + area.height; row += 1) {
    const first = row * width + area.x;
    for (let index = first; index < first + area.width; index += 1) {
      if (before[index] === after[index]) continue;
      if (index === end) runs[runs.length - 1] += 1;
      else runs.push(index, 1);
      end = index + 1;
    }
  }
  return Uint32Array.from(runs);
}

/** Flips the pixels of `toggles` in place. */
export function applyToggles(data: Uint8Array, toggles: Toggles): void {
  for (let run = 0; run < toggles.length; run += 2) {
    const end = toggles[run] + toggles[run + 1];
    for (let index = toggles[run]; index < end; index += 1) data[index] ^= 1;
  }
}

/** The difference that does what `first` and then `second` do: pixels in both cancel out. */
export function combineToggles(first: Toggles, second: Toggles): Toggles {
  return fromEdges([...runEdges(first), ...runEdges(second)]);
}

/** What changed between two masks as encodeMask gives them, without unpacking them; null stands for an empty one. */
export function diffEncoded(before: Uint8Array | null, after: Uint8Array | null): Toggles {
  return fromEdges([...encodedEdges(before), ...encodedEdges(after)]);
}

/** The runs between edges in any order. An edge that occurs twice flips twice, which is not at all. */
function fromEdges(edges: number[]): Toggles {
  const sorted = Uint32Array.from(edges).sort();
  const runs: number[] = [];
  // The edges left are starts and ends in turn.
  let start: number | null = null;
  for (let index = 0; index < sorted.length; index += 1) {
    if (sorted[index] === sorted[index + 1]) index += 1;
    else if (start === null) start = sorted[index];
    else {
      runs.push(start, sorted[index] - start);
      start = null;
    }
  }
  return Uint32Array.from(runs);
}

/** The smallest box around the changed pixels, or null where nothing changed. */
export function togglesBox(toggles: Toggles, width: number): ImageBox | null {
  if (toggles.length === 0) return null;
  let left = width;
  let right = -1;
  const top = Math.floor(toggles[0] / width);
  let bottom = top;
  for (let run = 0; run < toggles.length; run += 2) {
    const first = toggles[run];
    const last = first + toggles[run + 1] - 1;
    bottom = Math.floor(last / width);
    const wraps = Math.floor(first / width) !== bottom;
    left = wraps ? 0 : Math.min(left, first % width);
    right = wraps ? width - 1 : Math.max(right, last % width);
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

export function countToggled(toggles: Toggles): number {
  let count = 0;
  for (let run = 1; run < toggles.length; run += 2) count += toggles[run];
  return count;
}

function* runEdges(toggles: Toggles): Generator<number> {
  for (let run = 0; run < toggles.length; run += 2) {
    yield toggles[run];
    yield toggles[run] + toggles[run + 1];
  }
}

/** Where the mask's runs of ones begin and end. */
function* encodedEdges(bytes: Uint8Array | null): Generator<number> {
  if (!bytes) return;
  const runs = decodeRuns(bytes);
  let position = 0;
  for (let index = 0; index < runs.length; index += 1) {
    position += runs[index];
    // The end of the last run is an edge only where that is one of ones.
    if (index < runs.length - 1 || index % 2 === 1) yield position;
  }
}
