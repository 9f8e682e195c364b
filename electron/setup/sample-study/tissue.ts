// Owns the tissue of a phantom: skin, fat with septa, glandular tissue, fascia and muscle, as echo levels at a place.
import { createNoise, cloudy, mix, sheets, smoothStep } from './smooth-noise.ts';
import type { NoiseField } from './smooth-noise.ts';

export interface TissuePlan {
  readonly seed: number;
  /** Depths of the layers' lower borders in the middle, in mm. */
  readonly skinMm: number;
  readonly fatMm: number;
  readonly glandMm: number;
}

/** Echo level in dB against glandular tissue, and the amplitude of a coherent reflection (an interface) against that of speckle. */
export interface Echo {
  readonly levelDb: number;
  readonly reflection: number;
}

/** The tissue at (lateral, plane, depth below the probe's surface), all in mm. */
export type Tissue = (xMm: number, yMm: number, depthMm: number) => Echo;

export function createTissue(plan: TissuePlan): Tissue {
  const noise = createNoise(plan.seed);
  return (x, y, depth) => {
    // All structures are bent a little, each place by its own amount.
    const bent = depth + 1.1 * noise(x / 11, y / 14, 40) + 0.5 * noise(x / 4, depth / 6, y / 9 + 60);
    const skin = plan.skinMm + 0.15 * noise(x / 7, y / 9, 3);
    const fat = plan.fatMm + 2.4 * noise(x / 9 + 5, y / 12, 11) + 0.7 * noise(x / 3, y / 6, 17);
    const gland = plan.glandMm + 2.6 * noise(x / 15 + 9, y / 16, 23) + 0.35 * noise(x / 4, y / 7, 29);
    if (depth < skin) return skinEcho(noise, x, y, depth, skin);
    const fatty = fatEcho(noise, x, y, bent);
    const glandular = glandEcho(noise, x, y, bent);
    const muscular = muscleEcho(noise, x, y, depth - gland);
    const toGland = smoothStep(-0.8, 0.8, depth - fat);
    const toMuscle = smoothStep(-0.25, 0.25, depth - gland);
    const bright = 0.45 + 0.55 * noise(x / 3.5, y / 5, 71) + 0.25 * noise(x / 1.2, y / 3, 77);
    const doubled = 0.7 * sheets(depth - gland - 0.9 - 0.4 * noise(x / 6, y / 7, 83), 0.25);
    const fascia = (sheets(depth - gland, 0.32) + doubled) * Math.max(0, bright);
    return {
      levelDb: mix(mix(fatty, glandular, toGland), muscular, toMuscle) + 7 * fascia,
      reflection: 0.7 * fascia,
    };
  };
}

function skinEcho(noise: NoiseField, x: number, y: number, depth: number, skin: number): Echo {
  const patchy = 0.6 + 0.5 * noise(x / 1.6, y / 3, depth * 2 + 210);
  const border = (sheets(depth - 0.2, 0.2) + 0.8 * sheets(depth - skin, 0.2)) * patchy;
  return { levelDb: -6 + 3 * noise(x / 2, y / 2, depth * 3) + 5 * border, reflection: 0.7 * border };
}

/** Dark lobules between bright septa that run rather along the skin. */
function fatEcho(noise: NoiseField, x: number, y: number, z: number): number {
  const warped = z + 0.9 * noise(x / 5 + 200, y / 7, z / 5);
  const strength = 0.75 + 0.4 * noise(x / 4, y / 5, z / 2 + 90);
  const septa = sheets(noise(x / 9, y / 9, warped / 2.3), 0.13) * strength;
  const fine = sheets(noise(x / 4.2 + 31, y / 5, warped / 1.3), 0.13) * 0.6 * strength;
  return -14 + 3 * cloudy(noise, x / 3, y / 3, z / 1.8 + 20) + 17 * Math.max(septa, fine);
}

/** Bright, streaky, with darker ducts and islands of fat. */
function glandEcho(noise: NoiseField, x: number, y: number, z: number): number {
  const streaks = cloudy(noise, x / 4.5 + 50, y / 5, z / 1.05);
  const islands = smoothStep(0.22, 0.6, cloudy(noise, x / 6 + 80, y / 6, z / 3.2));
  const fibres = sheets(noise(x / 8 + 120, y / 7, z / 1.5), 0.17);
  return -3 + 12 * streaks + 7 * fibres - 10 * islands;
}

/** Dark, with bright fibres along the fascia. `below` is the depth under it. */
function muscleEcho(noise: NoiseField, x: number, y: number, below: number): number {
  const wave = below + 0.35 * noise(x / 6, y / 8, 130);
  const fibres =
    sheets(noise(x / 10 + 150, y / 9, wave / 0.75), 0.3) * (0.6 + 0.5 * noise(x / 6, y / 6, wave / 2 + 170));
  return -13 + 3 * cloudy(noise, x / 4, y / 4, wave / 1.5 + 180) + 12 * Math.max(0, fibres);
}
