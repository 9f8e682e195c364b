// Owns the simulation of the echoes: random scatterers weighted by the tissue, seen through a point-spread function that widens away from the
// focus, with attenuation, what time-gain compensation leaves of it, noise and logarithmic compression. The sum of many scatterers of random
// phase has a Rayleigh-distributed amplitude: fully developed speckle (Burckhardt 1978, https://doi.org/10.1109/T-SU.1978.30978).
import { createRandom } from '../../nn/random.ts';
import type { Random } from '../../nn/random.ts';
import { distanceToLesion } from './lesion.ts';
import type { Lesion, Mimic } from './lesion.ts';
import type { Probe } from './probe.ts';
import { createNoise, mix, sheets, smoothStep } from './smooth-noise.ts';
import type { Tissue } from './tissue.ts';

export interface BeamSettings {
  readonly seed: number;
  readonly planeMm: number;
  readonly focusMm: number;
  /** Standard deviation of the point-spread function along the beam, and across it at the focus, in mm. */
  readonly axialMm: number;
  readonly lateralMm: number;
  /** Pictures from different directions that are averaged (spatial compounding). */
  readonly looks: number;
  readonly gainDb: number;
  readonly dynamicRangeDb: number;
  /** What attenuation is left by the time-gain compensation. */
  readonly residueDbPerMm: number;
}

export const beamCount = 256;
const samplesPerMm = 16;

/** Grey levels 0..255, `beamCount` rows of `samples`. */
export interface BeamPicture {
  readonly samples: number;
  readonly levels: Float32Array;
}

/** What a probe looks at: tissue with a lesion in it, and structures that look like one. */
export interface Phantom {
  readonly tissue: Tissue;
  readonly lesion: Lesion;
  readonly mimics: readonly Mimic[];
}

export function simulateBeams(probe: Probe, phantom: Phantom, settings: BeamSettings): BeamPicture {
  const samples = Math.round(probe.depthMm * samplesPerMm);
  const field = sampleField(probe, phantom, settings, samples);
  const random = createRandom(settings.seed);
  const amplitude = new Float32Array(beamCount * samples);
  for (let look = 0; look < settings.looks; look += 1) {
    const real = scatter(field.echo, random);
    for (let i = 0; i < real.length; i += 1) real[i] += field.reflection[i];
    const imaginary = scatter(field.echo, random);
    blur(real, probe, settings, samples);
    blur(imaginary, probe, settings, samples);
    for (let i = 0; i < amplitude.length; i += 1) amplitude[i] += Math.hypot(real[i], imaginary[i]) / settings.looks;
  }
  return { samples, levels: compress(amplitude, field.gainDb, random, settings, samples) };
}

interface EchoField {
  /** Amplitude of the scatterers, and of coherent reflections. */
  readonly echo: Float32Array;
  readonly reflection: Float32Array;
  /** Gain of the whole way there and back. */
  readonly gainDb: Float32Array;
}

function sampleField(
  probe: Probe,
  { tissue, lesion, mimics }: Phantom,
  settings: BeamSettings,
  samples: number,
): EchoField {
  const size = beamCount * samples;
  const field = { echo: new Float32Array(size), reflection: new Float32Array(size), gainDb: new Float32Array(size) };
  const noise = createNoise(settings.seed + 1);
  for (let beam = 0; beam < beamCount; beam += 1) {
    const position = beam / (beamCount - 1);
    // The probe touches better here than there.
    const contactDb = 1.6 * noise(position * 5, 0, 0) - 5 * smoothStep(0.93, 1.02, Math.abs(2 * position - 1));
    let insideMm = 0;
    for (let sample = 0; sample < samples; sample += 1) {
      const depth = sample / samplesPerMm;
      const { xMm, zMm } = probe.at(position, depth);
      const { levelDb, reflection } = tissue(xMm, settings.planeMm, depth);
      const around = mimics.reduce((level, mimic) => mimicLevel(mimic, level, xMm, settings.planeMm, zMm), levelDb);
      const distance = distanceToLesion(lesion, xMm, settings.planeMm, zMm);
      const inside = 1 - smoothStep(-lesion.marginMm / 2, lesion.marginMm / 2, distance);
      const texture = 2.4 * noise(xMm / 1.8, zMm / 1.2, 9);
      const i = beam * samples + sample;
      field.echo[i] = 10 ** (mix(around, lesion.echoDb + texture, inside) / 20);
      field.reflection[i] = reflection * (1 - inside);
      insideMm += inside / samplesPerMm;
      const residue = settings.residueDbPerMm * Math.max(0, depth - settings.focusMm);
      const steps = 1.2 * noise(0, depth / 6, 21);
      field.gainDb[i] = contactDb + steps - residue - lesion.excessAttenuationDbPerMm * insideMm;
    }
  }
  shadowEdges(field.gainDb, lesion, samples);
  softenAcross(field.gainDb, samples);
  return field;
}

