// Owns the transfer syntaxes that are read (PS3.5 section 10, PS3.6 annex A) and which decoder each needs.

export const implicitLittleEndian = '1.2.840.10008.1.2';
export const explicitLittleEndian = '1.2.840.10008.1.2.1';
export const deflatedLittleEndian = '1.2.840.10008.1.2.1.99';
export const explicitBigEndian = '1.2.840.10008.1.2.2';

export type PixelCoding = 'native' | 'rle' | 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k' | 'jpeg-xl';

const codings: Readonly<Record<string, PixelCoding>> = {
  [implicitLittleEndian]: 'native',
  [explicitLittleEndian]: 'native',
  [deflatedLittleEndian]: 'native',
  [explicitBigEndian]: 'native',
  '1.2.840.10008.1.2.5': 'rle',
  '1.2.840.10008.1.2.4.50': 'jpeg',
  '1.2.840.10008.1.2.4.51': 'jpeg',
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

/** How the pixels of a transfer syntax are coded, or null where no decoder is at hand (video, JPIP). */
export function pixelCodingOf(transferSyntaxUID: string): PixelCoding | null {
  return codings[transferSyntaxUID] ?? null;
}
