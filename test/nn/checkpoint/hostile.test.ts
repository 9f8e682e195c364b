// Checkpoints made to harm: nothing in them is run, every lie is found, and the error names it.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../../electron/nn/checkpoint/read.ts';
import { pickle, tensor, torchFile, zip, type Pickled, type TensorClaim } from '../../support/torch-file.ts';

const tiny = join(import.meta.dirname, '../../fixtures/perceptguide-tiny/tiny_latest_3.pth');
const storage = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
const honest: TensorClaim = { key: '0', elements: 4, shape: [2, 2], strides: [2, 1] };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sonosync-hostile-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function refusal(bytes: Uint8Array): Promise<{ code: string; message: string }> {
  const path = join(folder, 'evil.pth');
  writeFileSync(path, bytes);
  const error: unknown = await readCheckpoint(path).then(
    () => expect.fail('the file was read'),
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'AppError' });
  const { code, message } = error as { code: string; message: string };
  expect(message).toContain('evil.pth');
  return { code, message };
}

const one = (value: Pickled, storages: Record<string, Uint8Array> = { 0: storage }): Uint8Array =>
  torchFile({ dict: [['w', value]] }, storages);
const raw = (...bytes: number[]): Uint8Array => zip([['archive/data.pkl', Buffer.from([0x80, 2, ...bytes])]]);

it('reads the honest form of what follows', async () => {
  const path = join(folder, 'honest.pth');
  writeFileSync(path, one(tensor(honest)));
  expect([...(await readCheckpoint(path)).tensors.get('w')!.data]).toEqual([1, 2, 3, 4]);
});

describe('pickles', () => {
  it('refuses os.system and runs nothing', async () => {
    const marker = join(folder, 'marker');
    const { code, message } = await refusal(one({ call: ['os', 'system'], with: [`touch ${marker}`] }));
    expect(code).toBe('unsupported');
    expect(message).toContain('os.system');
    expect(existsSync(marker)).toBe(false);
  });

  it.each([
    ['builtins', 'eval'],
    ['builtins', 'getattr'],
    ['torch', 'load'],
    ['torch._utils', '_rebuild_tensor_v2.__globals__'],
    ['numpy.core.multiarray', '_reconstruct'],
    ['__main__', 'toString'],
    ['', 'constructor'],
  ])('refuses the global %s.%s by name', async (module, name) => {
    const { code, message } = await refusal(one({ global: [module, name] }));
    expect(code).toBe('unsupported');
    expect(message).toContain(`${module}.${name}`);
  });

  it('refuses a call of an allowed name that is no function', async () => {
    const { code, message } = await refusal(one({ call: ['torch', 'FloatStorage'], with: [] }));
    expect(code).toBe('unsupported');
    expect(message).toContain('calls torch.FloatStorage');
  });

  it('refuses a call of a value', async () => {
    const { code, message } = await refusal(raw(0x4b, 1, 0x29, 0x52, 0x2e)); // BININT1 1, EMPTY_TUPLE, REDUCE
    expect(code).toBe('unsupported');
    expect(message).toContain('calls a number');
  });

  it.each([
    ['INST', 0x69],
    ['OBJ', 0x6f],
    ['NEWOBJ', 0x81],
    ['NEWOBJ_EX', 0x92],
    ['EXT1', 0x82],
    ['PERSID', 0x50],
    ['NEXT_BUFFER', 0x97],
  ])('refuses the opcode %s by its number', async (_, opcode) => {
    const { code, message } = await refusal(raw(opcode, 0x2e));
    expect(code).toBe('unsupported');
    expect(message).toContain(`opcode 0x${opcode.toString(16)} at byte 2`);
  });

  it.each([
    ['ends without STOP', [0x7d]],
    ['stops with nothing', [0x2e]],
    ['recalls what was never kept', [0x68, 9, 0x2e]],
    ['closes a mark that was never opened', [0x74, 0x2e]],
    ['sets items of a number', [0x4b, 1, 0x28, 0x4b, 1, 0x4b, 1, 0x75, 0x2e]],
    ['has a key without a value', [0x7d, 0x28, 0x4b, 1, 0x75, 0x2e]],
    ['claims a text longer than itself', [0x58, 0xff, 0xff, 0xff, 0x7f, 0x2e]],
    ['names a global without end', [0x63, 0x6f, 0x73]],
    ['sets attributes of a list', [0x5d, 0x7d, 0x62, 0x2e]],
  ])('refuses a pickle that %s', async (_, bytes) => {
    expect((await refusal(raw(...bytes))).code).toBe('corrupt');
  });

  it('refuses marks nested beyond reason', async () => {
    expect((await refusal(raw(...Array.from({ length: 100_000 }, () => 0x28)))).message).toContain('nested marks');
  });

  it('survives a list that holds itself', async () => {
    // EMPTY_LIST, BINPUT 0, BINGET 0, APPEND, STOP
    expect((await refusal(raw(0x5d, 0x71, 0, 0x68, 0, 0x61, 0x2e))).message).toContain('holds a list');
  });

  it('refuses the old protocols', async () => {
    const { message } = await refusal(zip([['archive/data.pkl', Buffer.from([0x80, 1, 0x7d, 0x2e])]]));
    expect(message).toContain('pickle protocol 1');
  });

  it('takes names that JavaScript objects treat specially as plain names', async () => {
    const path = join(folder, 'proto.pth');
    writeFileSync(path, torchFile({ dict: [['__proto__', tensor(honest)], ['constructor', tensor(honest)]] }, { 0: storage })); // prettier-ignore
    expect([...(await readCheckpoint(path)).tensors.keys()]).toEqual(['__proto__', 'constructor']);
  });
});

