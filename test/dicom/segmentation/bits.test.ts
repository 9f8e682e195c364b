import { describe, expect, it } from 'vitest';
import { unpackBits } from '../../../electron/dicom/frame-bytes.ts';
import { packMask, unpackMask } from '../../../electron/dicom/segmentation/bits.ts';

function noise(length: number, share: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 < share ? 1 : 0;
  });
}

describe('the bits of a binary segmentation', () => {
  it('begin with the lowest of a byte', () => {
    const bits = new Uint8Array(2);
    packMask({ width: 5, height: 2, data: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 1, 1) }, bits, 0);
    expect([...bits]).toEqual([0b0000_0001, 0b0000_0011]);
  });

  it.each([0.02, 0.5, 0.98])('go on without padding where a frame ends inside a byte, with %f of them set', (share) => {
    const [width, height, count] = [7, 11, 9];
    const size = width * height;
    const frames = Array.from({ length: count }, (_, index) => noise(size, share, index + 1));
    const bits = new Uint8Array(Math.ceil((count * size) / 8));
    frames.forEach((data, index) => packMask({ width, height, data }, bits, index * size));
    const plain = frames.flatMap((data) => [...data]);
    plain.forEach((pixel, at) => expect((bits[at >> 3] >> (at & 7)) & 1).toBe(pixel));
    frames.forEach((data, index) => expect(unpackMask(bits, index * size, width, height).data).toEqual(data));
  });

  it('keep their places beyond 2³¹ bits', () => {
    const [width, height] = [7, 3];
    const offset = 2 ** 31 + 5;
    const bits = new Uint8Array(2 ** 28 + 8);
    const data = noise(width * height, 0.5, 3);
    packMask({ width, height, data }, bits, offset);
    expect(unpackMask(bits, offset, width, height).data).toEqual(data);
    expect(unpackBits(bits, offset, width * height)).toEqual(data);
    expect(unpackMask(bits, 0, width, height).data).toEqual(new Uint8Array(width * height));
  });
});
