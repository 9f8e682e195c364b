// The checkpoint reader on the authors' forms, on other honest writers' files, and on what is no checkpoint.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalizeTensorName, readCheckpoint } from '../../../electron/nn/checkpoint/read.ts';
import { serializeSafetensors } from '../../../electron/nn/safetensors.ts';
import { tensor, torchFile, zip, type Pickled } from '../../support/torch-file.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/perceptguide-tiny');
const sharedWeights = join(process.env.SONOSYNC_DATA ?? join(import.meta.dirname, '../../../../shared'), 'weights');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sonosync-checkpoint-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const bytesOf = (array: Float32Array | BigInt64Array | Uint16Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const twelve = Float32Array.from({ length: 12 }, (_, i) => i);
const row: Pickled = tensor({ key: '0', elements: 12, shape: [3, 4], strides: [4, 1] });

describe("the authors' checkpoints", () => {
  it('reads the state dict of the best model whole, under the names without module.swin.', async () => {
    const checkpoint = await readCheckpoint(join(fixtures, 'tiny_best_model.pth'));
    const expected = JSON.parse(readFileSync(join(fixtures, 'tiny.json'), 'utf8')) as {
      tensors: number;
      parameters: number;
    };
    expect(checkpoint.form).toBe('pytorch');
    expect(checkpoint.tensors.size + checkpoint.integers.size).toBe(expected.tensors);
    const parameters = [...checkpoint.tensors].filter(([name]) => !name.endsWith('attn_mask'));
    expect(parameters.reduce((sum, [, { data }]) => sum + data.length, 0)).toBe(expected.parameters);
    expect(checkpoint.tensors.get('patch_embed.proj.weight')!.shape).toEqual([12, 3, 4, 4]);
    expect([...checkpoint.tensors.keys(), ...checkpoint.integers.keys()].some((name) => /module|swin/.test(name))).toBe(
      false,
    );
  });

  it('finds the buffers that can be computed: window positions, and shift masks of 0 and -100', async () => {
    const { tensors, integers } = await readCheckpoint(join(fixtures, 'tiny_best_model.pth'));
    // Position of token i relative to token j in a 7×7 window: (row difference + 6)·13 + column difference + 6.
    const index = integers.get('layers.0.blocks.0.attn.relative_position_index')!;
    expect(index.shape).toEqual([49, 49]);
    const expected = Array.from({ length: 49 * 49 }, (_, at) => {
      const [i, j] = [Math.floor(at / 49), at % 49];
      return BigInt((Math.floor(i / 7) - Math.floor(j / 7) + 6) * 13 + (i % 7) - (j % 7) + 6);
    });
    expect([...index.data]).toEqual(expected);
    const mask = tensors.get('layers.0.blocks.1.attn_mask')!;
    expect(mask.shape).toEqual([64, 49, 49]);
    expect(new Set(mask.data)).toEqual(new Set([0, -100]));
  });

  it('reads the model out of {model, optimizer, epoch}, and its values are those of the other file', async () => {
    const latest = await readCheckpoint(join(fixtures, 'tiny_latest_3.pth'));
    const best = await readCheckpoint(join(fixtures, 'tiny_best_model.pth'));
    expect(latest.metadata).toEqual({ epoch: '3' });
    expect(latest.tensors.size).toBe(8);
    for (const [name, { data }] of latest.tensors) expect(data).toEqual(best.tensors.get(name)!.data);
  });

  it.skipIf(!existsSync(join(sharedWeights, 'weights-0.safetensors')))(
    'uses the names of the safetensors shards in SONOSYNC_DATA',
    async () => {
      const shards = await readCheckpoint(sharedWeights);
      const best = await readCheckpoint(join(fixtures, 'tiny_best_model.pth'));
      expect(shards.form).toBe('safetensors');
      expect([...shards.tensors.keys()].filter((name) => !best.tensors.has(name))).toEqual([]);
    },
  );
});

describe('other honest PyTorch files', () => {
  it('gathers transposed, sliced and shared views of one storage, and scalars', async () => {
    const root: Pickled = {
      ordered: [
        ['row', row],
        ['transposed', tensor({ key: '0', elements: 12, shape: [4, 3], strides: [1, 4] })],
        ['column', tensor({ key: '0', elements: 12, offset: 2, shape: [3], strides: [4] })],
        ['scalar', tensor({ key: '0', elements: 12, offset: 11, shape: [], strides: [] })],
        ['empty', tensor({ key: '0', elements: 12, shape: [0, 4], strides: [4, 1] })],
      ],
    };
    const { tensors } = await readCheckpoint(write('views.pt', torchFile(root, { 0: bytesOf(twelve) })));
    expect([...tensors.get('row')!.data]).toEqual([...twelve]);
    expect([...tensors.get('transposed')!.data]).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
    expect([...tensors.get('column')!.data]).toEqual([2, 6, 10]);
    expect([...tensors.get('scalar')!.data]).toEqual([11]);
    expect(tensors.get('empty')!.data).toHaveLength(0);
  });

  it('reads half, bfloat16 and long storages, and parameters', async () => {
    const half = tensor({ key: '1', storage: 'HalfStorage', elements: 2, shape: [2], strides: [1] });
    const root: Pickled = {
      dict: [
        ['half', { call: ['torch._utils', '_rebuild_parameter'], with: [half, true, null] }],
        ['brain', tensor({ key: '2', storage: 'BFloat16Storage', elements: 1, shape: [1], strides: [1] })],
        ['long', tensor({ key: '3', storage: 'LongStorage', elements: 2, shape: [2], strides: [1] })],
      ],
    };
    const file = torchFile(root, {
      1: bytesOf(Uint16Array.of(0x3c00, 0x7bff)),
      2: bytesOf(Uint16Array.of(0xc020)),
      3: bytesOf(BigInt64Array.of(2n ** 60n, -1n)),
    });
    const { tensors, integers } = await readCheckpoint(write('types.pt', file));
    expect([...tensors.get('half')!.data]).toEqual([1, 65504]);
    expect([...tensors.get('brain')!.data]).toEqual([-2.5]);
    expect([...integers.get('long')!.data]).toEqual([2n ** 60n, -1n]);
  });

  it('turns a big-endian file around', async () => {
    const swapped = Buffer.from(Uint8Array.from(bytesOf(twelve))).swap32();
    const file = torchFile({ dict: [['row', row]] }, { 0: swapped }, { byteOrder: 'big' });
    const { tensors } = await readCheckpoint(write('big.pt', file));
    expect(tensors.get('row')!.data).toEqual(twelve);
  });

  it.each([
    ['deflated', { deflate: true }],
    ['zip64', { zip64: true }],
    ['deflated zip64', { deflate: true, zip64: true }],
  ])('reads a %s archive', async (_, options) => {
    const file = torchFile({ dict: [['row', row]] }, { 0: bytesOf(twelve) }, options);
    const { tensors } = await readCheckpoint(write('packed.pt', file));
    expect(tensors.get('row')!.data).toEqual(twelve);
  });

  it('skips the storages of the optimizer, which may be gone', async () => {
    const moment = tensor({ key: '99', elements: 4, shape: [4], strides: [1] });
    const optimizer: Pickled = {
      dict: [
        ['state', { dict: [[0, { dict: [['exp_avg', moment]] }]] }],
        ['param_groups', { list: [{ dict: [['betas', { tuple: [0.9, 0.999] }], ['foreach', null], ['amsgrad', false]] }] }], // prettier-ignore
      ],
    };
    const root: Pickled = { dict: [['model', { ordered: [['swin.row', row]] }], ['optimizer', optimizer], ['epoch', 12]] }; // prettier-ignore
    const checkpoint = await readCheckpoint(write('resume.pt', torchFile(root, { 0: bytesOf(twelve) })));
    expect([...checkpoint.tensors.keys()]).toEqual(['row']);
    expect(checkpoint.metadata).toEqual({ epoch: '12' });
  });

  it('reads a safetensors file of any name', async () => {
    const bytes = serializeSafetensors(new Map([['module.swin.w', { shape: [12], data: twelve }]]));
    const checkpoint = await readCheckpoint(write('weights.bin', bytes));
    expect(checkpoint.form).toBe('safetensors');
    expect(checkpoint.tensors.get('w')!.data).toEqual(twelve);
  });
});

describe('what is no checkpoint', () => {
  it.each([
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n0000000000', 'latin1'), /expected a PyTorch file/],
    ['an empty file', Buffer.alloc(0), /expected a PyTorch file/],
    ['a legacy torch file', Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex'), /before 1\.6.*Expected the zip form/],
    ['a zip of pictures', zip([['a/b.png', Buffer.from('x')]]), /not a PyTorch checkpoint.*data\.pkl/],
    ['an empty zip', zip([]), /not a PyTorch checkpoint/],
    [
      'a TorchScript program',
      torchFile({ dict: [] }, {}, { extraEntries: ['archive/constants.pkl'] }),
      /TorchScript.*state_dict/,
    ],
    ['a list', torchFile({ list: [1, 2] }, {}), /holds a list; expected a state dict/],
    ['one tensor', torchFile(row, { 0: bytesOf(twelve) }), /holds a tensor; expected a state dict/],
    ['an empty state dict', torchFile({ ordered: [] }, {}), /holds no tensors/],
    ['settings', torchFile({ dict: [['epoch', 3]] }, {}), /entry epoch is a number, not a tensor/],
  ])('says of %s what was expected', async (_, bytes, message) => {
    await expect(readCheckpoint(write('foreign.pth', bytes))).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(message) as string,
    });
  });

  it('refuses two names that become one', async () => {
    const file = torchFile({ dict: [['module.w', row], ['w', row]] }, { 0: bytesOf(twelve) }); // prettier-ignore
    await expect(readCheckpoint(write('twice.pt', file))).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/module\.w and w/) as string,
    });
  });

  it('names a path that does not exist', async () => {
    await expect(readCheckpoint(join(folder, 'none.pth'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

it('strips only the leading wrappers from a name', () => {
  expect(normalizeTensorName('module.swin.layers.0.norm.weight')).toBe('layers.0.norm.weight');
  expect(normalizeTensorName('swin.norm.bias')).toBe('norm.bias');
  expect(normalizeTensorName('layers.module.swin.x')).toBe('layers.module.swin.x');
});
