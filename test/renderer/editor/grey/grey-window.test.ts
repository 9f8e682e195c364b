import { describe, expect, it } from 'vitest';
import { applyTable, changedWindow, wholeWindow, windowTable } from '../../../../renderer/editor/grey/grey-window.ts';

describe('brightness and contrast', () => {
  it('show every grey value as stored where nothing is changed', () => {
    expect([...windowTable(wholeWindow)]).toEqual(Array.from({ length: 256 }, (_, value) => value));
  });

  it('follow the linear function of DICOM: black below the window, white above it, the centre grey', () => {
    // PS3.3 C.11.2.1.2: y = 0 for x <= c - 0.5 - (w - 1) / 2, 255 for x > c - 0.5 + (w - 1) / 2.
    const table = windowTable({ center: 100, width: 51, gamma: 1 });
    expect(table[74]).toBe(0);
    expect(table[75]).toBeGreaterThan(0);
    expect(table[125]).toBe(255);
    expect(table[124]).toBeLessThan(255);
    expect((table[99] + table[100]) / 2).toBeCloseTo(127.5, 0);
    expect([...table]).toEqual([...table].sort((a, b) => a - b));
  });

  it('lift dark values with a gamma above 1, and leave black and white', () => {
    const table = windowTable({ ...wholeWindow, gamma: 2 });
    expect([table[0], table[64], table[255]]).toEqual([0, Math.round(255 * Math.sqrt(64 / 255)), 255]);
  });

  it('are kept within reason', () => {
    expect(changedWindow(wholeWindow, { center: 999, width: 0, gamma: 0 })).toEqual({
      center: 255,
      width: 2,
      gamma: 0.2,
    });
    expect(changedWindow(wholeWindow, { width: 33.4 }).width).toBe(33);
  });

  it('change grey and coloured pixels, each channel by the same table', () => {
    const source = new Uint32Array(Uint8Array.of(10, 10, 10, 255, 200, 10, 0, 255).buffer);
    const target = new Uint32Array(2);
    const table = Uint8Array.from({ length: 256 }, (_, value) => 255 - value);
    applyTable(source, target, table);
    expect([...new Uint8Array(target.buffer)]).toEqual([245, 245, 245, 255, 55, 245, 255, 255]);
  });
});
