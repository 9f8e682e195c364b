// Owns the safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes without gaps.
// https://github.com/huggingface/safetensors ("Format").
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../common/errors.ts';
import { asFileError } from './checkpoint/file-errors.ts';
import {
  countElements,
  decodeFloats,
  decodeIntegers,
  elementBytes,
  encodeFloats,
  isFloating,
  type StoredIntegers,
  type StoredTensor,
} from './element-types.ts';
import { parseSafetensorsHeader } from './safetensors-header.ts';
import type { Weights } from './weights.ts';

export interface SafetensorsFile {
  readonly metadata: Readonly<Record<string, string>>;
  /** Floating-point tensors as float32. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Integer and Boolean tensors, exact. */
  readonly integers: ReadonlyMap<string, StoredIntegers>;
}

const alignment = 8;

/** Reads a file's bytes. Throws AppError('corrupt' or 'unsupported') naming the file and the tensor. */
export function parseSafetensors(bytes: Uint8Array, fileName: string): SafetensorsFile {
  const { metadata, entries, data } = parseSafetensorsHeader(bytes, fileName);
  const tensors = new Map<string, StoredTensor>();
  const integers = new Map<string, StoredIntegers>();
  for (const { name, dataType, shape, start, end } of entries) {
    const own = data.subarray(start, end);
    if (isFloating(dataType)) tensors.set(name, { dataType, shape, data: decodeFloats(own, dataType) });
    else integers.set(name, { dataType, shape, data: decodeIntegers(own, dataType) });
  }
  return { metadata, tensors, integers };
}

/** Reads a file from disk: parseSafetensors, and AppError('not-found' or 'storage') where it cannot be read. */
export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw asFileError(error, path);
  });
  return parseSafetensors(bytes, basename(path));
}

/**
 * All shards (*.safetensors) of a folder, in the order of their names, as one. The metadata is what every shard that has the key says alike.
 * Throws AppError('corrupt') where two shards hold one tensor, 'not-found' where there is no shard.
 */
export async function readSafetensorsFolder(folder: string): Promise<SafetensorsFile> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw asFileError(error, folder);
  });
  const shards = names.filter((name) => name.endsWith('.safetensors')).sort();
  if (shards.length === 0) throw new AppError('not-found', `Folder ${folder} holds no .safetensors file.`);

  const tensors = new Map<string, StoredTensor>();
  const integers = new Map<string, StoredIntegers>();
  const metadata = new Map<string, string | null>();
  const homes = new Map<string, string>();
  for (const shard of shards) {
    const file = await readSafetensors(join(folder, shard));
    for (const name of [...file.tensors.keys(), ...file.integers.keys()]) {
      const other = homes.get(name);
      if (other)
        throw new AppError('corrupt', `Tensor ${name} is in both ${other} and ${shard}; one shard may hold it.`);
      homes.set(name, shard);
    }
    for (const [name, tensor] of file.tensors) tensors.set(name, tensor);
    for (const [name, tensor] of file.integers) integers.set(name, tensor);
    for (const [key, value] of Object.entries(file.metadata)) {
      metadata.set(key, metadata.has(key) && metadata.get(key) !== value ? null : value);
    }
  }
  const agreed = [...metadata].filter((pair): pair is [string, string] => pair[1] !== null);
  return { metadata: Object.fromEntries(agreed), tensors, integers };
}

/**
 * The bytes of a file: tensors in the order of their names and keys sorted, so that equal contents give equal bytes. The header is padded,
 * so that the data start at a multiple of 8 bytes. Throws AppError('bad-input') where float16 cannot hold a value.
 */
export function serializeSafetensors(
  tensors: Weights,
  { metadata = {}, dataType = 'F32' }: { metadata?: Readonly<Record<string, string>>; dataType?: 'F32' | 'F16' } = {},
): Uint8Array {
  const names = [...tensors.keys()].sort();
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push(['__metadata__', sortedRecord(metadata)]);
  let position = 0;
  for (const name of names) {
    const { shape, data } = tensors.get(name)!;
    if (name === '__metadata__') throw new Error('no tensor may be called __metadata__');
    if (countElements(shape) !== data.length)
      throw new Error(`${name}: [${shape.join(', ')}] is not ${data.length} elements`);
    const end = position + data.length * elementBytes(dataType);
    header.push([name, { dtype: dataType, shape, data_offsets: [position, end] }]);
    position = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / alignment) * alignment;

  const bytes = new Uint8Array(8 + headerLength + position);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength); // the format pads its header with spaces
  bytes.set(json, 8);
  let offset = 8 + headerLength;
  for (const name of names) {
    const encoded = encodeFloats(tensors.get(name)!.data, dataType, name);
    bytes.set(encoded, offset);
    offset += encoded.length;
  }
  return bytes;
}

/**
 * Splits tensors, in the order of their names, into shards whose data take at most `limitBytes` at `bytesPerElement` (4 for F32, 2 for
 * F16). A tensor larger than the limit gets a shard of its own. No tensors give no shards.
 */
export function shardTensors(tensors: Weights, limitBytes: number, bytesPerElement = 4): Weights[] {
  const shards: Map<string, { shape: readonly number[]; data: Float32Array }>[] = [];
  let room = 0;
  for (const name of [...tensors.keys()].sort()) {
    const tensor = tensors.get(name)!;
    const size = tensor.data.length * bytesPerElement;
    if (shards.length === 0 || size > room) {
      shards.push(new Map());
      room = limitBytes;
    }
    shards.at(-1)!.set(name, tensor);
    room -= size;
  }
  return shards;
}

function sortedRecord(record: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.keys(record)
    .sort()
    .map((key): [string, string] => [key, record[key]]);
  return Object.fromEntries(pairs);
}