describe('tensors', () => {
  it.each([
    ['strides beyond the storage', { ...honest, strides: [3, 1] }, /reach element 4; its storage has 4/],
    ['an offset beyond the storage', { ...honest, offset: 1 }, /reach element 4/],
    ['a shape beyond the storage', { ...honest, shape: [200_000, 2] }, /its storage has 4/],
    ['a shape beyond counting', { ...honest, shape: [2 ** 40, 2 ** 40], strides: [0, 0] }, /too large/],
    [
      'a storage smaller than it says',
      { ...honest, elements: 400, shape: [400], strides: [1] },
      /take 1600 bytes.*has 16/,
    ],
    ['a wrong element type', { ...honest, storage: 'DoubleStorage' }, /F64 take 32 bytes.*has 16/],
    ['more strides than sides', { ...honest, strides: [2, 1, 1] }, /arguments of torch\._utils\._rebuild_tensor_v2/],
    ['a negative stride', { ...honest, strides: [-2, 1] }, /arguments of/],
    ['a missing storage', { ...honest, key: '7' }, /tensor w: its storage archive\/data\/7 is missing/],
  ])('with %s are refused', async (_, claim, message) => {
    const found = await refusal(one(tensor(claim)));
    expect(found.code).toBe('corrupt');
    expect(found.message).toMatch(message);
  });

  it('that blow four elements up to a billion are refused', async () => {
    const found = await refusal(one(tensor({ ...honest, shape: [2 ** 30], strides: [0] })));
    expect(found).toMatchObject({ code: 'unsupported', message: expect.stringContaining('tensor w') as string });
  });

  it('that together exceed the memory are refused before one is read', async () => {
    const large = 2 ** 28; // claims only: no storage is there
    const names = ['a', 'b', 'c'].map((name): [string, Pickled] => [
      name,
      tensor({ key: name, elements: large, shape: [large], strides: [1] }),
    ]);
    expect((await refusal(torchFile({ dict: names }, {}))).message).toContain(`${3 * large} elements`);
  });

  it('that see one storage as two types are refused', async () => {
    const root: Pickled = { dict: [['v', tensor(honest)], ['w', tensor({ ...honest, storage: 'IntStorage' })]] }; // prettier-ignore
    expect((await refusal(torchFile(root, { 0: storage }))).message).toContain('v and w');
  });

  it('with an unknown storage type are refused by name', async () => {
    const found = await refusal(one(tensor({ ...honest, storage: 'ComplexFloatStorage' })));
    expect(found).toMatchObject({ code: 'unsupported', message: expect.stringContaining('torch.ComplexFloatStorage') as string }); // prettier-ignore
  });
});

describe('archives', () => {
  it('cut off at any place are refused', async () => {
    const whole = readFileSync(tiny);
    for (let length = 4; length < whole.length; length += 97) {
      expect((await refusal(whole.subarray(0, length))).code, `at ${length}`).toMatch(/corrupt|unsupported/);
    }
  });

  it('with one changed byte in a storage are refused by its checksum', async () => {
    const bytes = Buffer.from(one(tensor(honest)));
    bytes[bytes.indexOf(storage) + 3] ^= 0x10;
    expect((await refusal(bytes)).message).toContain('checksum of entry archive/data/0');
  });

  it('with random bytes overwritten give an error or the tensors, never a fault', async () => {
    const whole = readFileSync(tiny);
    let seed = 7;
    const random = (limit: number): number => {
      seed = (seed * 48271) % 2147483647;
      return seed % limit;
    };
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(whole);
      for (let change = 0; change < 3; change += 1) bytes[random(bytes.length)] = random(256);
      const path = join(folder, 'random.pth');
      writeFileSync(path, bytes);
      const outcome: unknown = await readCheckpoint(path).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome.name, outcome.stack).toBe('AppError');
    }
  });

  it('with a wrong checksum, twice the same entry, or a bomb are refused', async () => {
    const root: Pickled = { dict: [['w', tensor(honest)]] };
    expect((await refusal(torchFile(root, { 0: storage }, { wrongChecksum: true }))).message).toContain('checksum');
    const data = pickle(root);
    const twice = zip([['archive/data.pkl', data], ['archive/data.pkl', data]]); // prettier-ignore
    expect((await refusal(twice)).message).toContain('two entries archive/data.pkl');
    const bomb = Buffer.from(torchFile(root, { 0: new Uint8Array(10_000_000) }, { deflate: true }));
    const claimed = bomb.lastIndexOf(Buffer.from('archive/data/0')) - 46 + 24; // unpacked size in the directory
    bomb.writeUInt32LE(16, claimed);
    expect((await refusal(bomb)).message).toMatch(/archive\/data\/0 cannot be unpacked to its 16 bytes/);
  });

  it('with a directory that points outside the file are refused', async () => {
    const bytes = Buffer.from(one(tensor(honest)));
    bytes.writeUInt32LE(0x7fffffff, bytes.length - 22 + 16);
    expect((await refusal(bytes)).code).toBe('corrupt');
    const more = Buffer.from(one(tensor(honest)));
    more.writeUInt16LE(500, more.length - 22 + 10);
    expect((await refusal(more)).message).toContain('of 500 entries');
  });
});
