// Owns the bytes on the loopback wire: MessagePack (msgpack.org), where a Uint8Array is a binary value of its own.
import { decode, encode } from '@msgpack/msgpack';
import { AppError } from '../common/errors.ts';

export const wireMediaType = 'application/msgpack';

/** Fields that are undefined are left out, as in JSON; null stays null. */
export function encodeMessage(value: unknown): Uint8Array {
  return encode(value, { ignoreUndefined: true });
}

/** Throws AppError('bad-input') on bytes that are not one MessagePack value. */
export function decodeMessage(bytes: Uint8Array): unknown {
  try {
    // A plain view: the decoder slices binary values off with the class that it was given.
    return decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (cause) {
    throw new AppError('bad-input', 'The request body is not one MessagePack value.', { cause });
  }
}
