// Owns NIfTI-1 files (https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h): one volume of pictures or label numbers, compressed with gzip.
// Axes are columns, rows, frames. The affine is that of an image without rotation in DICOM's directions, diag(-x, -y, z) in NIfTI's: columns run
// to the patient's left and rows to the back, so that viewers show frames upright. No place in a patient is meant: ultrasound frames have none.
import { createGzip, gunzipSync } from 'node:zlib';
import { AppError } from '../common/errors.ts';

/** What the numbers of a volume are; 'rgb' has three bytes a voxel. */
export type NiftiSamples = 'gray' | 'rgb' | 'labels';

export interface NiftiDescription {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly samples: NiftiSamples;
  /** Of a pixel: mm where `unit` is, else in shares of a pixel's width. */
  readonly spacing: readonly [x: number, y: number];
  readonly unit: 'mm' | 'unknown';
  /** At most 79 characters of ASCII are kept. */
  readonly description: string;
}

/** Numbers of a volume, columns fastest, then rows, then what further axes there are. */
export interface NiftiVolume {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly values: ArrayLike<number>;
  readonly isLabels: boolean;
}

const headerBytes = 348;
/** The header and the four bytes that say that no extension follows. */
const dataOffset = 352;
const unitMm = 2;
const intentLabel = 1002;
const scannerAnatomical = 1;
const largestSide = 32_767;

const sampleTypes = {
  gray: { code: 2, bits: 8 },
  rgb: { code: 128, bits: 24 },
  labels: { code: 2, bits: 8 },
} as const;

/** A .nii.gz file; `slices` gives the bytes of each frame in order, row-major, and is asked for one at a time. */
export async function encodeNifti(
  description: NiftiDescription,
  slices: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Uint8Array> {
  const gzip = createGzip({ level: 6 });
  const compressed: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    gzip.on('data', (chunk: Buffer) => compressed.push(chunk));
    gzip.on('end', resolve);
    gzip.on('error', reject);
  });
  const write = (bytes: Uint8Array) =>
    new Promise<void>((resolve, reject) => gzip.write(bytes, (error) => (error ? reject(error) : resolve())));
  await write(describeVolume(description));
  const sliceBytes = (description.width * description.height * sampleTypes[description.samples].bits) / 8;
  for await (const slice of slices) {
    if (slice.length !== sliceBytes) throw new Error(`A slice of ${slice.length} bytes was to have ${sliceBytes}.`);
    await write(slice);
  }
  gzip.end();
  await ended;
  return new Uint8Array(Buffer.concat(compressed));
}

function describeVolume({ width, height, frames, samples, spacing, unit, description }: NiftiDescription): Buffer {
  for (const [name, side] of Object.entries({ width, height, frames })) {
    if (side > largestSide)
      throw new AppError('unsupported', `NIfTI has room for ${largestSide} on an axis; ${name} is ${side}.`);
  }
  const header = Buffer.alloc(dataOffset);
  const { code, bits } = sampleTypes[samples];
  header.writeInt32LE(headerBytes, 0); // sizeof_hdr
  [3, width, height, frames, 1, 1, 1, 1].forEach((value, index) => header.writeInt16LE(value, 40 + 2 * index)); // dim
  header.writeInt16LE(samples === 'labels' ? intentLabel : 0, 68); // intent_code
  header.writeInt16LE(code, 70); // datatype
  header.writeInt16LE(bits, 72); // bitpix
  // pixdim; the first is qfac. Frames follow one another in time, and one step of it is one frame.
  [1, spacing[0], spacing[1], 1].forEach((value, index) => header.writeFloatLE(value, 76 + 4 * index));
  header.writeFloatLE(dataOffset, 108); // vox_offset
  header.writeFloatLE(1, 112); // scl_slope
  header[123] = unit === 'mm' ? unitMm : 0; // xyzt_units
  header.write(description.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 79), 148, 'latin1'); // descrip
  header.writeInt16LE(scannerAnatomical, 252); // qform_code
  header.writeInt16LE(scannerAnatomical, 254); // sform_code
  header.writeFloatLE(1, 264); // quatern_d: half a turn about z
  const affine = [-spacing[0], 0, 0, 0, 0, -spacing[1], 0, 0, 0, 0, 1, 0];
  affine.forEach((value, index) => header.writeFloatLE(value, 280 + 4 * index)); // srow_x, srow_y, srow_z
  header.write('n+1\0', 344, 'latin1'); // magic
  return header;
}