/** The echo level at a place, with a mimic laid over what is there. */
function mimicLevel(mimic: Mimic, levelDb: number, xMm: number, yMm: number, zMm: number): number {
  const distance = distanceToLesion(mimic, xMm, yMm, zMm);
  if (distance > 1) return levelDb;
  const inside = 1 - smoothStep(-mimic.marginMm / 2, mimic.marginMm / 2, distance);
  const middle = zMm - mimic.centreZMm - 0.12 * (xMm - mimic.centreXMm) + 0.25 * Math.sin(xMm);
  const septum = mimic.septum ? 0.7 * inside * sheets(middle, 0.35) : 0;
  return mix(levelDb, mimic.echoDb, inside) + mimic.wallDb * Math.max(sheets(distance, 0.45), septum);
}

/** A beam is wider than the distance to the next: what dims one dims its neighbours too. */
function softenAcross(gainDb: Float32Array, samples: number): void {
  const before = gainDb.slice();
  for (let beam = 0; beam < beamCount; beam += 1) {
    for (let sample = 0; sample < samples; sample += 1) {
      let sum = 0;
      for (let offset = -6; offset <= 6; offset += 2) {
        const neighbour = Math.min(beamCount - 1, Math.max(0, beam + offset));
        sum += before[neighbour * samples + sample];
      }
      gainDb[beam * samples + sample] = sum / 7;
    }
  }
}

/** Beams that graze a round lesion are bent away: thin shadows fall from its sides, wherever the gain behind it changes from beam to beam. */
function shadowEdges(gainDb: Float32Array, lesion: Lesion, samples: number): void {
  if (lesion.excessAttenuationDbPerMm >= 0) return;
  const before = gainDb.slice();
  for (let beam = 3; beam < beamCount - 3; beam += 1) {
    for (let sample = 0; sample < samples; sample += 1) {
      const slope = before[(beam + 3) * samples + sample] - before[(beam - 3) * samples + sample];
      gainDb[beam * samples + sample] -= Math.min(3, 0.8 * Math.max(0, Math.abs(slope) - 0.4));
    }
  }
}

function scatter(echo: Float32Array, random: Random): Float32Array {
  return echo.map((amplitude) => amplitude * random.normal());
}

/** Convolves with the point-spread function, in place; its energy is 1, so that the level of speckle stays that of its scatterers. */
function blur(values: Float32Array, probe: Probe, settings: BeamSettings, samples: number): void {
  const axial = gaussian(settings.axialMm * samplesPerMm);
  const line = new Float32Array(samples);
  for (let beam = 0; beam < beamCount; beam += 1) {
    const start = beam * samples;
    for (let sample = 0; sample < samples; sample += 1)
      line[sample] = convolve(values, axial, start, sample, 1, samples);
    values.set(line, start);
  }
  const row = new Float32Array(beamCount);
  for (let sample = 0; sample < samples; sample += 1) {
    const depth = sample / samplesPerMm;
    const width = settings.lateralMm * Math.hypot(1, (depth - settings.focusMm) / 16);
    const lateral = gaussian((width * (beamCount - 1)) / probe.spanMm(depth));
    for (let beam = 0; beam < beamCount; beam += 1)
      row[beam] = convolve(values, lateral, sample, beam, samples, beamCount);
    for (let beam = 0; beam < beamCount; beam += 1) values[beam * samples + sample] = row[beam];
  }
}

/** One half of a Gaussian of the given deviation in samples, centre first, with energy 1 over both halves. */
function gaussian(deviation: number): Float32Array {
  const half = new Float32Array(Math.ceil(deviation * 2.6) + 1);
  let energy = 0;
  for (let i = 0; i < half.length; i += 1) {
    half[i] = Math.exp(-0.5 * (i / deviation) ** 2);
    energy += half[i] ** 2 * (i === 0 ? 1 : 2);
  }
  return half.map((weight) => weight / Math.sqrt(energy));
}

function convolve(
  values: Float32Array,
  half: Float32Array,
  start: number,
  place: number,
  stride: number,
  count: number,
): number {
  let sum = values[start + place * stride] * half[0];
  for (let i = 1; i < half.length; i += 1) {
    const before = Math.max(0, place - i);
    const after = Math.min(count - 1, place + i);
    sum += half[i] * (values[start + before * stride] + values[start + after * stride]);
  }
  return sum;
}

/** Decibels to grey: a window of the dynamic range, with electronic noise that grows with the gain in depth. */
function compress(
  amplitude: Float32Array,
  gainDb: Float32Array,
  random: Random,
  { gainDb: overallDb, dynamicRangeDb }: BeamSettings,
  samples: number,
): Float32Array {
  return amplitude.map((value, i) => {
    const depth = (i % samples) / samplesPerMm;
    const floor = 10 ** ((-44 + 0.35 * depth) / 20) * Math.hypot(random.normal(), random.normal());
    const level = 20 * Math.log10(value * 10 ** (gainDb[i] / 20) + floor) + overallDb;
    const share = Math.min(1, Math.max(0, level / dynamicRangeDb + 1));
    return 255 * share ** 1.25;
  });
}
