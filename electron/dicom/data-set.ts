// Owns typed access to the elements of a data set by keyword (PS3.6). Numbers come as numbers, binary values as little-endian bytes.
import type { Element, Elements } from 'dcmjs';

/** The elements that are read, and their tags. */
const tags = {
  TransferSyntaxUID: '00020010',
  SOPClassUID: '00080016',
  SOPInstanceUID: '00080018',
  StudyDescription: '00081030',
  SeriesDescription: '0008103E',
  CodeMeaning: '00080104',
  AnatomicRegionSequence: '00082218',
  PatientName: '00100010',
  PatientID: '00100020',
  IssuerOfPatientID: '00100021',
  BodyPartExamined: '00180015',
  SequenceOfUltrasoundRegions: '00186011',
  RegionFlags: '00186016',
  RegionLocationMinX0: '00186018',
  RegionLocationMinY0: '0018601A',
  RegionLocationMaxX1: '0018601C',
  RegionLocationMaxY1: '0018601E',
  PhysicalUnitsXDirection: '00186024',
  PhysicalUnitsYDirection: '00186026',
  PhysicalDeltaX: '0018602C',
  PhysicalDeltaY: '0018602E',
  StudyInstanceUID: '0020000D',
  SeriesInstanceUID: '0020000E',
  SamplesPerPixel: '00280002',
  PhotometricInterpretation: '00280004',
  PlanarConfiguration: '00280006',
  NumberOfFrames: '00280008',
  Rows: '00280010',
  Columns: '00280011',
  PixelSpacing: '00280030',
  PixelAspectRatio: '00280034',
  BitsAllocated: '00280100',
  BitsStored: '00280101',
  HighBit: '00280102',
  PixelRepresentation: '00280103',
  SmallestImagePixelValue: '00280106',
  LargestImagePixelValue: '00280107',
  WindowCenter: '00281050',
  WindowWidth: '00281051',
  RescaleIntercept: '00281052',
  RescaleSlope: '00281053',
  VOILUTFunction: '00281056',
  RedPaletteColorLookupTableDescriptor: '00281101',
  GreenPaletteColorLookupTableDescriptor: '00281102',
  BluePaletteColorLookupTableDescriptor: '00281103',
  RedPaletteColorLookupTableData: '00281201',
  GreenPaletteColorLookupTableData: '00281202',
  BluePaletteColorLookupTableData: '00281203',
  SegmentedRedPaletteColorLookupTableData: '00281221',
  SegmentedGreenPaletteColorLookupTableData: '00281222',
  SegmentedBluePaletteColorLookupTableData: '00281223',
  ModalityLUTSequence: '00283000',
  LUTDescriptor: '00283002',
  LUTData: '00283006',
  VOILUTSequence: '00283010',
  PixelData: '7FE00010',
} as const;

export type Keyword = keyof typeof tags;

export class DataSet {
  readonly #elements: Elements;
  readonly #bigEndian: boolean;

  constructor(elements: Elements, bigEndian: boolean) {
    this.#elements = elements;
    this.#bigEndian = bigEndian;
  }

  has(keyword: Keyword): boolean {
    return this.#values(keyword).length > 0;
  }

  /** The first value as trimmed text, or null where it is absent or empty. Of a person's name, all its parts. */
  text(keyword: Keyword): string | null {
    const text = toText(this.#values(keyword)[0]).replaceAll('\0', '').trim();
    return text === '' ? null : text;
  }

  /** Every value that is a finite number. */
  numbers(keyword: Keyword): number[] {
    return this.#values(keyword)
      .map((value) => (typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value)))
      .filter((value) => Number.isFinite(value));
  }

  number(keyword: Keyword): number | null {
    return this.numbers(keyword)[0] ?? null;
  }

  items(keyword: Keyword): DataSet[] {
    return this.#values(keyword)
      .filter((item): item is Elements => typeof item === 'object' && item !== null)
      .map((item) => new DataSet(item, this.#bigEndian));
  }

  /** Binary values, one for each fragment of encapsulated data; 16-bit words in little-endian order. Numbers are packed as such words. */
  binaries(keyword: Keyword): Uint8Array[] {
    const element = this.#element(keyword);
    const values = element?.Value ?? [];
    if (values.length > 0 && values.every((value) => typeof value === 'number')) return [packWords(values)];
    const buffers = values
      .flat()
      .filter((value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value))
      .map((value) =>
        value instanceof ArrayBuffer
          ? new Uint8Array(value)
          : new Uint8Array(value.buffer, value.byteOffset, value.byteLength),
      );
    // The words of OW are in the byte order of the data set; a string of bytes (OB) has no order (PS3.5 section 7.3).
    return this.#bigEndian && element?.vr === 'OW' ? buffers.map(swapWords) : buffers;
  }

  binary(keyword: Keyword): Uint8Array | null {
    return this.binaries(keyword)[0] ?? null;
  }

  #element(keyword: Keyword): Element | undefined {
    return this.#elements[tags[keyword]];
  }

  #values(keyword: Keyword): unknown[] {
    return this.#element(keyword)?.Value ?? [];
  }
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object' && value !== null) return Object.values(value).map(toText).join(' ');
  return '';
}

function packWords(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => view.setUint16(index * 2, value & 0xffff, true));
  return bytes;
}

function swapWords(bytes: Uint8Array): Uint8Array {
  const swapped = new Uint8Array(bytes.length);
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    swapped[i] = bytes[i + 1];
    swapped[i + 1] = bytes[i];
  }
  if (bytes.length % 2 === 1) swapped[bytes.length - 1] = bytes[bytes.length - 1];
  return swapped;
}
