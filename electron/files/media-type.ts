// Owns the recognition of a file by its first bytes. Extensions lie, and DICOM files often have none.
import type { MediaType } from '../common/study.ts';

/** What the bytes are, or null when they are nothing that SonoSync opens. */
export function sniffMediaType(bytes: Uint8Array): MediaType | null {
  // DICOM first: the 128 free bytes before its mark may hold another format's (PS3.10 section 7.1).
  if (startsWith(bytes, 'DICM', 128)) return 'application/dicom';
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return 'image/png';
  if (startsWith(bytes, '\xff\xd8\xff')) return 'image/jpeg';
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return 'image/webp';
  if (startsWith(bytes, 'II*\0') || startsWith(bytes, 'MM\0*')) return 'image/tiff';
  if (isBitmap(bytes)) return 'image/bmp';
  if (isBareDataSet(bytes)) return 'application/dicom';
  return null;
}

function startsWith(bytes: Uint8Array, mark: string, offset = 0): boolean {
  if (bytes.length < offset + mark.length) return false;
  for (let i = 0; i < mark.length; i += 1) if (bytes[offset + i] !== mark.charCodeAt(i)) return false;
  return true;
}

/** 'BM', and the size of a header that exists: two letters alone could begin a text. */
function isBitmap(bytes: Uint8Array): boolean {
  return (
    startsWith(bytes, 'BM') &&
    bytes.length >= 26 &&
    [12, 40, 52, 56, 64, 108, 124].includes(view(bytes).getUint32(14, true))
  );
}

const valueRepresentations = new Set(
  'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(' '),
);

/**
 * A data set without preamble, as old archives keep it: an element of a group up to the identifying one (0008) comes first, and where
 * it says its length ends, the next one stands.
 */
function isBareDataSet(bytes: Uint8Array): boolean {
  return [true, false].some((littleEndian) => {
    const first = elementAt(bytes, 0, littleEndian);
    if (!first) return false;
    const second = elementAt(bytes, first.end, littleEndian);
    return second !== null && second.tag > first.tag;
  });
}

/** The tag of the element at `offset` and where it ends; null when none of the groups 0002 to 0008 can stand there. */
function elementAt(bytes: Uint8Array, offset: number, littleEndian: boolean): { tag: number; end: number } | null {
  if (offset + 8 > bytes.length) return null;
  const data = view(bytes);
  const group = data.getUint16(offset, littleEndian);
  if (group < 0x0002 || group > 0x0008) return null;
  const tag = group * 0x10000 + data.getUint16(offset + 2, littleEndian);
  const representation = String.fromCharCode(bytes[offset + 4], bytes[offset + 5]);
  const explicit = valueRepresentations.has(representation);
  const long = explicit && /^(O.|SQ|UC|UN|UR|UT|UV|SV)$/.test(representation);
  if (long && offset + 12 > bytes.length) return null;
  const header = long ? 12 : 8;
  let length: number;
  if (long) length = data.getUint32(offset + 8, littleEndian);
  else if (explicit) length = data.getUint16(offset + 6, littleEndian);
  else length = data.getUint32(offset + 4, littleEndian);
  return { tag, end: offset + header + length };
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
