// Owns telling apart the DICOM files that hold no image, by their storage class (PS3.4 annex B.5), for the words with which they are skipped.

/** Storage classes by the start of their UID, the longer ones first. */
const documents: readonly (readonly [start: string, words: string])[] = [
  ['1.2.840.10008.1.3.10', 'the index of a disc (DICOMDIR)'],
  ['1.2.840.10008.5.1.4.1.1.104.1', 'a PDF document'],
  ['1.2.840.10008.5.1.4.1.1.104.', 'a document'],
  ['1.2.840.10008.5.1.4.1.1.88.59', 'a selection of key images'],
  ['1.2.840.10008.5.1.4.1.1.88.', 'a structured report'],
  ['1.2.840.10008.5.1.4.1.1.11.', 'a presentation state'],
  ['1.2.840.10008.5.1.4.1.1.66.4', 'a segmentation'],
  ['1.2.840.10008.5.1.4.1.1.66.', 'a registration or a surface'],
  ['1.2.840.10008.5.1.4.1.1.66', 'raw data'],
  ['1.2.840.10008.5.1.4.1.1.67', 'a table of measured values'],
  ['1.2.840.10008.5.1.4.1.1.9.', 'a waveform, such as an ECG'],
  ['1.2.840.10008.5.1.4.1.1.481.', 'a radiotherapy object'],
];

const metaBytes = 1024;

/** What a DICOM file without an image is, or null: an image, a class that is not known, or a file without meta information. */
export function describeDocument(bytes: Uint8Array): string | null {
  const meta = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, metaBytes)).toString('latin1');
  if (!meta.startsWith('DICM', 128)) return null;
  // MediaStorageSOPClassUID (0002,0002), explicit little endian: tag, representation, length of two bytes, value.
  // oxlint-disable-next-line no-control-regex -- the bytes of a tag
  const uid = /\x02\x00\x02\x00UI[\s\S]{2}([0-9.]+)/.exec(meta)?.[1];
  return documents.find(([start]) => uid?.startsWith(start))?.[1] ?? null;
}
