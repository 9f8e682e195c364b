// Owns the frame of DICOM files (PS3.10): preamble, meta information and the encoding of the data set, also where the first two are missing.
// Nothing of a file's content goes into an error or a log.
import { inflateRawSync } from 'node:zlib';
import { AppError } from '../common/errors.ts';
import { sniffMediaType } from '../files/media-type.ts';
import { DataSet } from './data-set.ts';
import { EncodingError, readElements, readGroup, type Encoding, type Report } from './elements.ts';
import {
  deflatedLittleEndian,
  explicitBigEndian,
  explicitLittleEndian,
  implicitLittleEndian,
} from './transfer-syntaxes.ts';

export interface Part10File {
  readonly transferSyntaxUID: string;
  readonly dataSet: DataSet;
  /** Small faults in words, each once; those that sequences show when they are read come later. */
  readonly faults: ReadonlySet<string>;
  /** Adds a fault. */
  readonly report: Report;
}

const preambleBytes = 132;

/** Parses a file into its data set. Throws AppError('bad-input') that names the file where it is no DICOM file, cut short or damaged. */
export function parsePart10(bytes: Uint8Array, fileName: string): Part10File {
  const mediaType = sniffMediaType(bytes);
  if (mediaType !== 'application/dicom') {
    const found = mediaType === null ? 'its content is of another kind' : `it is of type ${mediaType}`;
    throw new AppError('bad-input', `${fileName}: expected a DICOM file (the letters DICM at byte 128); ${found}.`);
  }
  const faults = new Set<string>();
  const report = (fault: string) => void faults.add(fault);
  const hasPreamble = String.fromCharCode(...bytes.subarray(128, preambleBytes)) === 'DICM';
  if (!hasPreamble) report('The file has no DICOM preamble; it was read as a bare data set.');
  try {
    const file = plainView(bytes).subarray(hasPreamble ? preambleBytes : 0);
    const meta = readGroup(file, 2);
    const body = file.subarray(meta.end);
    const stated = new DataSet(meta.elements, report).text('TransferSyntaxUID');
    const transferSyntaxUID = stated ?? guessSyntax(body);
    if (stated === null && hasPreamble) report('The file does not name its transfer syntax; it was told by its bytes.');
    const dataSet = new DataSet(
      readElements(
        transferSyntaxUID === deflatedLittleEndian ? inflate(body) : body,
        settleEncoding(transferSyntaxUID, body, report),
        report,
      ),
      report,
    );
    return { transferSyntaxUID, dataSet, faults, report };
  } catch (cause) {
    const reason = cause instanceof EncodingError ? cause.message : 'its data set cannot be read';
    throw new AppError('bad-input', `${fileName} is damaged or cut short: ${reason}.`, { cause });
  }
}

/** The same bytes as no Buffer, whose `slice` is no copy: pictures would share memory with their file. */
export function plainView(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The transfer syntax that a file names in its meta information; null where it names none. */
export function statedTransferSyntax(bytes: Uint8Array): string | null {
  if (String.fromCharCode(...bytes.subarray(128, preambleBytes)) !== 'DICM') return null;
  try {
    const meta = readGroup(bytes.subarray(preambleBytes), 2);
    return new DataSet(meta.elements, () => {}).text('TransferSyntaxUID');
  } catch {
    // Whoever reads the file says what is wrong with it.
    return null;
  }
}

/**
 * Whether two files hold one data set in one transfer syntax, byte for byte: preamble and meta information are of who wrote the file, and a
 * disc and a scanner write them differently.
 */
export function holdSameDataSet(one: Uint8Array, other: Uint8Array): boolean {
  const [first, second] = [one, other].map((bytes) => {
    if (String.fromCharCode(...bytes.subarray(128, preambleBytes)) !== 'DICM') return { syntax: null, body: bytes };
    const file = bytes.subarray(preambleBytes);
    return { syntax: statedTransferSyntax(bytes), body: file.subarray(readGroup(file, 2).end) };
  });
  return first.syntax === second.syntax && Buffer.compare(first.body, second.body) === 0;
}

/** More than deflated data sets hold, which are reports and stills; a few kilobytes can be made to unfold into more memory than there is. */
const inflatedLimit = 256 * 1024 * 1024;

function inflate(body: Uint8Array): Uint8Array {
  try {
    return plainView(inflateRawSync(body, { maxOutputLength: inflatedLimit }));
  } catch (cause) {
    const tooLong = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw new EncodingError(
      tooLong
        ? `its data set unfolds to more than ${inflatedLimit / 2 ** 20} MB`
        : 'its deflated data set cannot be read',
      { cause },
    );
  }
}

/** By the first element: a group number that comes low byte first, a value representation of two letters. */
function guessSyntax(body: Uint8Array): string {
  if (body[0] === 0) return explicitBigEndian;
  return startsExplicit(body) ? explicitLittleEndian : implicitLittleEndian;
}

function startsExplicit(body: Uint8Array): boolean {
  // As a length these letters would be 16 thousand and more.
  return /^[A-Z]{2}$/.test(String.fromCharCode(...body.subarray(4, 6)));
}

function settleEncoding(transferSyntaxUID: string, body: Uint8Array, report: Report): Encoding {
  const littleEndian = transferSyntaxUID !== explicitBigEndian;
  if (transferSyntaxUID !== implicitLittleEndian) return { littleEndian, explicit: true };
  const explicit = startsExplicit(body);
  if (explicit) report('The data set is explicit little endian, not implicit as the file says.');
  return { littleEndian, explicit };
}
