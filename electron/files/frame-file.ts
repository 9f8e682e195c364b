// Owns the file of decoded frames: a TIFF with one page a frame, deflated without loss, which other programs open too. BigTIFF
// (https://www.awaresystems.be/imaging/tiff/bigtiff.html), since a long cine passes the 4 GB that the classic form can address.
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { Picture } from '../common/picture.ts';

const compress = promisify(deflate);
const headerBytes = 16;
const entryCount = 11;
/** The count of entries, the entries of 20 bytes, the offset of the next directory; filled to a multiple of 8. */
const directoryBytes = 240;

const short = 3;
const long8 = 16;

/** Writes pages as they come, each when the next is known: a page says where the next one lies. Nothing is kept in memory but one page. */
export class FrameFileWriter {
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  #offset = headerBytes;
  #waiting: { readonly picture: Picture; readonly strip: Uint8Array } | null = null;

  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#write = write;
  }

  async add(picture: Picture): Promise<void> {
    const strip = await compress(predict(picture), { level: 1 });
    if (this.#waiting === null) await this.#write(fileHeader());
    else await this.#flush(false);
    this.#waiting = { picture, strip };
  }

  /** Writes the last page. */
  async end(): Promise<void> {
    await this.#flush(true);
  }

  async #flush(last: boolean): Promise<void> {
    if (this.#waiting === null) return;
    const { picture, strip } = this.#waiting;
    const stripOffset = this.#offset + directoryBytes;
    const next = roundUp(stripOffset + strip.length);
    await this.#write(directory(picture, stripOffset, strip.length, last ? 0 : next));
    await this.#write(strip);
    await this.#write(new Uint8Array(next - stripOffset - strip.length));
    this.#offset = next;
    this.#waiting = null;
  }
}

function fileHeader(): Uint8Array {
  const header = Buffer.alloc(headerBytes);
  header.write('II', 'latin1');
  header.writeUInt16LE(43, 2);
  header.writeUInt16LE(8, 4);
  header.writeBigUInt64LE(BigInt(headerBytes), 8);
  return header;
}

/** The page's tags (TIFF 6.0), in ascending order; each value stands in its entry. */
function directory(picture: Picture, stripOffset: number, stripBytes: number, next: number): Uint8Array {
  const { width, height, channels } = picture;
  const bytes = Buffer.alloc(directoryBytes);
  bytes.writeBigUInt64LE(BigInt(entryCount), 0);
  const entries: readonly (readonly [tag: number, type: number, values: readonly number[]])[] = [
    [256, long8, [width]],
    [257, long8, [height]],
    [258, short, Array.from({ length: channels }, () => 8)], // bits a sample
    [259, short, [8]], // compression: deflate
    [262, short, [channels === 1 ? 1 : 2]], // black is zero, or RGB
    [273, long8, [stripOffset]],
    [277, short, [channels]],
    [278, long8, [height]], // rows a strip
    [279, long8, [stripBytes]],
    [284, short, [1]], // samples of a pixel lie together
    [317, short, [2]], // predictor: horizontal differences
  ];
  entries.forEach(([tag, type, values], index) => {
    const at = 8 + index * 20;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeBigUInt64LE(BigInt(values.length), at + 4);
    values.forEach((value, place) => {
      if (type === short) bytes.writeUInt16LE(value, at + 12 + place * 2);
      else bytes.writeBigUInt64LE(BigInt(value), at + 12);
    });
  });
  bytes.writeBigUInt64LE(BigInt(next), 8 + entryCount * 20);
  return bytes;
}

/** Each sample less the one to its left, modulo 256 (TIFF 6.0 section 14): smooth pictures then deflate to half. */
function predict({ width, height, channels, pixels }: Picture): Uint8Array {
  const differences = new Uint8Array(pixels.length);
  const rowBytes = width * channels;
  for (let row = 0; row < height; row += 1) {
    const start = row * rowBytes;
    for (let i = start; i < start + channels; i += 1) differences[i] = pixels[i];
    for (let i = start + channels; i < start + rowBytes; i += 1) differences[i] = pixels[i] - pixels[i - channels];
  }
  return differences;
}

function roundUp(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}
