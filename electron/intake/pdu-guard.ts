// Owns the limit on what one message part may claim to be (PS3.8 section 9.3): a caller that announces gigabytes would have them kept in
// memory until they are there.

/** A data PDU is as long as was negotiated; association requests with every class and syntax stay far below this. */
const longestPdu = 8 * 2 ** 20;
const headerBytes = 6;

export class PduGuard {
  #header = Buffer.alloc(0);
  /** Bytes of the present PDU that are still to come. */
  #left = 0;

  /** False where a PDU announces more than is ever sent. */
  admits(chunk: Uint8Array): boolean {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, rest.length);
        this.#left -= taken;
        rest = rest.subarray(taken);
        continue;
      }
      const missing = headerBytes - this.#header.length;
      this.#header = Buffer.concat([this.#header, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (this.#header.length < headerBytes) return true;
      // Type, reserved byte, length.
      this.#left = this.#header.readUInt32BE(2);
      this.#header = Buffer.alloc(0);
      if (this.#left > longestPdu) return false;
    }
    return true;
  }
}
