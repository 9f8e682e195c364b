// Owns the transfer syntaxes that are read (PS3.5 section 10, PS3.6 annex A) and which decoder each needs.

export const implicitLittleEndian = '1.2.840.10008.1.2';
export const explicitLittleEndian = '1.2.840.10008.1.2.1';
export const deflatedLittleEndian = '1.2.840.10008.1.2.1.99';
export const explicitBigEndian = '1.2.840.10008.1.2.2';

/** 'plain' and 'deflated' are uncompressed frames in fragments, as they are and deflated (PS3.5 A.4.11 and A.4.13). */
export type PixelCoding =
  'native' | 'plain' | 'deflated' | 'rle' | 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k' | 'jpeg-xl';

const codings: Readonly<Record<string, PixelCoding>> = {
  [implicitLittleEndian]: 'native',
  [explicitLittleEndian]: 'native',
  [deflatedLittleEndian]: 'native',
  [explicitBigEndian]: 'native',
  '1.2.840.10008.1.2.1.98': 'plain',
  '1.2.840.10008.1.2.8.1': 'deflated',
  '1.2.840.10008.1.2.5': 'rle',
  '1.2.840.10008.1.2.4.50': 'jpeg',
  '1.2.840.10008.1.2.4.51': 'jpeg',
  // Progressive JPEG, retired from the standard and still in archives.
  '1.2.840.10008.1.2.4.53': 'jpeg',
  '1.2.840.10008.1.2.4.55': 'jpeg',
  '1.2.840.10008.1.2.4.57': 'jpeg',
  '1.2.840.10008.1.2.4.70': 'jpeg',
  '1.2.840.10008.1.2.4.80': 'jpeg-ls',
  '1.2.840.10008.1.2.4.81': 'jpeg-ls',
  '1.2.840.10008.1.2.4.90': 'jpeg-2000',
  '1.2.840.10008.1.2.4.91': 'jpeg-2000',
  '1.2.840.10008.1.2.4.110': 'jpeg-xl',
  '1.2.840.10008.1.2.4.111': 'jpeg-xl',
  '1.2.840.10008.1.2.4.112': 'jpeg-xl',
  '1.2.840.10008.1.2.4.201': 'htj2k',
  '1.2.840.10008.1.2.4.202': 'htj2k',
  '1.2.840.10008.1.2.4.203': 'htj2k',
};

/** Whether frames are samples in the order of PS3.5 section 8.2, however they are packed. */
export function isUncompressed(coding: PixelCoding): boolean {
  return coding === 'native' || coding === 'plain' || coding === 'deflated';
}

/** Every transfer syntax whose pixels are decoded. */
export const decodedSyntaxes: readonly string[] = Object.keys(codings);

/** How the pixels of a transfer syntax are coded, or null where no decoder is at hand (JPIP) or frames do not stand by themselves (video). */
export function pixelCodingOf(transferSyntaxUID: string): PixelCoding | null {
  return codings[transferSyntaxUID] ?? null;
}

/** MPEG-2, MPEG-4 AVC/H.264 and HEVC/H.265, whole or in fragments (PS3.5 sections 8.2.5 to 8.2.8): the pixel data are one video. */
export function isVideoSyntax(transferSyntaxUID: string): boolean {
  return /^1\.2\.840\.10008\.1\.2\.4\.10[0-8](\.1)?$/.test(transferSyntaxUID);
}
