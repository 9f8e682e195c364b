// Owns the recognition of a file by its first bytes. Extensions lie, and DICOM files often have none.
import type { MediaType } from '../common/study.ts';

/** Whether frames of this type are decoded by ffmpeg. */
export function isVideo(mediaType: MediaType): boolean {
  return mediaType.startsWith('video/');
}

/** What the bytes are, or null when they are nothing that SonoSync opens. */
export function sniffMediaType(bytes: Uint8Array): MediaType | null {
  // DICOM first: the 128 free bytes before its mark may hold another format's (PS3.10 section 7.1).
  if (startsWith(bytes, 'DICM', 128)) return 'application/dicom';
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return 'image/png';
  if (startsWith(bytes, '\xff\xd8\xff')) return 'image/jpeg';
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return 'image/webp';
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((mark) => startsWith(bytes, mark))) return 'image/tiff';
  if (startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a')) return 'image/gif';
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'AVI ', 8)) return 'video/x-msvideo';
  const film = sniffFilm(bytes);
  if (film) return film;
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

/** ISO base media and QuickTime begin with a box whose name stands at byte 4 (ISO/IEC 14496-12, 4.2 and 4.3). */
function sniffFilm(bytes: Uint8Array): MediaType | null {
  if (startsWith(bytes, 'ftyp', 4)) {
    if (startsWith(bytes, 'qt  ', 8)) return 'video/quicktime';
    // Still pictures of phones (HEIC, AVIF) come in the same boxes.
    return ['hei', 'hev', 'mif', 'msf', 'avi'].some((brand) => startsWith(bytes, brand, 8)) ? null : 'video/mp4';
  }
  // QuickTime before 2001 had no brand.
  return ['moov', 'mdat', 'wide', 'free', 'skip'].some((box) => startsWith(bytes, box, 4)) ? 'video/quicktime' : null;
}

/** Marks of kinds that are met among ultrasound files and not read, and what a reader can do about them. */
const foreignKinds: readonly (readonly [mark: string, offset: number, reason: string])[] = [
  ['PK\x03\x04', 0, 'is a Zip archive or an office document; unpack an archive and import its folder'],
  ['Rar!', 0, 'is a RAR archive; unpack it and import its folder'],
  ['7z\xbc\xaf', 0, 'is a 7-Zip archive; unpack it and import its folder'],
  ['\x1f\x8b', 0, 'is compressed with gzip; unpack it first'],
  ['%PDF', 0, 'is a PDF document'],
  ['\xd0\xcf\x11\xe0', 0, 'is an office document or a thumbnail store of Windows'],
  ['ftyphei', 4, 'is a HEIC picture; save it as JPEG or PNG'],
  ['ftypmif', 4, 'is a HEIC picture; save it as JPEG or PNG'],
  ['ftypavi', 4, 'is an AVIF picture; save it as JPEG or PNG'],
  ['\x1a\x45\xdf\xa3', 0, 'is a Matroska or WebM video; save it as MP4'],
  ['\x30\x26\xb2\x75', 0, 'is a Windows Media video; save it as MP4'],
  ['\x00\x00\x01\xba', 0, 'is an MPEG video; save it as MP4'],
  ['\x00\x00\x01\xb3', 0, 'is an MPEG video; save it as MP4'],
  ['SQLite format 3', 0, 'is a database'],
  ['MZ', 0, 'is a program, such as the viewer on a disc'],
];

/** Why bytes without a media type are not opened, as the end of a sentence that the file's name begins. */
export function describeForeign(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'is empty';
  const known = foreignKinds.find(([mark, offset]) => startsWith(bytes, mark, offset));
  if (known) return known[2];
  const start = bytes.subarray(0, 4096);
  const isText = start.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
  return isText ? 'is a text file' : 'is neither a DICOM file nor a picture or video that can be read';
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
