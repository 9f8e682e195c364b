import { describe, expect, it } from 'vitest';
import { createMask, maskDice } from '../../electron/common/mask.ts';
import { logOdds, pasteMask, pasteProbabilities, readSegmentation } from '../../electron/inference/postprocess.ts';
import { highlightBox, placeModelFrame, sampleInput, toGray } from '../../electron/inference/preprocess.ts';
import { ownInput } from '../../electron/training/jobs/import-model.ts';

const spec = ownInput;

function gradientPicture(width: number, height: number) {
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) pixels[y * width + x] = (255 * (x + 0.5)) / width;
  return { width, height, channels: 1 as const, pixels };
}

describe("the network's input", () => {
  it('letterboxes the whole frame, centred, with padding above and below a wide one', () => {
    const frame = placeModelFrame(spec, { width: 448, height: 224 }, null, 224);
    expect(frame).toEqual({ originX: 0, originY: -112, step: 2, side: 224 });
    const input = sampleInput(
      { width: 448, height: 224, channels: 1, pixels: new Uint8Array(448 * 224).fill(255) },
      frame,
      spec,
    );
    expect(input[0]).toBe(0);
    expect(input[112 * 224]).toBeCloseTo(1, 5);
    expect(input[55 * 224 + 100]).toBe(0);
    expect(input[56 * 224 + 100]).toBeCloseTo(1, 5);
  });

  it('crops the centre of the shorter side, as the authors do', () => {
    expect(placeModelFrame({ ...spec, resize: 'center-crop' }, { width: 448, height: 224 }, null, 224)).toMatchObject({
      originX: 112,
      originY: 0,
      step: 1,
    });
  });

  it('keeps positions: a linear ramp comes out linear at every scale, without a shift', () => {
    for (const width of [100, 224, 301, 1024]) {
      const picture = gradientPicture(width, width);
      const input = sampleInput(picture, placeModelFrame(spec, picture, null, 224), spec);
      for (const column of [20, 111, 112, 200]) expect(input[50 * 224 + column]).toBeCloseTo((column + 0.5) / 224, 2);
    }
  });

  it('averages what it shrinks, so that a fine grid does not alias', () => {
    const side = 896;
    const pixels = Uint8Array.from({ length: side * side }, (_, index) => ((index % side) % 2 === 0 ? 0 : 200));
    const input = sampleInput(
      { width: side, height: side, channels: 1, pixels },
      placeModelFrame(spec, { width: side, height: side }, null, 224),
      spec,
    );
    // The border columns see the frame end; all others must be flat.
    const inner = Array.from({ length: 200 }, (_, index) => input[15 * 224 + 12 + index]);
    expect(Math.max(...inner) - Math.min(...inner)).toBeLessThan(0.01);
    expect(inner[0]).toBeCloseTo(100 / 255, 2);
  });

  it("takes colour as luma, or as planes in the manifest's order", () => {
    const picture = {
      width: 2,
      height: 2,
      channels: 3 as const,
      pixels: Uint8Array.from([255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0]),
    };
    expect(toGray(picture)[0]).toBe(76);
    const frame = placeModelFrame(spec, picture, null, 224);
    const bgr = sampleInput(picture, frame, { ...spec, channelOrder: 'bgr' });
    expect([bgr[0], bgr[224 * 224]]).toEqual([0, 0]);
    expect(bgr[2 * 224 * 224]).toBeCloseTo(1, 5);
  });

  it('local input is the square of 1.6 times the longer side around the box; a box without area is refused', () => {
    const frame = placeModelFrame(spec, { width: 500, height: 400 }, { x: 100, y: 50, width: 100, height: 60 }, 224);
    expect(frame.originX).toBeCloseTo(150 - 80);
    expect(frame.originY).toBeCloseTo(80 - 80);
    expect(frame.step * 224).toBeCloseTo(160);
    expect(() => placeModelFrame(spec, { width: 9, height: 9 }, { x: 0, y: 0, width: 0, height: 0 }, 224)).toThrow(
      /must have an area/,
    );
  });

  it('location input brightens the box by a tenth of full scale and nothing else', () => {
    const picture = { width: 4, height: 2, channels: 1 as const, pixels: new Uint8Array(8).fill(250) };
    expect([
      ...highlightBox({ ...picture, pixels: new Uint8Array(8).fill(100) }, { x: 1, y: 0, width: 2, height: 1 }).pixels,
    ]).toEqual([100, 126, 126, 100, 100, 100, 100, 100]);
    expect(highlightBox(picture, { x: 0, y: 0, width: 1, height: 1 }).pixels[0]).toBe(255);
  });
});

