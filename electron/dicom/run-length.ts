// Owns RLE decoding (PS3.5 annex G). The codec library fills what is missing with zeros in silence; here a short segment is an error.

const headerBytes = 64;

/**
 * Decodes one RLE frame of `pixels` pixels into interleaved samples, 16-bit ones little-endian.
 * Each segment is one byte plane: of each sample in turn, high byte first. Throws Error that says what is wrong.
 */
export function decodeRunLength(
  encoded: Uint8Array,
  pixels: number,
  samplesPerPixel: number,
  bytesPerSample: number,
): Uint8Array {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const expected = samplesPerPixel * bytesPerSample;
  const segments = encoded.length >= headerBytes ? view.getUint32(0, true) : 0;
  if (segments !== expected) throw new Error(`expected ${expected} run-length segments, found ${segments}`);
  const decoded = new Uint8Array(pixels * expected);
  for (let segment = 0; segment < segments; segment += 1) {
    const start = view.getUint32(4 + segment * 4, true);
    const end = segment + 1 < segments ? view.getUint32(8 + segment * 4, true) : encoded.length;
    const sample = Math.floor(segment / bytesPerSample);
    const byte = bytesPerSample - 1 - (segment % bytesPerSample);
    decodeSegment(encoded.subarray(start, end), decoded, sample * bytesPerSample + byte, expected, pixels);
  }
  return decoded;
}

/** Writes `count` bytes to `target` at `offset`, `offset + stride`, ... */
function decodeSegment(source: Uint8Array, target: Uint8Array, offset: number, stride: number, count: number): void {
  let at = 0;
  let written = 0;
  while (written < count && at < source.length) {
    const control = source[at];
    at += 1;
    if (control === 128) continue;
    const isRun = control > 128;
    const length = isRun ? 257 - control : control + 1;
    if (at + (isRun ? 1 : length) > source.length) break;
    // A run may reach past the last pixel by the padding of its segment.
    const taken = Math.min(length, count - written);
    for (let i = 0; i < taken; i += 1) target[offset + (written + i) * stride] = source[isRun ? at : at + i];
    written += taken;
    at += isRun ? 1 : length;
  }
  if (written < count) throw new Error(`a run-length segment ends after ${written} of ${count} bytes`);
}
