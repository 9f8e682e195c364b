// Owns how records get their names: sortable ids (UUID version 7, RFC 9562), DICOM UIDs of the 2.25 arc (PS3.5 B.2) and content hashes.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { hashUID } from '../dicom/write/uids.ts';

let lastMilliseconds = 0;
let counter = 0;

/** A UUID version 7. Ids of one process sort in the order in which they were made, also within a millisecond. */
export function newRecordId(): string {
  const now = Date.now();
  if (now > lastMilliseconds) {
    lastMilliseconds = now;
    counter = 0;
  } else {
    counter += 1;
    if (counter > 0xfff) {
      lastMilliseconds += 1;
      counter = 0;
    }
  }
  const bytes = randomBytes(16);
  bytes.writeUIntBE(lastMilliseconds, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return formatUUID(bytes);
}

/** A new UID for an annotation, a series or a study that has none: `2.25.` and the decimal form of a random UUID. */
export function newUID(): string {
  return `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
}

/** The UID of something that is known by its SHA-256 (hexadecimal): the same content has the same UID everywhere. */
export const contentUID = hashUID;

/** SHA-256 in lower-case hexadecimal. */
export function contentHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function formatUUID(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
