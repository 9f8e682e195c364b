// Owns random access to the entries of a zip archive: the container of torch.save since PyTorch 1.6. Entries are stored, or deflated
// where another tool packed them again; zip64 is read. APPNOTE.TXT 6.3.10 (PKWARE), sections 4.3 and 4.5.3.
import type { FileHandle } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { AppError } from '../../common/errors.ts';

export interface ZipEntry {
  readonly name: string;
  /** Bytes when unpacked. */
  readonly size: number;
  readonly packedSize: number;
  readonly method: 'stored' | 'deflated';
  readonly crc: number;
  readonly headerOffset: number;
}

export interface ZipArchive {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** The unpacked bytes of an entry, their checksum compared. Throws AppError('corrupt'). */
  read(entry: ZipEntry): Promise<Uint8Array>;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
const longestComment = 0xffff;
const directoryLimit = 256 * 1024 * 1024;
const entryLimit = 2 ** 31 - 1;

/** Reads the directory of an open file. Throws AppError('corrupt' or 'unsupported') naming the file. The caller keeps and closes `file`. */
export async function openZip(file: FileHandle, fileSize: number, fileName: string): Promise<ZipArchive> {
  const corrupt = (found: string): AppError =>
    new AppError('corrupt', `${fileName} is not a whole zip archive: ${found}.`);

  /** Exactly `length` bytes at `offset`, both of which a file may have lied about. */
  const readAt = async (offset: number, length: number, what: string): Promise<Buffer> => {
    if (offset + length > fileSize) {
      throw corrupt(`${what} should end at byte ${offset + length}, the file ends at ${fileSize}; is it cut off?`);
    }
    const bytes = Buffer.alloc(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) throw corrupt(`${what} ended early`);
      done += bytesRead;
    }
    return bytes;
  };

  const directory = await findDirectory(readAt, fileSize, corrupt);
  if (directory.size > directoryLimit) throw corrupt(`its directory claims ${directory.size} bytes`);
  const bytes = await readAt(directory.offset, directory.size, 'its directory');
  const entries = parseDirectory(bytes, directory.count, fileName, corrupt);

  const read = async (entry: ZipEntry): Promise<Uint8Array> => {
    if (entry.size > entryLimit) {
      throw new AppError('unsupported', `${fileName}: entry ${entry.name} of ${entry.size} bytes exceeds 2 GiB.`);
    }
    const header = await readAt(entry.headerOffset, 30, `entry ${entry.name}`);
    if (header.readUInt32LE(0) !== localSignature) throw corrupt(`entry ${entry.name} is not where the directory says`);
    const dataOffset = entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    const packed = await readAt(dataOffset, entry.packedSize, `entry ${entry.name}`);
    const data = entry.method === 'stored' ? packed : inflate(packed, entry, corrupt);
    if (data.length !== entry.size) {
      throw corrupt(`entry ${entry.name} has ${data.length} bytes, its directory says ${entry.size}`);
    }
    // PyTorch can be told not to compute checksums; it then leaves 0.
    if (entry.crc !== 0 && crc32(data) !== entry.crc) throw corrupt(`the checksum of entry ${entry.name} differs`);
    return data;
  };
  return { entries, read };
}

type ReadAt = (offset: number, length: number, what: string) => Promise<Buffer>;
type Corrupt = (found: string) => AppError;

/** The end record lies at the end of the file, before a comment of at most 65535 bytes. */
async function findDirectory(
  readAt: ReadAt,
  fileSize: number,
  corrupt: Corrupt,
): Promise<{ offset: number; size: number; count: number }> {
  const tailStart = Math.max(0, fileSize - 22 - longestComment);
  const tail = await readAt(tailStart, fileSize - tailStart, 'its end');
  let at = tail.length - 22;
  while (at >= 0 && !(tail.readUInt32LE(at) === endSignature && at + 22 + tail.readUInt16LE(at + 20) === tail.length)) {
    at -= 1;
  }
  if (at < 0) throw corrupt('the directory at its end is missing; is it cut off?');
  const locatorAt = at - 20;
  if (locatorAt >= 0 && tail.readUInt32LE(locatorAt) === locator64Signature) {
    const record = await readAt(toNumber(tail.readBigUInt64LE(locatorAt + 8), corrupt), 56, 'its zip64 end record');
    if (record.readUInt32LE(0) !== end64Signature) throw corrupt('its zip64 end record is not where it should be');
    return {
      count: toNumber(record.readBigUInt64LE(32), corrupt),
      size: toNumber(record.readBigUInt64LE(40), corrupt),
      offset: toNumber(record.readBigUInt64LE(48), corrupt),
    };
  }
  return { count: tail.readUInt16LE(at + 10), size: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) };
}

function parseDirectory(bytes: Buffer, count: number, fileName: string, corrupt: Corrupt): Map<string, ZipEntry> {
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== centralSignature) {
      throw corrupt(`its directory ends after ${index} of ${count} entries`);
    }
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
    const next = extraEnd + bytes.readUInt16LE(at + 32);
    if (next > bytes.length) throw corrupt(`its directory ends within entry ${index + 1} of ${count}`);
    const name = bytes.toString('utf8', at + 46, nameEnd);
    if ((bytes.readUInt16LE(at + 8) & 1) !== 0) {
      throw new AppError('unsupported', `${fileName}: entry ${name} is encrypted.`);
    }
    const extra = zip64Extra(bytes.subarray(nameEnd, extraEnd));
    /** A field of 32 bits; all ones mean that the zip64 field has it, in this order. */
    const wide = (position: number): number => {
      const value = bytes.readUInt32LE(at + position);
      if (value !== 0xffffffff) return value;
      const big = extra.shift();
      if (big === undefined) throw corrupt(`entry ${name} lacks its zip64 sizes`);
      return toNumber(big, corrupt);
    };
    const size = wide(24);
    const packedSize = wide(20);
    const headerOffset = wide(42);
    if (entries.has(name)) throw corrupt(`it has two entries ${name}`);
    const method = methodOf(bytes.readUInt16LE(at + 10), name, fileName);
    entries.set(name, { name, size, packedSize, method, crc: bytes.readUInt32LE(at + 16), headerOffset });
    at = next;
  }
  return entries;
}

/** The 64-bit numbers of the zip64 field (0x0001) of an entry's extra fields. */
function zip64Extra(extra: Buffer): bigint[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const id = extra.readUInt16LE(at);
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (id === 1 && end <= extra.length) {
      const values: bigint[] = [];
      for (let position = at + 4; position + 8 <= end; position += 8) values.push(extra.readBigUInt64LE(position));
      return values;
    }
    at = end;
  }
  return [];
}

function methodOf(method: number, name: string, fileName: string): ZipEntry['method'] {
  if (method === 0) return 'stored';
  if (method === 8) return 'deflated';
  throw new AppError('unsupported', `${fileName}: entry ${name} is packed by method ${method}; expected 0 or 8.`);
}

function inflate(packed: Buffer, entry: ZipEntry, corrupt: Corrupt): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) });
  } catch (cause) {
    const error = corrupt(`entry ${entry.name} cannot be unpacked to its ${entry.size} bytes`);
    error.cause = cause;
    throw error;
  }
}

function toNumber(value: bigint, corrupt: Corrupt): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw corrupt(`it claims an offset or size of ${value} bytes`);
  return Number(value);
}
