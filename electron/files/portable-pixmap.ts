// Owns reading a stream of binary portable pixmaps (PPM, netpbm.sourceforge.net/doc/ppm.html), the simplest form in which a program hands
// over pictures: each says its size, so that none can be cut in the wrong place.
import type { Picture } from '../common/picture.ts';

/** The stream ends inside a picture, or is something else. */
export class PixmapStreamError extends Error {}

/** Pictures one after another; one without colour has 1 channel. Throws PixmapStreamError. */
export async function* readPortablePixmaps(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Picture> {
  let header = new Uint8Array(0);
  let picture: { readonly width: number; readonly height: number; readonly pixels: Uint8Array } | null = null;
  let filled = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    while (rest.length > 0) {
      if (picture === null) {
        header = concatenate(header, rest);
        const parsed = parseHeader(header);
        if (parsed === null) break;
        picture = { ...parsed, pixels: new Uint8Array(parsed.width * parsed.height * 3) };
        filled = 0;
        rest = header.subarray(parsed.length);
        header = new Uint8Array(0);
      }
      const taken = rest.subarray(0, picture.pixels.length - filled);
      picture.pixels.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
      if (filled < picture.pixels.length) break;
      yield dropColor(picture.width, picture.height, picture.pixels);
      picture = null;
    }
  }
  if (picture !== null || header.length > 0) throw new PixmapStreamError('The stream of pictures ended inside one.');
}

/** `P6`, width, height and the largest sample, 255, each followed by one white space; null while more bytes are to come. */
function parseHeader(bytes: Uint8Array): { width: number; height: number; length: number } | null {
  const text = Buffer.from(bytes.subarray(0, 64)).toString('latin1');
  const match = /^P6\s(\d{1,6})\s(\d{1,6})\s255\s/.exec(text);
  if (match) return { width: Number(match[1]), height: Number(match[2]), length: match[0].length };
  if (text.length >= 64) throw new PixmapStreamError('The stream does not hold portable pixmaps.');
  return null;
}

function dropColor(width: number, height: number, pixels: Uint8Array): Picture {
  for (let i = 0; i < pixels.length; i += 3) {
    if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) return { width, height, channels: 3, pixels };
  }
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i += 1) grey[i] = pixels[i * 3];
  return { width, height, channels: 1, pixels: grey };
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
