import { describe, expect, it } from 'vitest';
import { displayCIELab } from '../../../electron/dicom/segmentation/display-color.ts';

/** L*, a*, b* as one writes them. */
function lab(color: string): number[] {
  const [l, a, b] = displayCIELab(color);
  return [(l / 65_535) * 100, (a / 65_535) * 255 - 128, (b / 65_535) * 255 - 128];
}

describe('the recommended colour', () => {
  // Lindbloom's calculator, sRGB under D50.
  it.each([
    ['#ffffff', 100, 0, 0],
    ['#000000', 0, 0, 0],
    ['#ff0000', 54.29, 80.81, 69.89],
    ['#00ff00', 87.82, -79.29, 80.99],
    ['#0000ff', 29.57, 68.3, -112.03],
    ['#777777', 50.03, 0, 0],
  ])('of %s is that of the sRGB colour under D50', (color, ...expected) => {
    lab(color).forEach((value, index) => expect(Math.abs(value - expected[index])).toBeLessThan(0.05));
  });

  it('has no colour in the middle of a* and b*', () => {
    expect(displayCIELab('#ffffff')).toEqual([65_535, 32_896, 32_896]);
  });

  it('is refused for anything but six digits', () => {
    expect(() => displayCIELab('red')).toThrow(/#rrggbb/);
  });
});