/**
 * A .nii or .nii.gz file; all axes beyond the second together are its frames. Throws AppError('bad-input') for another or a damaged
 * file, AppError('unsupported') for samples that are no plain numbers; both name the file.
 */
export function decodeNifti(bytes: Uint8Array, fileName: string): NiftiVolume {
  const file = gunzip(bytes, fileName);
  const data = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const little = file.length > headerBytes && data.getInt32(0, true) === headerBytes;
  const magic = new TextDecoder('latin1').decode(file.subarray(344, 347));
  if (file.length < dataOffset || (!little && data.getInt32(0, false) !== headerBytes) || magic !== 'n+1') {
    throw new AppError('bad-input', `${fileName} is no NIfTI-1 file of one part (.nii or .nii.gz).`);
  }
  const sides = Array.from({ length: 7 }, (_, axis) =>
    axis < data.getInt16(40, little) ? Math.max(1, data.getInt16(42 + 2 * axis, little)) : 1,
  );
  const [width, height, ...further] = sides;
  const frames = further.reduce((product, side) => product * side, 1);
  const values = readValues(data, width * height * frames, little, fileName);
  return { width, height, frames, values, isLabels: data.getInt16(68, little) === intentLabel };
}

function readValues(data: DataView, count: number, little: boolean, fileName: string): ArrayLike<number> {
  const code = data.getInt16(70, little);
  const read = readers[code];
  if (!read)
    throw new AppError('unsupported', `${fileName} has samples of the NIfTI type ${code}, which are no plain numbers.`);
  const offset = data.getFloat32(108, little);
  if (!(offset >= dataOffset) || offset + count * read.bytes > data.byteLength) {
    throw new AppError(
      'bad-input',
      `${fileName} is cut short: ${count} samples do not fit its ${data.byteLength} bytes.`,
    );
  }
  const [slope, intercept] = [data.getFloat32(112, little), data.getFloat32(116, little)];
  // A slope of 0 means that the numbers stand for themselves.
  const isPlain = slope === 0 || (slope === 1 && intercept === 0);
  if (isPlain && code === sampleTypes.labels.code) return new Uint8Array(data.buffer, data.byteOffset + offset, count);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i += 1) values[i] = read.at(data, offset + i * read.bytes, little);
  return isPlain ? values : values.map((value) => value * slope + intercept);
}

interface SampleReader {
  readonly bytes: number;
  readonly at: (data: DataView, offset: number, little: boolean) => number;
}

const readers: Readonly<Record<number, SampleReader>> = {
  2: { bytes: 1, at: (data, offset) => data.getUint8(offset) },
  4: { bytes: 2, at: (data, offset, little) => data.getInt16(offset, little) },
  8: { bytes: 4, at: (data, offset, little) => data.getInt32(offset, little) },
  16: { bytes: 4, at: (data, offset, little) => data.getFloat32(offset, little) },
  64: { bytes: 8, at: (data, offset, little) => data.getFloat64(offset, little) },
  256: { bytes: 1, at: (data, offset) => data.getInt8(offset) },
  512: { bytes: 2, at: (data, offset, little) => data.getUint16(offset, little) },
  768: { bytes: 4, at: (data, offset, little) => data.getUint32(offset, little) },
  1024: { bytes: 8, at: (data, offset, little) => Number(data.getBigInt64(offset, little)) },
};

/** Of an unfolded volume. */
const mostBytes = 2 ** 31;

function gunzip(bytes: Uint8Array, fileName: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch (cause) {
    if (cause instanceof RangeError)
      throw new AppError('bad-input', `${fileName} unfolds to more than 2 GB.`, { cause });
    throw new AppError('bad-input', `${fileName} is damaged: it cannot be decompressed.`, { cause });
  }
}
