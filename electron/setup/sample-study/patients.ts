// Owns who is in the sample study: simulated patients, each with one lesion, a probe and the planes in which it is seen.
import { createRandom } from '../../nn/random.ts';
import type { Lesion, Mimic } from './lesion.ts';
import type { ProbePlan } from './probe.ts';
import type { TissuePlan } from './tissue.ts';

export interface PatientPlan {
  readonly id: string;
  readonly probe: ProbePlan;
  readonly tissue: TissuePlan;
  readonly lesion: Lesion;
  readonly mimics: readonly Mimic[];
  /** Places of the frames across the lesion, in mm; one beyond its half axis does not show it. */
  readonly planesMm: readonly number[];
  readonly residueDbPerMm: number;
  readonly gainDb: number;
}

const linear = (widthMm: number, depthMm: number): ProbePlan => ({
  radiusMm: null,
  widthMm,
  halfAngleDegrees: 0,
  depthMm,
});
const curved = (radiusMm: number, halfAngleDegrees: number, depthMm: number): ProbePlan => ({
  radiusMm,
  widthMm: 0,
  halfAngleDegrees,
  depthMm,
});

type LesionPlan = Omit<Lesion, 'harmonics'> & { readonly irregularity: number };

/** Bumps of the outline, drawn from the seed: many small ones, fewer large ones. */
function shapeLesion(seed: number, { irregularity, ...lesion }: LesionPlan): Lesion {
  const random = createRandom(seed);
  const harmonics = [2, 3, 4, 5, 7].map((order) => ({
    order,
    amplitude: irregularity * (0.5 + random.next()) * (2 / order),
    phase: 2 * Math.PI * random.next(),
  }));
  return { ...lesion, harmonics };
}

/** A lobule of fat between glandular tissue, in a thin capsule. */
function lobule(seed: number, centreXMm: number, centreZMm: number, halfXMm: number, halfZMm: number): Mimic {
  const shape = { centreXMm, centreZMm, halfXMm, halfZMm, halfYMm: 9, rotationDegrees: 12 * Math.sin(seed) };
  const lesion = { ...shape, irregularity: 0.05, echoDb: -9.5, marginMm: 0.8, excessAttenuationDbPerMm: 0 };
  return { ...shapeLesion(seed, lesion), wallDb: 11, septum: true };
}

/** A vessel that runs across the planes. */
function vessel(centreXMm: number, centreZMm: number, radiusMm: number): Mimic {
  const axes = { halfXMm: radiusMm * 1.15, halfZMm: radiusMm, halfYMm: 60 };
  const looks = { echoDb: -32, marginMm: 0.3, excessAttenuationDbPerMm: 0, wallDb: 9, septum: false };
  return { centreXMm, centreZMm, ...axes, ...looks, rotationDegrees: 0, harmonics: [] };
}

