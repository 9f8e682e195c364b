// Owns one simulated frame from a patient's plan: the picture as the machine shows it, and the exact mask of the lesion.
import type { BinaryMask } from '../../common/mask.ts';
import type { Picture } from '../../common/picture.ts';
import { simulateBeams } from './beams.ts';
import { patients } from './patients.ts';
import { createProbe } from './probe.ts';
import { drawScreen, drawTruth, layOut } from './screen.ts';
import { createTissue } from './tissue.ts';

export interface SimulatedFrame {
  readonly picture: Picture;
  readonly truth: BinaryMask;
  readonly mmPerPixel: number;
}

/** The frame of a patient and a plane, both counted from 0. The same numbers give the same pixels. */
export function simulateFrame(patientIndex: number, planeIndex: number): SimulatedFrame {
  const patient = patients[patientIndex];
  const planeMm = patient.planesMm[planeIndex];
  const probe = createProbe(patient.probe);
  const layout = layOut(probe);
  const phantom = { tissue: createTissue(patient.tissue), lesion: patient.lesion, mimics: patient.mimics };
  const beams = simulateBeams(probe, phantom, {
    seed: 1000 * (patientIndex + 1) + planeIndex,
    planeMm,
    focusMm: patient.lesion.centreZMm,
    axialMm: 0.11,
    lateralMm: 0.26,
    looks: 3,
    gainDb: patient.gainDb,
    dynamicRangeDb: 48,
    residueDbPerMm: patient.residueDbPerMm,
  });
  const lines = ['SIMULATED', `PHANTOM ${patientIndex + 1}`, `PLANE ${planeIndex + 1}`];
  return {
    picture: drawScreen(probe, beams, layout, lines),
    truth: drawTruth(probe, patient.lesion, planeMm, layout),
    mmPerPixel: layout.mmPerPixel,
  };
}
