// Owns the door to the DICOM reader, which is loaded when the first DICOM file is met: workspaces of plain images start without it.
import type { DicomFile } from '../dicom/read-dicom.ts';

export type { DicomFile };

/** readDicom of electron/dicom. Throws AppError naming the file. */
export async function openDicom(bytes: Uint8Array, fileName: string): Promise<DicomFile> {
  const { readDicom } = await import('../dicom/read-dicom.ts');
  return readDicom(bytes, fileName);
}
