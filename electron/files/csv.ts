// Owns comma-separated values (RFC 4180): UTF-8, lines ended by CR LF, a field in quotes where it needs them.
import { AppError } from '../common/errors.ts';

export type CsvValue = string | number | null;

/** `columns` is the first line; null is an empty field. */
export function formatCsv(columns: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(formatField).join(',')}\r\n`).join('');
}

/** Records by the names of the first line. Throws AppError('corrupt') that names the file and line of the fault. */
export function parseCsv(text: string, fileName: string): Record<string, string>[] {
  const [columns, ...rows] = splitRows(text.replace(/^\uFEFF/, ''), fileName);
  if (!columns) throw new AppError('corrupt', `${fileName} is empty; expected a line with the names of its columns.`);
  return rows.map((row, index) => {
    if (row.length !== columns.length) {
      throw new AppError('corrupt', `${fileName}, record ${index + 1} has ${row.length} fields; the first line names ${columns.length}.`); // prettier-ignore
    }
    return Object.fromEntries(columns.map((column, at) => [column, row[at]]));
  });
}

function formatField(value: CsvValue): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function splitRows(text: string, fileName: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  while (field.lastIndex < text.length || row.length > 0) {
    const start = field.lastIndex;
    const [, quoted, plain, end] = field.exec(text) ?? [];
    if (end === undefined) {
      const line = text.slice(0, start).split('\n').length;
      throw new AppError('corrupt', `${fileName}, line ${line}: a quote is not closed, or stands inside a field.`);
    }
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
    if (end === '') break;
  }
  return rows.filter((each) => each.length > 1 || each[0] !== '');
}
