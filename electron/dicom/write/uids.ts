// Owns UIDs that are made, not found: always the same for the same content, so that exporting twice makes the same object, not a second one.
import { createHash } from 'node:crypto';

/** A UID from what identifies the thing. */
export function derivedUID(...parts: readonly string[]): string {
  return hashUID(createHash('sha256').update(JSON.stringify(parts)).digest('hex'));
}

/**
 * The UID of what is known by its SHA-256 (hexadecimal), of the 2.25 arc (PS3.5 section B.2). The integer is the first 128 bits of the hash,
 * marked as a UUID of version 8 (RFC 9562, section 5.8).
 */
export function hashUID(hash: string): string {
  const bytes = Buffer.from(hash.slice(0, 32), 'hex');
  bytes[6] = 0x80 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`;
}
