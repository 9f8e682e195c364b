import { describe, expect, it } from 'vitest';
import { type BinaryMask, createMask } from '../../../../electron/common/mask.ts';
import { createRandom } from '../../../../electron/nn/random.ts';
import { GreyFlood } from '../../../../renderer/editor/grey/grey-flood.ts';
import { GreyPicture } from '../../../../renderer/editor/grey/grey-picture.ts';
import { Livewire, snapToEdge } from '../../../../renderer/editor/grey/livewire.ts';
import { findParts } from '../../../../electron/common/mask-parts.ts';

function picture(width: number, height: number, grey: (x: number, y: number) => number): GreyPicture {
  const data = Uint8Array.from({ length: width * height }, (_, i) => grey(i % width, Math.floor(i / width)));
  return new GreyPicture(width, height, data);
}

describe('a grey picture', () => {
  it('is the brightness of the colours', () => {
    const pixels = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255);
    const grey = GreyPicture.fromPicture({ width: 4, height: 1, channels: 3, pixels });
    expect([...grey.data]).toEqual([255, 76, 150, 29]);
  });

  it('of a grey frame is the frame, as it would be of the same frame in colour', () => {
    const pixels = Uint8Array.from({ length: 256 }, (_, value) => value);
    const grey = GreyPicture.fromPicture({ width: 16, height: 16, channels: 1, pixels });
    const colours = Uint8Array.from({ length: 3 * 256 }, (_, index) => Math.floor(index / 3));
    expect(grey.data).toEqual(pixels);
    expect(GreyPicture.fromPicture({ width: 16, height: 16, channels: 3, pixels: colours }).data).toEqual(pixels);
  });

  it('smoothed keeps its mean and loses its speckle, once for each width', () => {
    const random = createRandom(3);
    const grey = picture(64, 48, () => 100 + (random.next() - 0.5) * 60);
    const smooth = grey.smooth(2);
    const mean = (values: Uint8Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = (values: Uint8Array): number =>
      Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / values.length);
    expect(mean(smooth.data)).toBeCloseTo(mean(grey.data), 0);
    expect(deviation(smooth.data)).toBeLessThan(deviation(grey.data) / 4);
    expect(grey.smooth(2)).toBe(smooth);
    expect(grey.smooth(0)).toBe(grey);
  });
});

describe('a connected range of brightness', () => {
  /** The part of the pixels within the tolerance that has the point: the definition. */
  function connected(grey: GreyPicture, index: number, tolerance: number): number[] {
    const mask: BinaryMask = createMask(grey.width, grey.height);
    grey.data.forEach((value, i) => {
      if (Math.abs(value - grey.data[index]) <= tolerance) mask.data[i] = 1;
    });
    return [...findParts(mask).find((part) => part.includes(index))!].sort((a, b) => a - b);
  }

  it.each([1, 2, 3])('has the pixels that are connected within the tolerance, up and down again (seed %d)', (seed) => {
    const random = createRandom(seed);
    const rough = picture(30, 24, () => random.next() * 255);
    const grey = rough.smooth(1.5);
    const flood = new GreyFlood(grey, { x: 14.2, y: 11.9 });
    for (const tolerance of [0, 8, 30, 12, 255, 3]) {
      const reached = [...flood.reach(tolerance)].sort((a, b) => a - b);
      expect(reached, `tolerance ${tolerance}`).toEqual(connected(grey, 11 * 30 + 14, tolerance));
    }
  });

  it('within a smaller tolerance is a beginning of the same order', () => {
    const random = createRandom(4);
    const flood = new GreyFlood(picture(30, 24, () => random.next() * 255).smooth(1), {
      x: 3,
      y: 3,
    });
    const wide = [...flood.reach(40)];
    const narrow = flood.reach(15);
    expect([...narrow]).toEqual(wide.slice(0, narrow.length));
  });
});

describe('a smart edge', () => {
  const centre = { x: 120, y: 100 };
  const random = createRandom(5);
  const round = picture(240, 200, (x, y) => {
    const inside = Math.hypot(x + 0.5 - centre.x, y + 0.5 - centre.y) < 50;
    return (inside ? 60 : 150) + random.next() * 50;
  });
  const grey = round.smooth(2);

  it('follows the rim of a structure between anchor and pointer', () => {
    const livewire = new Livewire(grey, { x: 70, y: 100 });
    const path = livewire.pathTo({ x: 120, y: 50 });
    expect(path[0]).toEqual({ x: 70, y: 100 });
    expect(path.at(-1)).toEqual({ x: 120, y: 50 });
    expect(path.length).toBeGreaterThan(45);
    for (const { x, y } of path) {
      const away = Math.abs(Math.hypot(x - centre.x, y - centre.y) - 50);
      expect(away, `${x}, ${y}`).toBeLessThan(3.5);
    }
  });

  it('is joined step by step, wherever the pointer goes, and back again', () => {
    const livewire = new Livewire(grey, { x: 70, y: 100 });
    const there = livewire.pathTo({ x: 160, y: 70 });
    livewire.pathTo({ x: 30, y: 180 });
    expect(livewire.pathTo({ x: 160, y: 70 })).toEqual(there);
    there.slice(1).forEach((point, index) => {
      expect(Math.max(Math.abs(point.x - there[index].x), Math.abs(point.y - there[index].y))).toBe(1);
    });
    expect(livewire.pathTo({ x: 70, y: 100 })).toEqual([{ x: 70, y: 100 }]);
  });

  it('takes a point beside an edge to it, and leaves one where there is none', () => {
    const straight = picture(200, 60, (x) => (x < 100 ? 40 : 200));
    expect(snapToEdge(straight, { x: 96.2, y: 30.4 }, 5).x).toBe(100);
    expect(snapToEdge(straight, { x: 90.2, y: 30.4 }, 5)).toEqual({ x: 90, y: 30 });
  });

  it('costs no more than a straight line along the same edge', () => {
    const straight = picture(200, 60, (x) => (x < 100 ? 40 : 200));
    const path = new Livewire(straight, { x: 100, y: 5 }).pathTo({ x: 100, y: 55 });
    expect(path).toEqual(Array.from({ length: 51 }, (_, i) => ({ x: 100, y: 5 + i })));
  });

  it('goes on in a straight line outside its window, and stays inside the picture', () => {
    const flat = picture(800, 60, () => 90);
    const path = new Livewire(flat, { x: 10, y: 30 }).pathTo({ x: 700, y: 30 });
    expect(path.at(-1)).toEqual({ x: 700, y: 30 });
    expect(path.at(-2)).toEqual({ x: 170, y: 30 });
    expect(new Livewire(flat, { x: -20, y: 900 }).anchor).toEqual({ x: 0, y: 60 });
  });
});
