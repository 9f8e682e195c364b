// Owns what ultrasound regions are in words: the codes of the Sequence of Ultrasound Regions (PS3.3 C.8.5.5.1).
import type { UltrasoundRegion } from '../../electron/common/study.ts';

const spatialFormats: Readonly<Record<number, string>> = {
  1: '2D',
  2: 'M-mode',
  3: 'spectral Doppler',
  4: 'trace',
  5: 'graphics',
};

const dataTypes: Readonly<Record<number, string>> = {
  1: 'tissue',
  2: 'colour flow',
  3: 'pulsed Doppler',
  4: 'continuous Doppler',
  5: 'mean of the Doppler trace',
  6: 'mode of the Doppler trace',
  7: 'maximum of the Doppler trace',
  8: 'volume trace',
  10: 'ECG',
  11: 'pulse',
  12: 'phonocardiogram',
  13: 'grey bar',
  14: 'colour bar',
};

const units: Readonly<Record<number, string>> = {
  0: 'none',
  1: '%',
  2: 'dB',
  3: 'cm',
  4: 's',
  5: 'Hz',
  6: 'dB/s',
  7: 'cm/s',
  8: 'cm²',
  9: 'cm²/s',
  10: 'cm³',
  11: 'cm³/s',
  12: '°',
};

const scale = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** "1 · 2D tissue · 0.069 × 0.069 mm/px", "2 · spectral Doppler · s × cm/s, no lengths". */
export function describeRegion(region: UltrasoundRegion): string {
  const { number, spatialFormat, dataType, unitsX, unitsY, physicalDeltaXMm, physicalDeltaYMm } = region;
  const what = [wordOf(spatialFormats, spatialFormat), wordOf(dataTypes, dataType)].filter(Boolean).join(' ');
  const figures =
    physicalDeltaXMm !== null && physicalDeltaYMm !== null
      ? `${scale.format(physicalDeltaXMm)} × ${scale.format(physicalDeltaYMm)} mm/px`
      : `${wordOf(units, unitsX) || 'no unit'} × ${wordOf(units, unitsY) || 'no unit'}, no lengths`;
  return [String(number), what, figures].filter(Boolean).join(' · ');
}

function wordOf(words: Readonly<Record<number, string>>, code: number | null): string {
  return code === null ? '' : (words[code] ?? `code ${code}`);
}