describe('the mask back in the frame', () => {
  it('lies where it was seen: a mask that goes through input and back keeps its place at any size', () => {
    for (const [width, height] of [
      [300, 200],
      [131, 97],
      [640, 480],
    ]) {
      const mask = createMask(width, height);
      for (let y = Math.floor(height * 0.3); y < height * 0.7; y += 1)
        mask.data.fill(1, y * width + Math.floor(width * 0.2), y * width + Math.floor(width * 0.6));
      const picture = { width, height, channels: 1 as const, pixels: mask.data.map((value) => value * 255) };
      const frame = placeModelFrame(spec, picture, null, 224);
      const odds = sampleInput(picture, frame, spec)
        .subarray(0, 224 * 224)
        .map((value) => value - 0.5);
      expect(maskDice(pasteMask(odds, frame, picture), mask)).toBeGreaterThan(0.985);
    }
  });

  it('is empty outside the local square', () => {
    const frame = placeModelFrame(spec, { width: 100, height: 100 }, { x: 40, y: 40, width: 20, height: 20 }, 224);
    const mask = pasteMask(new Float32Array(224 * 224).fill(1), frame, { width: 100, height: 100 });
    expect(mask.data.reduce((sum, value) => sum + value, 0)).toBe(32 * 32);
  });

  it('gives probabilities within half a 255th, of which those from 128 up are the mask, even odds not', () => {
    const side = 8;
    const frame = { originX: 2, originY: 1, step: 1, side };
    const odds = Float32Array.from({ length: side * side }, (_, index) => (index - 20) / 4);
    odds[3] = 1e-12;
    const size = { width: 12, height: 10 };
    const values = pasteProbabilities(odds, frame, size);
    const { data } = pasteMask(odds, frame, size);
    expect(values.map((value) => Number(value >= 128))).toEqual(data);
    for (let y = 0; y < size.height; y += 1) {
      for (let x = 0; x < size.width; x += 1) {
        const inside = x >= 2 && x < 10 && y >= 1 && y < 9;
        const expected = inside ? 1 / (1 + Math.exp(-odds[(y - 1) * side + x - 2])) : 0;
        expect(Math.abs(values[y * size.width + x] / 255 - expected)).toBeLessThanOrEqual(0.5 / 255 + 1e-9);
      }
    }
    expect(values[3 * size.width + 6]).toBe(127);
    expect(values[size.width + 5]).toBe(128);
  });

  it('says how sure it is: certain logits are not uncertain, undecided ones are', () => {
    const frame = placeModelFrame(spec, { width: 224, height: 224 }, null, 224);
    const logits = new Float32Array(2 * 224 * 224);
    logits.fill(8, 224 * 224, 224 * 224 + 5000);
    logits.fill(-8, 224 * 224 + 5000);
    const sure = readSegmentation(logOdds(logits, 224), frame, { width: 224, height: 224 });
    expect(sure.meanProbability).toBeGreaterThan(0.99);
    expect(sure.uncertainty).toBe(0);
    const unsure = readSegmentation(new Float32Array(224 * 224).fill(0.1), frame, { width: 224, height: 224 });
    expect(unsure.meanProbability).toBeCloseTo(0.525, 2);
    expect(unsure.uncertainty).toBe(1);
  });
});
