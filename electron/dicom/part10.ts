// Owns the parsing of DICOM files (PS3.10), those without preamble too. Nothing of a file's content goes into an error or a log.
import { AppError } from '../common/errors.ts';
import { sniffMediaType } from '../files/media-type.ts';
import { DataSet } from './data-set.ts';
import { explicitBigEndian, explicitLittleEndian, implicitLittleEndian } from './transfer-syntaxes.ts';

export interface Part10File {
  readonly transferSyntaxUID: string;
  readonly dataSet: DataSet;
  /** Small faults of the file's frame, in words. */
  readonly warnings: readonly string[];
}

/** Parses a file into its data set. Throws AppError('bad-input') that names the file where it is no DICOM file or damaged beyond reading. */
export async function parsePart10(bytes: Uint8Array, fileName: string): Promise<Part10File> {
  const mediaType = sniffMediaType(bytes);
  if (mediaType !== 'application/dicom') {
    const found = mediaType === null ? 'its content is of another kind' : `it is of type ${mediaType}`;
    throw new AppError('bad-input', `${fileName}: expected a DICOM file (the letters DICM at byte 128); ${found}.`);
  }
  const bare = String.fromCharCode(...bytes.subarray(128, 132)) !== 'DICM';
  const { data, log } = await import('dcmjs');
  // The library's own warnings quote values.
  log.setLevel('silent');
  try {
    // Errors are ignored so that one odd element does not cost the file; what is needed is checked where it is used.
    const { meta, dict } = data.DicomMessage.readFile(bare ? withPreamble(bytes) : toArrayBuffer(bytes), {
      ignoreErrors: true,
    });
    const transferSyntaxUID = new DataSet(meta, false).text('TransferSyntaxUID') ?? implicitLittleEndian;
    return {
      transferSyntaxUID,
      dataSet: new DataSet(dict, transferSyntaxUID === explicitBigEndian),
      warnings: bare ? ['The file has no DICOM preamble; it was read as a bare data set.'] : [],
    };
  } catch (cause) {
    throw new AppError('bad-input', `${fileName} is damaged: its DICOM header cannot be read.`, { cause });
  }
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

/** The bytes behind a preamble, and behind a meta group that says their syntax where they have none of their own. */
function withPreamble(bytes: Uint8Array): ArrayBuffer {
  const hasMeta = bytes[0] === 2 && bytes[1] === 0;
  const meta = hasMeta ? new Uint8Array(0) : metaGroup(bareSyntax(bytes));
  const file = new Uint8Array(132 + meta.length + bytes.length);
  file.set([0x44, 0x49, 0x43, 0x4d], 128);
  file.set(meta, 132);
  file.set(bytes, 132 + meta.length);
  return file.buffer;
}

/** The syntax by the first element: a group number that comes low byte first, a value representation of two letters. */
function bareSyntax(bytes: Uint8Array): string {
  if (bytes[0] === 0) return explicitBigEndian;
  const isLetter = (byte: number) => byte >= 0x41 && byte <= 0x5a;
  return isLetter(bytes[4]) && isLetter(bytes[5]) ? explicitLittleEndian : implicitLittleEndian;
}

/** (0002,0000) and (0002,0010), explicit little endian. */
function metaGroup(transferSyntaxUID: string): Uint8Array {
  const uid = transferSyntaxUID.length % 2 === 0 ? transferSyntaxUID : `${transferSyntaxUID}\0`;
  const group = Buffer.alloc(20 + uid.length);
  group.write('\x02\0\0\0UL\x04\0', 0, 'latin1');
  group.writeUInt32LE(8 + uid.length, 8);
  group.write('\x02\0\x10\0UI', 12, 'latin1');
  group.writeUInt16LE(uid.length, 18);
  group.write(uid, 20, 'latin1');
  return group;
}
