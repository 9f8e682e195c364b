// Owns the way from a stored grey value to a displayed one: Modality LUT, VOI LUT or window, polarity (PS3.3 C.11.1, C.11.2; PS3.4 N.2).
import type { DataSet } from './data-set.ts';
import { lookUp, readGreyTable, type LookupTable } from './lookup-tables.ts';
import type { PixelFormat } from './pixel-format.ts';
import { isUncompressed } from './transfer-syntaxes.ts';

/** The displayed level of every stored value, indexed by its raw bits: 256 entries, or 65536 for 16 bits allocated. */
export function readGreyLevels(dataSet: DataSet, format: PixelFormat, fileName: string): Uint8Array {
  const toModality = readModality(dataSet, format, fileName);
  const toDisplay = readDisplay(dataSet, format, toModality, fileName);
  const inverted = format.photometric === 'MONOCHROME1';
  const isPadding = readPadding(dataSet, format);
  const levels = new Uint8Array(2 ** format.bitsAllocated);
  for (let raw = 0; raw < levels.length; raw += 1) {
    const stored = storedValue(raw, format);
    const level = Math.min(Math.max(Math.round(toDisplay(toModality(stored))), 0), 255);
    if (!isPadding(stored)) levels[raw] = inverted ? 255 - level : level;
  }
  return levels;
}

/**
 * The bits that are stored, with their sign; what overlays once kept above them is cut off. A decoder has nothing there but what lossy coding
 * made of the highest levels.
 */
export function storedValue(raw: number, { bitsStored, lowBits, signed, coding }: PixelFormat): number {
  const highest = 2 ** bitsStored - 1;
  if (!signed && raw > highest && !isUncompressed(coding) && coding !== 'rle') return highest;
  const above = 32 - bitsStored - lowBits;
  const below = 32 - bitsStored;
  return signed ? (raw << above) >> below : (raw << above) >>> below;
}

/** Pixels that only fill the frame around the image (PS3.3 C.7.5.1.1.2) are no part of it: they are black, whatever is white in it. */
function readPadding(dataSet: DataSet, format: PixelFormat): (stored: number) => boolean {
  const mask = 2 ** format.bitsAllocated - 1;
  const [value, limit = value] = (['PixelPaddingValue', 'PixelPaddingRangeLimit'] as const).flatMap((keyword) => {
    const number = dataSet.number(keyword);
    return number === null ? [] : [storedValue(number & mask, format)];
  });
  if (!dataSet.has('PixelPaddingValue')) return () => false;
  const [from, to] = [Math.min(value, limit), Math.max(value, limit)];
  return (stored) => stored >= from && stored <= to;
}

type Transform = (value: number) => number;

function readModality(dataSet: DataSet, format: PixelFormat, fileName: string): Transform {
  const [item] = dataSet.items('ModalityLUTSequence');
  if (item) {
    const table = readGreyTable(item, format.signed, fileName);
    return (value) => lookUp(table, value);
  }
  const slope = dataSet.number('RescaleSlope') ?? 1;
  const intercept = dataSet.number('RescaleIntercept') ?? 0;
  return slope === 0 ? (value) => value : (value) => value * slope + intercept;
}

function readDisplay(dataSet: DataSet, format: PixelFormat, toModality: Transform, fileName: string): Transform {
  const [item] = dataSet.items('VOILUTSequence');
  if (item) return tableDisplay(readGreyTable(item, format.signed, fileName));
  const [lowest, highest] = fullRange(dataSet, format)
    .map(toModality)
    .sort((a, b) => a - b);
  const center = dataSet.number('WindowCenter');
  const width = dataSet.number('WindowWidth');
  if (center === null || width === null || width < 1) return ramp(lowest, highest);
  // A window as wide as the data means "as stored", but would shift levels by rounding: 127/254 and 128/256 are both written for it.
  const slack = (highest - lowest) / 100;
  if (center - width / 2 <= lowest + slack && center + width / 2 >= highest - slack) return ramp(lowest, highest);
  const lutFunction = dataSet.text('VOILUTFunction');
  if (lutFunction === 'SIGMOID') return (value) => 255 / (1 + Math.exp((-4 * (value - center)) / width));
  if (lutFunction === 'LINEAR_EXACT') return ramp(center - width / 2, center + width / 2);
  if (width === 1) return (value) => (value <= center - 0.5 ? 0 : 255);
  return ramp(center - width / 2, center + width / 2 - 1);
}

function tableDisplay(table: LookupTable): Transform {
  // Writers disagree on whether the descriptor's bits hold; the largest entry settles it.
  const largest = table.entries.reduce((best, entry) => Math.max(best, entry), 1);
  const full = Math.max(2 ** table.bitsPerEntry - 1, largest);
  return (value) => (lookUp(table, Math.round(value)) * 255) / full;
}

/** The least and the greatest stored value: all that the bits can hold, or of more than 8 bits what the file says it uses. */
function fullRange(dataSet: DataSet, format: PixelFormat): [number, number] {
  const { bitsStored, signed } = format;
  if (bitsStored > 8) {
    const smallest = dataSet.number('SmallestImagePixelValue');
    const largest = dataSet.number('LargestImagePixelValue');
    if (smallest !== null && largest !== null && smallest < largest) return [smallest, largest];
  }
  return signed ? [-(2 ** (bitsStored - 1)), 2 ** (bitsStored - 1) - 1] : [0, 2 ** bitsStored - 1];
}

function ramp(from: number, to: number): Transform {
  return (value) => ((value - from) * 255) / (to - from);
}
