// Owns images.csv of an evaluation: RFC 4180, one line an image, empty where there is no figure.
import type { ImageResult } from './evaluate-images.ts';

/** Distances in pixels of the original mask, and in mm too where any image has a pixel spacing; class 0 benign, 1 malignant. */
export function imageTable(results: readonly ImageResult[]): string {
  const inMm = results.some(({ comparison }) => comparison?.hd95Mm != null);
  const header = ['set', 'file', 'dice', 'iou', 'hd95', 'assd', 'class', 'probability', 'called'];
  const rows = results.map(({ set, file, comparison, classIndex, probability, called }) => {
    const { dice, iou, hd95, assd, hd95Mm, assdMm } = comparison ?? {};
    const row = [
      set,
      file,
      decimal(dice),
      decimal(iou),
      decimal(hd95),
      decimal(assd),
      classIndex,
      decimal(probability),
      called,
    ];
    return inMm ? [...row, decimal(hd95Mm), decimal(assdMm)] : row;
  });
  const lines = [inMm ? [...header, 'hd95_mm', 'assd_mm'] : header, ...rows];
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

function decimal(value: number | null | undefined): string | null {
  return value === null || value === undefined ? null : value.toFixed(6);
}

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
