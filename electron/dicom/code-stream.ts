// Owns what the headers of JPEG and JPEG 2000 streams say about their colours and their end, beside and before what DICOM says.
// ITU-T T.81 annex B (JPEG markers), T.871 (JFIF), T.872 (Adobe APP14), T.87 (JPEG-LS), T.800 annex A (JPEG 2000).

export interface JpegHeader {
  /** What the stream says of its three components; null where it leaves it open. */
  readonly colors: 'RGB' | 'YBR' | null;
  /** An end-of-image marker follows the first scan. */
  readonly complete: boolean;
  /** JPEG-LS: each component has a scan of its own. */
  readonly separateScans: boolean;
}

/** Reads the markers of a JPEG or JPEG-LS stream up to its first scan. Throws Error where they do not follow each other. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  let jfif = false;
  let adobeTransform: number | null = null;
  let components: number[] = [];
  let at = bytes.indexOf(0xff) + 2;
  if (bytes[at - 1] !== 0xd8) throw new Error('the stream does not begin as JPEG');
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw new Error('a JPEG marker is missing');
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = bytes[at + 2] * 256 + bytes[at + 3];
    const body = bytes.subarray(at + 4, at + 2 + length);
    const name = String.fromCharCode(...body.subarray(0, 5));
    if (marker === 0xe0 && name.startsWith('JFIF')) jfif = true;
    if (marker === 0xee && name === 'Adobe') adobeTransform = body[11] ?? null;
    if (isStartOfFrame(marker)) components = Array.from({ length: body[5] ?? 0 }, (_, index) => body[6 + index * 3]);
    if (marker === 0xda) {
      return {
        colors: streamColors(jfif, adobeTransform, components),
        complete: endsAfter(bytes, at),
        separateScans: components.length > 1 && body[0] === 1,
      };
    }
    at += 2 + length;
  }
  throw new Error('the stream ends before its first scan');
}

function isStartOfFrame(marker: number): boolean {
  return marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker));
}

function streamColors(
  jfif: boolean,
  adobeTransform: number | null,
  components: readonly number[],
): 'RGB' | 'YBR' | null {
  if (components.length !== 3) return null;
  if (adobeTransform !== null) return adobeTransform === 0 ? 'RGB' : 'YBR';
  if (jfif) return 'YBR';
  return String.fromCharCode(...components) === 'RGB' ? 'RGB' : null;
}

/** Inside a scan FF D9 cannot stand: a coded FF is followed by a stuffed bit or byte. */
function endsAfter(bytes: Uint8Array, start: number): boolean {
  for (let at = bytes.length - 2; at > start; at -= 1) if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
  return false;
}

/** Whether a JPEG 2000 codestream went through the multiple component transformation, so that its decoder yields RGB. */
export function hasComponentTransform(bytes: Uint8Array): boolean {
  const start = findMarker(bytes, 0x4f);
  if (start < 0) return false;
  for (let at = start + 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1];
    // COD: length, style, progression order, layers (two bytes), transformation.
    if (marker === 0x52) return bytes[at + 8] === 1;
    if (marker === 0x90) return false;
    at += 2 + bytes[at + 2] * 256 + bytes[at + 3];
  }
  return false;
}

function findMarker(bytes: Uint8Array, marker: number): number {
  for (let at = 0; at + 3 < bytes.length; at += 1) {
    if (bytes[at] === 0xff && bytes[at + 1] === marker && bytes[at + 2] === 0xff) return at;
  }
  return -1;
}
