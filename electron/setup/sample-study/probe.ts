// Owns the geometry of a probe: where its beams run, and which pixel of the picture shows which place. Linear probes give a rectangle,
// curved ones a sector.

export interface ProbePlan {
  /** Radius of a curved probe's surface; null for a linear one. */
  readonly radiusMm: number | null;
  /** Width of a linear probe; half the opening angle of a curved one. */
  readonly widthMm: number;
  readonly halfAngleDegrees: number;
  readonly depthMm: number;
}

export interface Place {
  /** Lateral from the middle, and below the middle of the probe's surface, in mm. */
  readonly xMm: number;
  readonly zMm: number;
}

export interface Probe {
  readonly depthMm: number;
  /** The place on beam `position` (0 first, 1 last) at a depth along it. */
  at(position: number, depthMm: number): Place;
  /** The inverse of `at`; outside of 0..1 and 0..depth nothing is seen. */
  beamOf(place: Place): { readonly position: number; readonly depthMm: number };
  /** Distance from the first beam to the last at a depth. */
  spanMm(depthMm: number): number;
  /** Extent of all that is seen, in mm. */
  readonly bounds: { readonly halfWidthMm: number; readonly topMm: number; readonly bottomMm: number };
}

export function createProbe(plan: ProbePlan): Probe {
  return plan.radiusMm === null ? createLinear(plan) : createCurved(plan, plan.radiusMm);
}

function createLinear({ widthMm, depthMm }: ProbePlan): Probe {
  return {
    depthMm,
    at: (position, depth) => ({ xMm: (position - 0.5) * widthMm, zMm: depth }),
    beamOf: ({ xMm, zMm }) => ({ position: xMm / widthMm + 0.5, depthMm: zMm }),
    spanMm: () => widthMm,
    bounds: { halfWidthMm: widthMm / 2, topMm: 0, bottomMm: depthMm },
  };
}

function createCurved({ halfAngleDegrees, depthMm }: ProbePlan, radiusMm: number): Probe {
  const half = (halfAngleDegrees * Math.PI) / 180;
  return {
    depthMm,
    at(position, depth) {
      const angle = (2 * position - 1) * half;
      const range = radiusMm + depth;
      return { xMm: range * Math.sin(angle), zMm: range * Math.cos(angle) - radiusMm };
    },
    beamOf({ xMm, zMm }) {
      const angle = Math.atan2(xMm, zMm + radiusMm);
      return { position: (angle / half + 1) / 2, depthMm: Math.hypot(xMm, zMm + radiusMm) - radiusMm };
    },
    spanMm: (depth) => 2 * half * (radiusMm + depth),
    bounds: {
      halfWidthMm: (radiusMm + depthMm) * Math.sin(half),
      topMm: radiusMm * Math.cos(half) - radiusMm,
      bottomMm: depthMm,
    },
  };
}