/** Smooth and irregular, with enhancement and with shadow, small and large, sharp and blurred, in rectangles and sectors. */
export const patients: readonly PatientPlan[] = [
  // Oval, sharp, brighter behind.
  {
    id: 'phantom-1',
    probe: linear(40, 38),
    tissue: { seed: 101, skinMm: 1.5, fatMm: 8, glandMm: 27 },
    lesion: shapeLesion(1, {
      centreXMm: -3,
      centreZMm: 15.5,
      halfXMm: 7.5,
      halfZMm: 4.6,
      halfYMm: 6.5,
      rotationDegrees: 8,
      irregularity: 0.03,
      echoDb: -16,
      marginMm: 0.5,
      excessAttenuationDbPerMm: -0.6,
    }),
    mimics: [lobule(11, 12, 12.5, 4.6, 2.4), vessel(9, 21, 1.3)],
    planesMm: [-2.6, 0, 2.6],
    residueDbPerMm: 0.25,
    gainDb: -14,
  },
  // Taller than wide, irregular, blurred, with a shadow.
  {
    id: 'phantom-2',
    probe: linear(38, 40),
    tissue: { seed: 202, skinMm: 1.8, fatMm: 9, glandMm: 30 },
    lesion: shapeLesion(2, {
      centreXMm: 4,
      centreZMm: 17,
      halfXMm: 4.8,
      halfZMm: 5.6,
      halfYMm: 6,
      rotationDegrees: -14,
      irregularity: 0.1,
      echoDb: -15,
      marginMm: 1.3,
      excessAttenuationDbPerMm: 1.1,
    }),
    mimics: [lobule(12, -10, 13.5, 5.4, 2.9)],
    planesMm: [-2.2, 0, 2.2],
    residueDbPerMm: 0.3,
    gainDb: -13,
  },
  // Large, in a sector.
  {
    id: 'phantom-3',
    probe: curved(24, 27, 46),
    tissue: { seed: 303, skinMm: 1.6, fatMm: 12, glandMm: 34 },
    lesion: shapeLesion(3, {
      centreXMm: -2,
      centreZMm: 22,
      halfXMm: 10.5,
      halfZMm: 6.6,
      halfYMm: 9,
      rotationDegrees: -6,
      irregularity: 0.04,
      echoDb: -12.5,
      marginMm: 0.7,
      excessAttenuationDbPerMm: -0.35,
    }),
    mimics: [lobule(13, 14, 17, 5.5, 3), vessel(-15, 26, 1.6)],
    planesMm: [-3.5, 0, 3.5],
    residueDbPerMm: 0.3,
    gainDb: -13,
  },
  // Small, nearly without echoes, with strong enhancement; the last plane lies beyond it.
  {
    id: 'phantom-4',
    probe: linear(38, 34),
    tissue: { seed: 404, skinMm: 1.4, fatMm: 7, glandMm: 23 },
    lesion: shapeLesion(4, {
      centreXMm: 6,
      centreZMm: 11.5,
      halfXMm: 4.4,
      halfZMm: 3.1,
      halfYMm: 4.5,
      rotationDegrees: 0,
      irregularity: 0.02,
      echoDb: -27,
      marginMm: 0.3,
      excessAttenuationDbPerMm: -1,
    }),
    mimics: [lobule(14, -8, 12.5, 5.8, 3), vessel(-2, 18, 1.4)],
    planesMm: [-1.4, 0.9, 6.5],
    residueDbPerMm: 0.2,
    gainDb: -15,
  },
  // Lobulated, at the border of the fat.
  {
    id: 'phantom-5',
    probe: linear(42, 36),
    tissue: { seed: 505, skinMm: 1.7, fatMm: 11, glandMm: 26 },
    lesion: shapeLesion(5, {
      centreXMm: -6,
      centreZMm: 13.5,
      halfXMm: 7.2,
      halfZMm: 3.9,
      halfYMm: 5,
      rotationDegrees: -10,
      irregularity: 0.085,
      echoDb: -17,
      marginMm: 0.6,
      excessAttenuationDbPerMm: -0.2,
    }),
    mimics: [lobule(15, 10, 16.5, 5.6, 2.8), vessel(3, 21.5, 1.3)],
    planesMm: [-2, 0.8, 2.4],
    residueDbPerMm: 0.25,
    gainDb: -13,
  },
  // Irregular, with a shadow, in a sector.
  {
    id: 'phantom-6',
    probe: curved(28, 25, 42),
    tissue: { seed: 606, skinMm: 1.5, fatMm: 10, glandMm: 31 },
    lesion: shapeLesion(6, {
      centreXMm: 5,
      centreZMm: 18.5,
      halfXMm: 6.4,
      halfZMm: 6,
      halfYMm: 7,
      rotationDegrees: 20,
      irregularity: 0.095,
      echoDb: -16.5,
      marginMm: 1,
      excessAttenuationDbPerMm: 0.9,
    }),
    mimics: [lobule(16, -10, 19, 5.2, 3.2)],
    planesMm: [-3, 0, 2.6],
    residueDbPerMm: 0.3,
    gainDb: -14,
  },
  // Little darker than what is around it.
  {
    id: 'phantom-7',
    probe: linear(40, 40),
    tissue: { seed: 707, skinMm: 1.6, fatMm: 7.5, glandMm: 29 },
    lesion: shapeLesion(7, {
      centreXMm: 2,
      centreZMm: 18.5,
      halfXMm: 8.6,
      halfZMm: 5.4,
      halfYMm: 7.5,
      rotationDegrees: 4,
      irregularity: 0.07,
      echoDb: -11,
      marginMm: 0.9,
      excessAttenuationDbPerMm: 0.1,
    }),
    mimics: [lobule(17, -12, 12.5, 4.4, 2.6), vessel(13, 22, 1.5)],
    planesMm: [-3, -0.4, 2.8],
    residueDbPerMm: 0.35,
    gainDb: -12,
  },
  // Small and deep; the first plane lies before it.
  {
    id: 'phantom-8',
    probe: linear(38, 36),
    tissue: { seed: 808, skinMm: 1.5, fatMm: 6.5, glandMm: 27 },
    lesion: shapeLesion(8, {
      centreXMm: -7,
      centreZMm: 19,
      halfXMm: 5.2,
      halfZMm: 3.6,
      halfYMm: 4,
      rotationDegrees: 12,
      irregularity: 0.05,
      echoDb: -15,
      marginMm: 0.6,
      excessAttenuationDbPerMm: -0.5,
    }),
    mimics: [lobule(18, 6, 13.5, 6, 3), vessel(9.5, 21, 1.4)],
    planesMm: [-6, -0.8, 1.2],
    residueDbPerMm: 0.28,
    gainDb: -14,
  },
];
