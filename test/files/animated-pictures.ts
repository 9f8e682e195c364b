// Owns small pictures of several frames for tests.
import sharp from 'sharp';

const width = 24;
const height = 16;

/** A TIFF of one page a shade of red, without loss; page `smallPage` has half the size. */
export async function pagedTiff(reds: readonly number[], smallPage: number | null = null): Promise<Buffer> {
  const pages = await Promise.all(
    reds.map((red, index) => {
      const scale = index === smallPage ? 2 : 1;
      const background = { r: red, g: 10, b: 20 };
      return sharp({ create: { width: width / scale, height: height / scale, channels: 3, background } })
        .tiff({ compression: 'none' })
        .toBuffer();
    }),
  );
  return joinTiffs(pages);
}

/** One file of several: offsets are moved, and each directory points to the next. Little endian, as the library writes. */
function joinTiffs(files: readonly Buffer[]): Buffer {
  const joined = Buffer.concat(files);
  let start = 0;
  let pointer = 4;
  for (const file of files) {
    const directory = joined.readUInt32LE(start + 4) + start;
    joined.writeUInt32LE(directory, pointer);
    const count = joined.readUInt16LE(directory);
    for (let entry = directory + 2; entry < directory + 2 + count * 12; entry += 12) moveEntry(joined, entry, start);
    pointer = directory + 2 + count * 12;
    joined.writeUInt32LE(0, pointer);
    start += file.length;
  }
  return joined;
}

const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

function moveEntry(file: Buffer, entry: number, by: number): void {
  const tag = file.readUInt16LE(entry);
  const type = file.readUInt16LE(entry + 2);
  const count = file.readUInt32LE(entry + 4);
  const outside = typeBytes[type] * count > 4;
  if (outside) file.writeUInt32LE(file.readUInt32LE(entry + 8) + by, entry + 8);
  if (tag !== 273) return;
  // StripOffsets: the strips have moved too.
  const strips = outside ? file.readUInt32LE(entry + 8) : entry + 8;
  for (let index = 0; index < count; index += 1) {
    const at = strips + index * typeBytes[type];
    if (type === 3) file.writeUInt16LE(file.readUInt16LE(at) + by, at);
    else file.writeUInt32LE(file.readUInt32LE(at) + by, at);
  }
}

/** An animated GIF of grey frames with their delays in milliseconds. */
export async function animatedGif(shades: readonly number[], delays: readonly number[]): Promise<Buffer> {
  const pixels = Buffer.concat(shades.map((shade) => Buffer.alloc(width * height * 3, shade)));
  return sharp(pixels, { raw: { width, height: height * shades.length, channels: 3, pageHeight: height } })
    .gif({ delay: [...delays], loop: 0 })
    .toBuffer();
}
