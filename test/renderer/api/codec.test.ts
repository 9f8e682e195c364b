import { decode, encode } from '@msgpack/msgpack';
import { describe, expect, it } from 'vitest';
import { AppError, isAbortError } from '../../../electron/common/errors.ts';
import { decodeEvent, decodeReply, encodeRequest, readReply } from '../../../renderer/api/codec.ts';

describe('a request', () => {
  it('carries bytes as bytes and leaves out what is undefined', () => {
    const input = { frameId: 'a', parentId: null, gesture: undefined, mask: Uint8Array.of(1, 2, 255) };
    expect(decode(encodeRequest(input))).toEqual({ frameId: 'a', parentId: null, mask: Uint8Array.of(1, 2, 255) });
  });
});

describe('a reply', () => {
  it('gives its value, checked against the contract', () => {
    const bytes = encode({ ok: true, value: { png: Uint8Array.of(137, 80) } });
    expect(decodeReply('frame:pixels', bytes)).toEqual({ png: Uint8Array.of(137, 80) });
  });

  it('throws the error that the app threw, with its code', () => {
    const bytes = encode({ ok: false, error: { code: 'storage', message: 'The disk is full.' } });
    const read = (): unknown => decodeReply('annotation:save', bytes);
    expect(read).toThrow(AppError);
    expect(read).toThrow('The disk is full.');
    expect(read).toThrow(expect.objectContaining({ code: 'storage' }));
  });

  it('throws an AbortError for what was cancelled', () => {
    try {
      readReply('training:start', { ok: false, error: { code: 'aborted', message: 'Cancelled.' } });
      expect.unreachable();
    } catch (error) {
      expect(isAbortError(error)).toBe(true);
    }
  });

  it.each([
    ['no MessagePack', Uint8Array.of(0xc1), 'not MessagePack'],
    ['another thing', encode({ hello: 1 }), 'is not a reply'],
    ['an unknown error code', encode({ ok: false, error: { code: 'x', message: 'y' } }), 'is not a reply'],
    ['a value that breaks the contract', encode({ ok: true, value: { png: 'text' } }), 'does not keep to the contract'],
  ])('that is %s is refused in words', (_name, bytes, words) => {
    expect(() => decodeReply('frame:pixels', bytes)).toThrow(words);
  });
});

describe('an event', () => {
  it('is known by its name and checked', () => {
    const value = { frameId: 'a', labelId: 'l', proposalId: 'p' };
    expect(decodeEvent(encode({ name: 'proposal:created', value }))).toEqual({ name: 'proposal:created', value });
  });

  it('that is unknown or broken is none', () => {
    expect(decodeEvent(encode({ name: 'toString', value: {} }))).toBeNull();
    expect(decodeEvent(encode({ name: 'proposal:created', value: { frameId: 1 } }))).toBeNull();
    expect(decodeEvent(encode('text'))).toBeNull();
  });
});
