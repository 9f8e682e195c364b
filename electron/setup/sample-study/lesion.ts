// Owns the shape of a lesion: an irregular ellipsoid whose outline in every plane is known exactly.

export interface Lesion {
  /** Centre in mm: from the middle of the probe, and below its surface. */
  readonly centreXMm: number;
  readonly centreZMm: number;
  /** Half axes in mm, before rotation; `halfYMm` is across the image planes. */
  readonly halfXMm: number;
  readonly halfZMm: number;
  readonly halfYMm: number;
  readonly rotationDegrees: number;
  /** Outline: radius times 1 + sum of amplitude · cos(order · angle + phase). */
  readonly harmonics: readonly { readonly order: number; readonly amplitude: number; readonly phase: number }[];
  /** Echo level against glandular tissue. */
  readonly echoDb: number;
  /** Width of the transition at the outline; the true mask ends in its middle. */
  readonly marginMm: number;
  /** What a beam loses in it against other tissue: negative brightens what lies behind, positive shadows it. */
  readonly excessAttenuationDbPerMm: number;
}

/** A structure that is no lesion and may be taken for one: a lobule of fat in its capsule, a vessel cut across. */
export interface Mimic extends Lesion {
  /** How much brighter its wall is than what lies beside it. */
  readonly wallDb: number;
  /** A bright line runs along its middle. */
  readonly septum: boolean;
}

/**
 * About how far a point lies outside of the lesion's outline in the plane `yMm`, in mm; negative inside, and exactly 0 on it.
 * Infinite where the plane misses the lesion.
 */
export function distanceToLesion(lesion: Lesion, xMm: number, yMm: number, zMm: number): number {
  const slice = 1 - (yMm / lesion.halfYMm) ** 2;
  if (slice <= 0) return Infinity;
  const angle = (lesion.rotationDegrees * Math.PI) / 180;
  const dx = xMm - lesion.centreXMm;
  const dz = zMm - lesion.centreZMm;
  const u = (dx * Math.cos(angle) + dz * Math.sin(angle)) / lesion.halfXMm;
  const v = (-dx * Math.sin(angle) + dz * Math.cos(angle)) / lesion.halfZMm;
  const direction = Math.atan2(v, u);
  // The bumps turn slowly from plane to plane, so that neighbouring outlines are alike but not the same.
  const radius = lesion.harmonics.reduce(
    (sum, { order, amplitude, phase }) => sum + amplitude * Math.cos(order * direction + phase + 0.12 * yMm),
    1,
  );
  const distance = Math.hypot(u, v);
  const towards = Math.hypot(Math.cos(direction) * lesion.halfXMm, Math.sin(direction) * lesion.halfZMm);
  return (distance - radius * Math.sqrt(slice)) * towards;
}
