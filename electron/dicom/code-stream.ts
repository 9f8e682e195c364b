// Owns what the headers of JPEG and JPEG 2000 streams say about their size, colours and end, beside and before what DICOM says.
// ITU-T T.81 annex B (JPEG markers), T.871 (JFIF), T.872 (Adobe APP14), T.87 (JPEG-LS), T.800 annex A (JPEG 2000).

/** What a stream says of its picture. */
export interface StreamHeader {
  readonly columns: number;
  readonly rows: number;
  readonly components: number;
  /** Bits of a sample. */
  readonly precision: number;
}

export interface JpegHeader extends StreamHeader {
  /** What the stream says of its three components; null where it leaves it open. */
  readonly colors: 'RGB' | 'YBR' | null;
  /** An end-of-image marker follows the first scan. */
  readonly complete: boolean;
  /** The lossless process, in which samples are coded as they are. */
  readonly lossless: boolean;
  /** JPEG-LS: each component has a scan of its own. */
  readonly separateScans: boolean;
}

/** Reads the markers of a JPEG or JPEG-LS stream up to its first scan. Throws Error where they do not follow each other. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  let jfif = false;
  let adobeTransform: number | null = null;
  let frame: Uint8Array | null = null;
  let lossless = false;
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
    if (isStartOfFrame(marker)) [frame, lossless] = [body, marker === 0xc3];
    if (marker === 0xda) {
      // Precision, height, width, number of components, and three bytes for each.
      if (!frame || frame.length < 6) throw new Error('the stream does not say its size');
      const components = Array.from(frame.subarray(6, 6 + frame[5] * 3)).filter((_, index) => index % 3 === 0);
      return {
        precision: frame[0],
        rows: frame[1] * 256 + frame[2],
        columns: frame[3] * 256 + frame[4],
        components: components.length,
        colors: streamColors(jfif, adobeTransform, components),
        complete: endsAfter(bytes, at),
        lossless,
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

export interface Jpeg2000Header extends StreamHeader {
  /** The stream went through the multiple component transformation, so that its decoder yields RGB. */
  readonly componentTransform: boolean;
  /** Samples have a sign. */
  readonly signed: boolean;
}

/** Reads the main header of a JPEG 2000 codestream, also where it lies in a JP2 file. Throws Error where there is none. */
export function readJpeg2000Header(bytes: Uint8Array): Jpeg2000Header {
  const start = findMarker(bytes, 0x4f);
  if (start < 0) throw new Error('the stream does not begin as JPEG 2000');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let size: Omit<Jpeg2000Header, 'componentTransform'> | null = null;
  for (let at = start + 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1];
    // SIZ: length, capabilities, the grid's size and offset, tile size and offset, number of components, depth of the first.
    if (marker === 0x51 && at + 41 <= bytes.length) {
      size = {
        columns: view.getUint32(at + 6) - view.getUint32(at + 14),
        rows: view.getUint32(at + 10) - view.getUint32(at + 18),
        components: view.getUint16(at + 38),
        precision: (bytes[at + 40] & 0x7f) + 1,
        signed: bytes[at + 40] >= 0x80,
      };
    }
    // COD: length, style, progression order, layers (two bytes), transformation.
    if (marker === 0x52 && size && at + 9 <= bytes.length) return { ...size, componentTransform: bytes[at + 8] === 1 };
    // SOT: the main header is over.
    if (marker === 0x90) break;
    at += 2 + view.getUint16(at + 2);
  }
  throw new Error('the header of the stream is incomplete');
}

function findMarker(bytes: Uint8Array, marker: number): number {
  for (let at = 0; at + 3 < bytes.length; at += 1) {
    if (bytes[at] === 0xff && bytes[at + 1] === marker && bytes[at + 2] === 0xff) return at;
  }
  return -1;
}
