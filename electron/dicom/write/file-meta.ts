// Owns the head of a DICOM file around a data set that came over the network: preamble and file meta information (PS3.10 section 7.1). The
// data set follows it byte for byte as it was received.
import { implementationClassUID, implementationVersionName } from './write-part10.ts';

export interface FileMeta {
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  readonly transferSyntaxUID: string;
}

/** The same data set has the same head, whoever sent it and when: so that one that is sent twice is one file. */
export function fileMetaHeader({ sopClassUID, sopInstanceUID, transferSyntaxUID }: FileMeta): Uint8Array {
  const elements = Buffer.concat([
    Buffer.from([0x02, 0x00, 0x01, 0x00, 0x4f, 0x42, 0, 0, 2, 0, 0, 0, 0, 1]), // FileMetaInformationVersion, OB
    shortElement(0x0002, 'UI', sopClassUID),
    shortElement(0x0003, 'UI', sopInstanceUID),
    shortElement(0x0010, 'UI', transferSyntaxUID),
    shortElement(0x0012, 'UI', implementationClassUID),
    shortElement(0x0013, 'SH', implementationVersionName),
  ]);
  const groupLength = Buffer.from([0x02, 0x00, 0x00, 0x00, 0x55, 0x4c, 4, 0, 0, 0, 0, 0]); // UL
  groupLength.writeUInt32LE(elements.length, 8);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM', 'latin1'), groupLength, elements]);
}

/** An element of group 0002 in explicit little endian: tag, representation, length of two bytes, value of even length. */
function shortElement(element: number, vr: 'UI' | 'SH', text: string): Buffer {
  const padding = vr === 'UI' ? '\0' : ' ';
  const value = Buffer.from(text.length % 2 === 0 ? text : text + padding, 'latin1');
  const head = Buffer.alloc(8);
  head.writeUInt16LE(0x0002, 0);
  head.writeUInt16LE(element, 2);
  head.write(vr, 4, 'latin1');
  head.writeUInt16LE(value.length, 6);
  return Buffer.concat([head, value]);
}
