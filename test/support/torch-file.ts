// Owns the writing of checkpoint files for tests: pickles opcode by opcode, and zip archives that can be honest, repacked or wrong.
import { crc32, deflateRawSync } from 'node:zlib';

/** A value as Python's pickle (protocol 2) would write it; `raw` bytes go in as they are. */
export type Pickled =
  | null
  | boolean
  | number
  | string
  | { readonly list: readonly Pickled[] }
  | { readonly tuple: readonly Pickled[] }
  | { readonly dict: readonly (readonly [Pickled, Pickled])[] }
  | { readonly ordered: readonly (readonly [Pickled, Pickled])[] }
  | { readonly global: readonly [string, string] }
  | { readonly call: readonly [string, string]; readonly with: readonly Pickled[] }
  | { readonly persistent: Pickled }
  | { readonly raw: readonly number[] };

export function pickle(value: Pickled): Buffer {
  return Buffer.concat([Buffer.from([0x80, 2]), pickled(value), Buffer.from('.')]);
}

function pickled(value: Pickled): Buffer {
  const bytes = (...parts: readonly (string | number | Buffer)[]): Buffer =>
    Buffer.concat(
      parts.map((part) =>
        typeof part === 'string' ? Buffer.from(part, 'latin1') : typeof part === 'number' ? Buffer.from([part]) : part,
      ),
    );
  const all = (values: readonly Pickled[]): Buffer => Buffer.concat(values.map(pickled));
  const pairs = (items: readonly (readonly [Pickled, Pickled])[]): Buffer => bytes('(', all(items.flat()), 'u');
  if (value === null) return bytes('N');
  if (typeof value === 'boolean') return bytes(value ? 0x88 : 0x89);
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return bytes('X', length, text);
  }
  if (typeof value === 'number') return pickledNumber(value);
  if ('list' in value) return bytes(']', '(', all(value.list), 'e');
  if ('tuple' in value) return bytes('(', all(value.tuple), 't');
  if ('dict' in value) return bytes('}', pairs(value.dict));
  // An OrderedDict with an attribute, as nn.Module.state_dict() gives: items, then BUILD with {'_metadata': ...}.
  if ('ordered' in value) {
    return bytes('ccollections\nOrderedDict\n', ')R', pairs(value.ordered), '}', pickled('_metadata'), '}s', 'b');
  }
  if ('global' in value) return bytes(`c${value.global[0]}\n${value.global[1]}\n`);
  if ('call' in value) return bytes(`c${value.call[0]}\n${value.call[1]}\n`, pickled({ tuple: value.with }), 'R');
  if ('persistent' in value) return bytes(pickled(value.persistent), 'Q');
  return Buffer.from(value.raw);
}

function pickledNumber(value: number): Buffer {
  if (!Number.isSafeInteger(value)) {
    const float = Buffer.alloc(9);
    float.write('G', 'latin1');
    float.writeDoubleBE(value, 1);
    return float;
  }
  const long = Buffer.alloc(10);
  long.set([0x8a, 8]);
  long.writeBigInt64LE(BigInt(value), 2);
  return long;
}

export interface TensorClaim {
  readonly key: string;
  readonly storage?: string;
  readonly elements: number;
  readonly offset?: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A tensor as torch._utils._rebuild_tensor_v2 is told of it. */
export function tensor({ key, storage = 'FloatStorage', elements, offset = 0, shape, strides }: TensorClaim): Pickled {
  const id = { tuple: ['storage', { global: ['torch', storage] as const }, key, 'cpu', elements] };
  return {
    call: ['torch._utils', '_rebuild_tensor_v2'],
    with: [
      { persistent: id },
      offset,
      { tuple: shape },
      { tuple: strides },
      false,
      { call: ['collections', 'OrderedDict'], with: [] },
    ],
  };
}

export interface ZipOptions {
  readonly deflate?: boolean;
  /** Sizes and offsets in zip64 fields, as PyTorch writes beyond 4 GB. */
  readonly zip64?: boolean;
  /** Changes each entry's recorded checksum. */
  readonly wrongChecksum?: boolean;
}

/** An archive of the entries, in their order. */
export function zip(entries: readonly (readonly [string, Uint8Array])[], options: ZipOptions = {}): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, data] of entries) {
    const packed = options.deflate ? deflateRawSync(data) : Buffer.from(data);
    const checksum = crc32(data) ^ (options.wrongChecksum ? 1 : 0);
    const nameBytes = Buffer.from(name, 'utf8');
    const common = Buffer.alloc(24); // from "version needed" to the length of the extra field
    common.writeUInt16LE(45, 0);
    common.writeUInt16LE(options.deflate ? 8 : 0, 4);
    common.writeUInt32LE(checksum >>> 0, 10);
    common.writeUInt32LE(options.zip64 ? 0xffffffff : packed.length, 14);
    common.writeUInt32LE(options.zip64 ? 0xffffffff : data.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from([0, 0]), nameBytes]);

    const extra = options.zip64 ? zip64Field([data.length, packed.length, offset]) : Buffer.alloc(0);
    const rest = Buffer.alloc(16); // length of the extra field, comment, disk, attributes, offset
    rest.writeUInt16LE(extra.length, 0);
    rest.writeUInt32LE(options.zip64 ? 0xffffffff : offset, 12);
    directory.push(Buffer.from('PK\x01\x02\x00\x00', 'latin1'), common, rest, nameBytes, extra);
    files.push(local, packed);
    offset += local.length + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(options.zip64 ? 0xffff : entries.length, 8);
  end.writeUInt16LE(options.zip64 ? 0xffff : entries.length, 10);
  end.writeUInt32LE(options.zip64 ? 0xffffffff : central.length, 12);
  end.writeUInt32LE(options.zip64 ? 0xffffffff : offset, 16);
  const end64 = options.zip64 ? zip64End(entries.length, central.length, offset) : Buffer.alloc(0);
  return Buffer.concat([...files, central, end64, end]);
}

function zip64Field(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, index) => field.writeBigUInt64LE(BigInt(value), 4 + 8 * index));
  return field;
}

/** The zip64 end record and its locator. */
function zip64End(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.write('PK\x06\x06', 'latin1');
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(size), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  record.write('PK\x06\x07', 56, 'latin1');
  record.writeBigUInt64LE(BigInt(offset + size), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

/** A checkpoint file: the pickled root and the storages by key. */
export function torchFile(
  root: Pickled,
  storages: Readonly<Record<string, Uint8Array>>,
  options: ZipOptions & { readonly byteOrder?: string; readonly extraEntries?: readonly string[] } = {},
): Buffer {
  const entries: [string, Uint8Array][] = [['archive/data.pkl', pickle(root)]];
  if (options.byteOrder !== undefined) entries.push(['archive/byteorder', Buffer.from(options.byteOrder)]);
  for (const name of options.extraEntries ?? []) entries.push([name, Buffer.from('x')]);
  for (const [key, data] of Object.entries(storages)) entries.push([`archive/data/${key}`, data]);
  entries.push(['archive/version', Buffer.from('3\n')]);
  return zip(entries, options);
}
