// Owns the door to the DICOM decoder, which starts when the first DICOM file is met: workspaces of plain images start without it.
import type { DecodedFile, DicomDecoder, DicomSource, FrameOptions } from '../dicom/decoder.ts';
import type { DicomDirectory } from '../dicom/read-directory.ts';
import type { DicomHeader } from '../dicom/file-header.ts';
import type { DicomFile } from '../dicom/read-dicom.ts';

export type { DicomFile, DicomHeader, FrameOptions };

let decoder: Promise<DicomDecoder> | null = null;

/** DicomDecoder.open: parsing and decoding happen in threads of their own. Throws AppError naming the file. */
export async function openDicom(source: DicomSource, fileName: string): Promise<DecodedFile> {
  decoder ??= import('../dicom/decoder.ts').then((module) => new module.DicomDecoder());
  return (await decoder).open(source, fileName);
}

/** The directory of a disc, or null where the file is none. Throws AppError naming the file where it is damaged. */
export async function openDicomDirectory(bytes: Uint8Array, fileName: string): Promise<DicomDirectory | null> {
  const { isDicomDirectory, readDicomDirectory } = await import('../dicom/read-directory.ts');
  return isDicomDirectory(bytes) ? readDicomDirectory(bytes, fileName) : null;
}
