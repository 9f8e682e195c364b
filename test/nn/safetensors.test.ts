// Safetensors: what is written comes back, and a header that lies is refused by name.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  parseSafetensors,
  readSafetensors,
  readSafetensorsFolder,
  serializeSafetensors,
  shardTensors,
} from '../../electron/nn/safetensors.ts';

const floats = (...values: number[]): Float32Array => Float32Array.from(values);
const two = new Map([
  ['b.weight', { shape: [2, 2], data: floats(1, -2.5, 3e-5, 60000) }],
  ['a.bias', { shape: [3], data: floats(0, -0, 1 / 3) }],
]);

/** A file with the given header and data, as a foreign writer could leave it. */
function file(header: unknown, data: Uint8Array = new Uint8Array(), claimedLength?: bigint): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimedLength ?? BigInt(json.length));
  return new Uint8Array(Buffer.concat([length, json, data]));
}

const entry = (dtype: unknown, shape: unknown, start: number, end: number): unknown => ({
  dtype,
  shape,
  data_offsets: [start, end],
});

const expectRefusal = (bytes: Uint8Array, code: string, ...words: (string | RegExp)[]): void => {
  let error: unknown;
  try {
    parseSafetensors(bytes, 'lie.safetensors');
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ name: 'AppError', code });
  for (const word of ['lie.safetensors', ...words]) expect((error as Error).message).toMatch(word);
};

describe('serializeSafetensors', () => {
  it('gives float32 back bit for bit, with shapes and metadata', () => {
    const back = parseSafetensors(serializeSafetensors(two, { metadata: { note: 'ü' } }), 'x');
    expect(back.metadata).toEqual({ note: 'ü' });
    expect([...back.tensors.keys()]).toEqual(['a.bias', 'b.weight']);
    for (const [name, { shape, data }] of two) expect(back.tensors.get(name)).toEqual({ dataType: 'F32', shape, data });
    expect(Object.is(back.tensors.get('a.bias')!.data[1], -0)).toBe(true);
  });

  it('rounds to the nearest float16', () => {
    const back = parseSafetensors(serializeSafetensors(two, { dataType: 'F16' }), 'x').tensors.get('b.weight')!;
    expect(back.dataType).toBe('F16');
    expect([...back.data]).toEqual([1, -2.5, 503 * 2 ** -24, 60000]);
  });

  it('refuses float16 for a value beyond it, naming the tensor', () => {
    const large = new Map([['w', { shape: [1], data: floats(70000) }]]);
    expect(() => serializeSafetensors(large, { dataType: 'F16' })).toThrow(/w holds 70000/);
  });

  it('gives equal bytes for equal contents in any order, the data at a multiple of 8', () => {
    const bytes = serializeSafetensors(two, { metadata: { b: '2', a: '1' } });
    const again = serializeSafetensors(new Map([...two].reverse()), { metadata: { a: '1', b: '2' } });
    expect(Buffer.compare(bytes, again)).toBe(0);
    expect(Number(Buffer.from(bytes).readBigUInt64LE(0)) % 8).toBe(0);
  });

  it('writes an empty file that is read again', () => {
    expect(parseSafetensors(serializeSafetensors(new Map()), 'x').tensors.size).toBe(0);
  });
});

