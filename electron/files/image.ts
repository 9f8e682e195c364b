// Owns pictures as files: decoding to 8-bit samples as displayed, and encoding of frames, thumbnails and masks.
import sharp, { type Metadata } from 'sharp';
import { AppError } from '../common/errors.ts';
import type { BinaryMask } from '../common/mask.ts';
import type { Picture } from '../common/picture.ts';
import { decodeBitmap } from './bitmap.ts';
import { sniffMediaType } from './media-type.ts';

const pixelLimit = 100_000_000;
const thumbnailWidth = 160;

/**
 * Decodes PNG, JPEG, WebP, TIFF (its first page) or BMP, whatever the name ends in. Grey stays 1 channel; alpha is flattened on black, 16-bit
 * samples are scaled to 8, EXIF orientation is applied, colour profiles are not: the stored values are what other readers of the data see.
 * Throws AppError('bad-input') for another or a damaged file, AppError('unsupported') for floating-point samples; both name the file.
 */
export async function decodeImage(bytes: Uint8Array, fileName: string): Promise<Picture> {
  const mediaType = sniffMediaType(bytes);
  if (mediaType === null || mediaType === 'application/dicom') {
    const found = mediaType === null ? 'its content is none of them' : 'it is a DICOM file';
    throw new AppError('bad-input', `${fileName}: expected a PNG, JPEG, WebP, TIFF or BMP picture; ${found}.`);
  }
  if (mediaType === 'image/bmp') return decodeBitmap(bytes, fileName);
  const options = { failOn: 'error', limitInputPixels: pixelLimit, ignoreIcc: true } as const;
  try {
    const source = sharp(bytes, options);
    const metadata = await source.metadata();
    refuseUnsupported(metadata, fileName);
    const grey = metadata.space === 'b-w' || metadata.space === 'grey16';
    const { data, info } = await source
      .autoOrient()
      .flatten({ background: 'black' })
      .toColourspace(grey ? 'b-w' : 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const picture = toPicture(data, info.width, info.height, info.channels);
    // WebP has no grey mode: grey pictures are stored as colour without any.
    return mediaType === 'image/webp' ? dropEqualChannels(picture) : picture;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('bad-input', `${fileName} is damaged or incomplete: ${reasonOf(error)}.`, { cause: error });
  }
}

/** Width and height as decodeImage would give them, without decoding. Throws AppError('bad-input') that names the file. */
export async function readImageSize(bytes: Uint8Array, fileName: string): Promise<{ width: number; height: number }> {
  if (sniffMediaType(bytes) === 'image/bmp') {
    const { width, height } = decodeBitmap(bytes, fileName);
    return { width, height };
  }
  const { autoOrient } = await sharp(bytes)
    .metadata()
    .catch((cause: unknown) => {
      throw new AppError('bad-input', `${fileName} is no picture, or a damaged one: ${reasonOf(cause)}.`, { cause });
    });
  return { width: autoOrient.width, height: autoOrient.height };
}

function refuseUnsupported(metadata: Metadata, fileName: string): void {
  const { width, height, depth } = metadata;
  if (width * height > pixelLimit) {
    throw new AppError(
      'bad-input',
      `${fileName} has ${width}×${height} pixels; up to ${pixelLimit / 1e6} million are read.`,
    );
  }
  if (depth !== 'uchar' && depth !== 'ushort') {
    throw new AppError(
      'unsupported',
      `${fileName} holds samples of type "${depth}"; expected 8 or 16 bits without sign.`,
    );
  }
}

/** The library's words, of which only the first line means something to a reader. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .split('\n')[0]
    .replace(/^vips\w*: /i, '')
    .replace(/\.$/, '');
}

function toPicture(data: Uint8Array, width: number, height: number, channels: number): Picture {
  // A copy out of the library's pooled memory, so that the picture owns its buffer and can be transferred.
  const pixels = new Uint8Array(data);
  if (channels === 1 || channels === 3) return { width, height, channels, pixels };
  throw new Error(`The image library returned ${channels} channels where 1 or 3 were asked for.`);
}

/** The luminance of a picture whose channels differ by rounding only (the decoder's way from YUV gives up to 1); other pictures unchanged. */
function dropEqualChannels(picture: Picture): Picture {
  const { width, height, pixels } = picture;
  if (picture.channels === 1) return picture;
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i += 1) {
    const red = pixels[i * 3];
    const green = pixels[i * 3 + 1];
    const blue = pixels[i * 3 + 2];
    if (Math.abs(red - green) > 1 || Math.abs(red - blue) > 1 || Math.abs(green - blue) > 1) return picture;
    grey[i] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  }
  return { width, height, channels: 1, pixels: grey };
}

/** Lossless PNG of a frame, grey or RGB as the picture is. */
export async function encodePng(picture: Picture): Promise<Uint8Array> {
  return new Uint8Array(await fromPicture(picture).png({ compressionLevel: 4 }).toBuffer());
}

/** JPEG without subsampled colour. */
export async function encodeJpeg(picture: Picture, quality: number): Promise<Uint8Array> {
  return new Uint8Array(await fromPicture(picture).jpeg({ quality, chromaSubsampling: '4:4:4' }).toBuffer());
}

/** A JPEG at most 160 pixels wide, never enlarged. */
export async function encodeThumbnail(picture: Picture): Promise<Uint8Array> {
  const thumbnail = fromPicture(picture).resize({ width: thumbnailWidth, withoutEnlargement: true });
  return new Uint8Array(await thumbnail.jpeg({ quality: 80 }).toBuffer());
}

/** A grey PNG of 0 and 255. */
export async function encodeMaskPng(mask: BinaryMask): Promise<Uint8Array> {
  const pixels = mask.data.map((value) => value * 255);
  const picture: Picture = { width: mask.width, height: mask.height, channels: 1, pixels };
  return new Uint8Array(await fromPicture(picture).png({ compressionLevel: 9 }).toBuffer());
}

function fromPicture({ width, height, channels, pixels }: Picture) {
  const pipeline = sharp(pixels, { raw: { width, height, channels } });
  return channels === 1 ? pipeline.toColourspace('b-w') : pipeline;
}
