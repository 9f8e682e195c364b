// Owns pictures as files: decoding to 8-bit samples as displayed, and encoding of frames, thumbnails and masks.
import sharp, { type Metadata, type Sharp } from 'sharp';
import { AppError, messageOf } from '../common/errors.ts';
import type { BinaryMask } from '../common/mask.ts';
import { mostPixels, type Picture } from '../common/picture.ts';
import type { MediaType } from '../common/study.ts';
import { decodeBitmap } from './bitmap.ts';
import { sniffMediaType } from './media-type.ts';

const thumbnailWidth = 160;

/**
 * Decodes PNG, JPEG, WebP, TIFF, GIF or BMP, whatever the name ends in; of several frames, the first. Grey stays 1 channel; alpha is flattened on black, 16-bit
 * samples are scaled to 8, EXIF orientation is applied, colour profiles are not: the stored values are what other readers of the data see.
 * Throws AppError('bad-input') for another or a damaged file, AppError('unsupported') for floating-point samples; both name the file.
 */
export async function decodeImage(bytes: Uint8Array, fileName: string): Promise<Picture> {
  const mediaType = requirePicture(bytes, fileName);
  return mediaType === 'image/bmp' ? decodeBitmap(bytes, fileName) : decodePage(bytes, fileName, mediaType, 0);
}

/** What the bytes are. Throws AppError('bad-input') for anything but a picture. */
export function requirePicture(bytes: Uint8Array, fileName: string): MediaType {
  const mediaType = sniffMediaType(bytes);
  if (mediaType?.startsWith('image/')) return mediaType;
  let found = 'its content is none of them';
  if (mediaType !== null) found = mediaType === 'application/dicom' ? 'it is a DICOM file' : 'it is a video';
  throw new AppError('bad-input', `${fileName}: expected a PNG, JPEG, WebP, TIFF, GIF or BMP picture; ${found}.`);
}

/** One page of a picture other than BMP, from 0; `source` is bytes or a path. Otherwise as decodeImage. */
export async function decodePage(
  source: Uint8Array | string,
  fileName: string,
  mediaType: MediaType,
  page: number,
): Promise<Picture> {
  try {
    const input = openPage(source, page);
    const metadata = await input.metadata();
    refuseUnsupported(metadata, fileName);
    const grey = metadata.space === 'b-w' || metadata.space === 'grey16';
    const { data, info } = await input
      .autoOrient()
      .flatten({ background: 'black' })
      .toColourspace(grey ? 'b-w' : 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const picture = toPicture(data, info.width, info.height, info.channels);
    // WebP and GIF have no grey mode: grey pictures are stored as colour without any.
    return mediaType === 'image/webp' || mediaType === 'image/gif' ? dropEqualChannels(picture) : picture;
  } catch (error) {
    throw toPictureError(error, fileName);
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

/** A page as the library opens it: strict about damage, and without the pages after it. */
export function openPage(source: Uint8Array | string, page: number): Sharp {
  return sharp(source, { failOn: 'error', limitInputPixels: mostPixels, ignoreIcc: true, page, pages: 1 });
}

/** The library's errors in the reader's words. */
export function toPictureError(error: unknown, fileName: string): AppError {
  if (error instanceof AppError) return error;
  return new AppError('bad-input', `${fileName} is damaged or incomplete: ${reasonOf(error)}.`, { cause: error });
}

function refuseUnsupported(metadata: Metadata, fileName: string): void {
  const { width, height, depth } = metadata;
  if (width * height > mostPixels) {
    throw new AppError(
      'bad-input',
      `${fileName} has ${width}×${height} pixels; up to ${mostPixels / 1e6} million are read.`,
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
  const message = messageOf(error);
  // Each format's library has words of its own for it.
  if (/read error|premature end|truncat|unexpected end|not enough|out of data|end of (file|data)/i.test(message)) {
    return 'its data end early or are damaged';
  }
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

/** JPEG of three channels, grey pictures too, without subsampled colour. */
export async function encodeJpeg(picture: Picture, quality: number): Promise<Uint8Array> {
  const colored = fromPicture(picture).toColourspace('srgb');
  return new Uint8Array(await colored.jpeg({ quality, chromaSubsampling: '4:4:4' }).toBuffer());
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