describe('parseSafetensors', () => {
  it('reads every type it knows, unaligned as it comes', () => {
    const data = Buffer.alloc(1 + 2 + 2 + 4 + 8 + 8 + 4 + 2 + 1);
    data.writeUInt8(1, 0);
    data.writeUInt16LE(0x3e00, 1); // float16 1.5
    data.writeUInt16LE(0xc020, 3); // bfloat16 -2.5
    data.writeFloatLE(0.25, 5);
    data.writeDoubleLE(-1e-3, 9);
    data.writeBigInt64LE(-(2n ** 60n), 17);
    data.writeInt32LE(-7, 25);
    data.writeInt16LE(-8, 29);
    data.writeInt8(-9, 31);
    const { tensors, integers } = parseSafetensors(
      file(
        {
          bool: entry('BOOL', [1], 0, 1),
          half: entry('F16', [1], 1, 3),
          brain: entry('BF16', [], 3, 5),
          single: entry('F32', [1, 1], 5, 9),
          double: entry('F64', [1], 9, 17),
          long: entry('I64', [1], 17, 25),
          int: entry('I32', [1], 25, 29),
          short: entry('I16', [1], 29, 31),
          byte: entry('I8', [1], 31, 32),
          none: entry('F32', [0, 5], 32, 32),
        },
        data,
      ),
      'x',
    );
    const values = Object.fromEntries([...tensors].map(([name, tensor]) => [name, [...tensor.data]]));
    expect(values).toEqual({ half: [1.5], brain: [-2.5], single: [0.25], double: [Math.fround(-1e-3)], none: [] });
    const whole = Object.fromEntries([...integers].map(([name, tensor]) => [name, [...tensor.data]]));
    expect(whole).toEqual({ bool: [1n], long: [-(2n ** 60n)], int: [-7n], short: [-8n], byte: [-9n] });
  });

  it('shares no memory with the file', () => {
    const bytes = serializeSafetensors(two);
    const { data } = parseSafetensors(bytes, 'x').tensors.get('b.weight')!;
    bytes.fill(0);
    expect(data[0]).toBe(1);
  });

  it('refuses a file that is cut off at any byte', () => {
    const bytes = serializeSafetensors(two);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => parseSafetensors(bytes.subarray(0, length), 'cut'), `at ${length}`).toThrow(/cut/);
    }
  });

  it('refuses an absurd header length', () => {
    expectRefusal(file({}, undefined, 2n ** 63n), 'corrupt', '9223372036854775808');
    expectRefusal(file({}, undefined, 90_000_000n), 'corrupt', 'the file ends after 10');
  });

  it.each([
    ['no JSON', 'x{', /not JSON/],
    ['no object', '[1]', /not a JSON object/],
    ['an entry that is a number', { w: 3 }, /tensor w/],
    ['a fractional shape', { w: entry('F32', [0.5], 0, 2) }, /tensor w.*shape/],
    ['a negative side', { w: entry('F32', [-1, -1], 0, 4) }, /tensor w.*shape/],
    ['a shape beyond counting', { w: entry('F32', [2 ** 50, 2 ** 50], 0, 4) }, /tensor w.*too large/],
    ['one offset', { w: { dtype: 'F32', shape: [1], data_offsets: [0] } }, /tensor w.*data_offsets/],
    ['a size that contradicts the shape', { w: entry('F32', [2], 0, 4) }, /tensor w.*takes 8 bytes/],
    ['offsets beyond the file', { w: entry('F32', [3], 0, 12) }, /tensor w.*end at byte 12/],
    ['overlapping tensors', { v: entry('F32', [2], 0, 8), w: entry('F32', [1], 4, 8) }, /v and w overlap/],
    ['a gap between tensors', { w: entry('F32', [1], 4, 8) }, /before tensor w/],
    ['bytes that no tensor owns', { w: entry('F32', [1], 0, 4) }, /take 4 bytes, but it holds 8/],
    ['metadata that is no text', { __metadata__: { a: 1 }, w: entry('F32', [2], 0, 8) }, /__metadata__ entry a/],
  ])('refuses a header with %s', (_, header, message) => {
    expectRefusal(file(header, new Uint8Array(8)), 'corrupt', message);
  });

  it('refuses an unknown data type by name', () => {
    expectRefusal(file({ w: entry('F8_E4M3', [8], 0, 8) }, new Uint8Array(8)), 'unsupported', 'tensor w', 'F8_E4M3');
  });
});

describe('readSafetensorsFolder', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sonosync-safetensors-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const write = (name: string, bytes: Uint8Array): void => {
    writeFileSync(join(folder, name), bytes);
  };

  it('joins the shards and keeps the metadata on which they agree', async () => {
    shardTensors(two, 16).forEach((shard, index) => {
      write(
        `weights-${index}.safetensors`,
        serializeSafetensors(shard, { metadata: { config: 'c', shard: `${index}` } }),
      );
    });
    write('manifest.json', Buffer.from('{}'));
    const joined = await readSafetensorsFolder(folder);
    expect(joined.metadata).toEqual({ config: 'c' });
    expect([...joined.tensors.keys()].sort()).toEqual(['a.bias', 'b.weight']);
  });

  it('refuses a tensor that two shards hold, naming both', async () => {
    write('one.safetensors', serializeSafetensors(two));
    write('two.safetensors', serializeSafetensors(two));
    await expect(readSafetensorsFolder(folder)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/a\.bias.*one\.safetensors.*two\.safetensors/),
    });
  });

  it('says so where there is no shard, no folder or no file', async () => {
    await expect(readSafetensorsFolder(folder)).rejects.toMatchObject({ code: 'not-found' });
    await expect(readSafetensorsFolder(join(folder, 'none'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(readSafetensors(join(folder, 'none.safetensors'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(readSafetensors(folder)).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('shardTensors', () => {
  const many = new Map(
    Array.from({ length: 7 }, (_, i) => [`t${i}`, { shape: [i + 1], data: new Float32Array(i + 1) }]),
  );

  it('keeps each shard within the limit, and every tensor once', () => {
    const shards = shardTensors(many, 40);
    const sizes = shards.map((shard) => [...shard.values()].reduce((sum, { data }) => sum + data.length * 4, 0));
    expect(sizes.every((size) => size <= 40)).toBe(true);
    expect(shards.flatMap((shard) => [...shard.keys()])).toEqual([...many.keys()]);
  });

  it('gives a tensor larger than the limit a shard of its own', () => {
    expect(shardTensors(many, 8).map((shard) => shard.size)).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(shardTensors(new Map(), 8)).toEqual([]);
  });

  it('counts float16 elements as two bytes', () => {
    expect(shardTensors(many, 28 * 2, 2)).toHaveLength(1);
    expect(shardTensors(many, 28 * 2, 4).length).toBeGreaterThan(1);
  });
});
