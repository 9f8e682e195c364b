// Owns the damaging of files for tests: every mutation is decided by a seed, so that a file that showed a fault can be made again.

export interface Mutation {
  readonly kind: string;
  readonly bytes: Uint8Array;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const kinds = [
  'flip bytes',
  'flip bytes of the pixel data',
  'change a length',
  'cut',
  'leave out',
  'repeat',
  'splice',
] as const;
const lengths = [0, 1, 7, 0x7f, 0xfe, 0xffff, 0x10000, 0x7fffffff, 0xfffffffe, 0xffffffff];

/** A damaged copy of `file`; `other` gives what is spliced in. */
export function mutate(file: Uint8Array, other: Uint8Array, random: () => number): Mutation {
  const below = (limit: number) => Math.floor(random() * limit);
  const kind = kinds[below(kinds.length)];
  const bytes = Buffer.from(file);
  const start = below(bytes.length);
  const end = Math.min(start + 1 + below(64), bytes.length);
  switch (kind) {
    case 'flip bytes':
      for (let count = 1 + below(8); count > 0; count -= 1) bytes[below(bytes.length)] = below(256);
      return { kind, bytes };
    case 'flip bytes of the pixel data': {
      const pixels = Math.max(bytes.lastIndexOf(Buffer.of(0xe0, 0x7f, 0x10, 0x00)), 132);
      for (let count = 1 + below(4); count > 0; count -= 1) bytes[pixels + below(bytes.length - pixels)] = below(256);
      return { kind, bytes };
    }
    case 'change a length': {
      // Lengths lie on even places, behind a tag or a representation.
      const place = Math.min(132 + below(Math.max(bytes.length - 136, 1)), bytes.length - 4) & ~1;
      if (random() < 0.5) bytes.writeUInt16LE(lengths[below(lengths.length)] & 0xffff, place);
      else bytes.writeUInt32LE(lengths[below(lengths.length)], place);
      return { kind, bytes };
    }
    case 'cut':
      return { kind, bytes: bytes.subarray(0, start) };
    case 'leave out':
      return { kind, bytes: Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]) };
    case 'repeat':
      return { kind, bytes: Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]) };
    case 'splice': {
      const from = below(other.length);
      return {
        kind,
        bytes: Buffer.concat([bytes.subarray(0, start), other.subarray(from, from + 512), bytes.subarray(end)]),
      };
    }
  }
}
