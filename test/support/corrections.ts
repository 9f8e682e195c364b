import type { SplitSide } from '../../electron/common/engine-protocol.ts';

// Corrections as far as it matters whose they are.

/** A frame of the one cine of a study; the patient is unknown where the key is null. */
export const correction = (patientKey: string | null, studyId: string, frameNumber = 1) => ({
  patientKey,
  studyId,
  instanceId: `${studyId} cine`,
  frameNumber,
  side: null as SplitSide | null,
});
