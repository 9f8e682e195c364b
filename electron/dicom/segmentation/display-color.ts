// Owns Recommended Display CIELab Value (PS3.3 C.10.7.1.1): a CSS colour as the standard's scaled CIELab, white point D50.

const whiteD50 = [0.96422, 1, 0.82521] as const;
/** Linear sRGB to XYZ, adapted from D65 to D50 by Bradford's method (the matrix of the ICC's sRGB profile). */
const toXYZ = [
  [0.4360747, 0.3850649, 0.1430804],
  [0.2225045, 0.7168786, 0.0606169],
  [0.0139322, 0.0971045, 0.7141733],
] as const;

/** L* from 0 to 100, a* and b* from -128 to 127, each over the whole of 16 bits. Throws for a colour that is not #rrggbb: a bug. */
export function displayCIELab(color: string): [number, number, number] {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  if (!match) throw new Error(`Expected a colour as #rrggbb, found "${color}".`);
  const linear = match.slice(1).map((digits) => toLinear(Number.parseInt(digits, 16) / 255));
  const [x, y, z] = toXYZ.map((row, index) =>
    cubeRoot(row.reduce((sum, weight, channel) => sum + weight * linear[channel], 0) / whiteD50[index]),
  );
  return [scale(116 * y - 16, 0, 100), scale(500 * (x - y), -128, 127), scale(200 * (y - z), -128, 127)];
}

function toLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function cubeRoot(value: number): number {
  return value > 216 / 24389 ? Math.cbrt(value) : ((24389 / 27) * value + 16) / 116;
}

function scale(value: number, low: number, high: number): number {
  return Math.round((Math.min(Math.max(value, low), high) - low) * (65_535 / (high - low)));
}
