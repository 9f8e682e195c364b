// Owns the way from attributes to a DICOM file (PS3.10): explicit little endian, text in UTF-8. A keyword that does not exist is a bug.
import type dcmjs from 'dcmjs';
import { AppError } from '../../common/errors.ts';
import type { Attributes, AttributeValue } from './attributes.ts';
import { isPrivateKeyword, privateCreator, privateCreatorTag, privateElement } from './private-elements.ts';
import { explicitLittleEndian } from '../transfer-syntaxes.ts';

/** Told to readers in the file meta information (PS3.7 D.3.3.2): the UID of SonoSync's writer. */
export const implementationClassUID = '2.25.257838105211837219146329430528736102345';
export const implementationVersionName = 'SONOSYNC';

type Library = typeof dcmjs;
type EncodedElement = { readonly vr: string; readonly Value: readonly unknown[] };

/** The bytes of a file with these attributes; SOPClassUID and SOPInstanceUID must be among them. */
export async function writePart10(attributes: Attributes): Promise<Uint8Array> {
  const { default: library } = await import('dcmjs');
  const { SOPClassUID, SOPInstanceUID } = attributes;
  if (typeof SOPClassUID !== 'string' || typeof SOPInstanceUID !== 'string') {
    throw new Error('A DICOM object needs SOPClassUID and SOPInstanceUID.');
  }
  const file = new library.data.DicomDict(
    encode(library, {
      FileMetaInformationVersion: Uint8Array.of(0, 1),
      MediaStorageSOPClassUID: SOPClassUID,
      MediaStorageSOPInstanceUID: SOPInstanceUID,
      TransferSyntaxUID: explicitLittleEndian,
      ImplementationClassUID: implementationClassUID,
      ImplementationVersionName: implementationVersionName,
    }),
  );
  file.dict = encode(library, { ...attributes, SpecificCharacterSet: 'ISO_IR 192' });
  // What is taken over from an original may be longer than allowed there too, and has to stay the same.
  return new Uint8Array(file.write({ allowInvalidVRLength: true }));
}

function encode(library: Library, attributes: Attributes): Record<string, EncodedElement> {
  const elements: Record<string, EncodedElement> = {};
  for (const [keyword, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const { tag, vr } = describe(library, keyword);
    elements[tag] = { vr, Value: encodeValue(library, keyword, vr, value) };
    if (isPrivateKeyword(keyword)) elements[hexadecimal(privateCreatorTag)] = { vr: 'LO', Value: [privateCreator] };
  }
  return elements;
}

function describe(library: Library, keyword: string): { tag: string; vr: string } {
  if (isPrivateKeyword(keyword)) {
    const { tag, vr } = privateElement(keyword);
    return { tag: hexadecimal(tag), vr };
  }
  const entry = library.data.DicomMetaDictionary.nameMap[keyword];
  if (!entry) throw new Error(`DICOM has no attribute "${keyword}".`);
  const tag = entry.tag.replaceAll(/[(),]/g, '').toUpperCase();
  // Samples of up to 8 bits: a string of bytes or of words, as one likes (PS3.5 section 8.2).
  return { tag, vr: entry.vr === 'ox' ? 'OB' : entry.vr };
}

function encodeValue(library: Library, keyword: string, vr: string, value: Exclude<AttributeValue, undefined>) {
  if (value === null) return [];
  if (value instanceof Uint8Array) return [exactBuffer(keyword, value)];
  const values = Array.isArray(value) ? value : [value];
  if (vr === 'SQ') return values.map((item) => encode(library, item as Attributes)); // only sequences hold attributes
  return values;
}

/** The bytes as a buffer of their own, padded to an even length. */
function exactBuffer(keyword: string, bytes: Uint8Array): ArrayBuffer {
  if (bytes.length > 0xffff_fffe) {
    throw new AppError('unsupported', `${keyword} of ${bytes.length} bytes is more than one DICOM object can hold.`);
  }
  if (bytes.length % 2 === 0 && bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer) {
    return bytes.buffer;
  }
  const padded = new Uint8Array(bytes.length + (bytes.length % 2));
  padded.set(bytes);
  return padded.buffer;
}

function hexadecimal(tag: number): string {
  return tag.toString(16).toUpperCase().padStart(8, '0');
}
