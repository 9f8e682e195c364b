// Owns the header of a safetensors file: every claim is checked against the file before it is believed.
// https://github.com/huggingface/safetensors ("Format").
import { AppError } from '../common/errors.ts';
import { countElements, elementBytes, elementTypes, isElementType, type ElementType } from './element-types.ts';

/** Where a tensor lies in the data: bytes `start` (inclusive) to `end` (exclusive). */
export interface SafetensorsEntry {
  readonly name: string;
  readonly dataType: ElementType;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** The limit of the reference implementation. */
const headerLimit = 100_000_000;

/** Metadata, entries that cover the data exactly, and the data behind the header. Throws AppError('corrupt' or 'unsupported'). */
export function parseSafetensorsHeader(
  bytes: Uint8Array,
  fileName: string,
): { metadata: Record<string, string>; entries: readonly SafetensorsEntry[]; data: Uint8Array } {
  const { header, dataStart } = parseHeader(bytes, fileName);
  const data = bytes.subarray(dataStart);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => parseEntry(name, value, fileName));
  checkLayout(entries, data.length, fileName);
  return { metadata: parseMetadata(header, fileName), entries, data };
}

function parseHeader(bytes: Uint8Array, fileName: string): { header: Record<string, unknown>; dataStart: number } {
  const fail = (found: string): never => {
    throw new AppError('corrupt', `${fileName} is not a whole safetensors file: ${found}.`);
  };
  if (bytes.length < 8) fail(`expected 8 bytes of header length, found ${bytes.length} bytes in all`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > headerLimit) fail(`its header claims ${length} bytes, more than the ${headerLimit} allowed`);
  const dataStart = 8 + Number(length);
  if (dataStart > bytes.length) fail(`its header claims ${length} bytes, but the file ends after ${bytes.length}`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataStart)));
  } catch (cause) {
    throw new AppError('corrupt', `${fileName} is not a safetensors file: its header is not JSON.`, { cause });
  }
  if (!isRecord(header)) return fail('its header is not a JSON object');
  return { header, dataStart };
}

function parseMetadata(header: Record<string, unknown>, fileName: string): Record<string, string> {
  const metadata = header.__metadata__ ?? {};
  if (!isRecord(metadata)) throw new AppError('corrupt', `${fileName}: __metadata__ is not a JSON object.`);
  const pairs = Object.entries(metadata).map(([key, value]): [string, string] => {
    if (typeof value !== 'string')
      throw new AppError('corrupt', `${fileName}: __metadata__ entry ${key} is not a string.`);
    return [key, value];
  });
  return Object.fromEntries(pairs);
}

function parseEntry(name: string, value: unknown, fileName: string): SafetensorsEntry {
  const fail = (message: string): never => {
    throw new AppError('corrupt', `${fileName}, tensor ${name}: ${message}.`);
  };
  if (!isRecord(value)) return fail('its header entry is not a JSON object');
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isElementType(dtype)) {
    const known = elementTypes.join(', ');
    throw new AppError(
      'unsupported',
      `${fileName}, tensor ${name}: data type ${JSON.stringify(dtype)} is none of ${known}.`,
    );
  }
  if (!isWholeNumbers(shape)) return fail('expected a shape of whole numbers');
  if (!isWholeNumbers(offsets) || offsets.length !== 2) return fail('expected two whole numbers in data_offsets');
  const [start, end] = offsets;
  const count = countElements(shape);
  if (count === null) return fail(`its shape [${shape.join(', ')}] is too large`);
  const needed = count * elementBytes(dtype);
  if (end - start !== needed) {
    fail(
      `shape [${shape.join(', ')}] of ${dtype} takes ${needed} bytes, data_offsets ${start} to ${end} give another size`,
    );
  }
  return { name, dataType: dtype, shape, start, end };
}

/** The tensors must cover the data from its first to its last byte, one after the other. */
function checkLayout(entries: readonly SafetensorsEntry[], dataLength: number, fileName: string): void {
  let position = 0;
  let previous = '';
  for (const entry of [...entries].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (entry.end > dataLength) {
      throw new AppError(
        'corrupt',
        `${fileName}, tensor ${entry.name}: its data end at byte ${entry.end}, but the file holds ${dataLength} bytes of data; is it cut off?`,
      );
    }
    if (entry.start < position) {
      throw new AppError('corrupt', `${fileName}: the data of tensors ${previous} and ${entry.name} overlap.`);
    }
    if (entry.start > position) {
      throw new AppError(
        'corrupt',
        `${fileName}: bytes ${position} to ${entry.start} before tensor ${entry.name} belong to none.`,
      );
    }
    position = entry.end;
    previous = entry.name;
  }
  if (position !== dataLength) {
    throw new AppError('corrupt', `${fileName}: its tensors take ${position} bytes, but it holds ${dataLength}.`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWholeNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
