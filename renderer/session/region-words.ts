// Owns what ultrasound regions are in words: the codes of the Sequence of Ultrasound Regions (PS3.3 C.8.5.5.1).
import type { UltrasoundRegion } from '../../electron/common/study.ts';
import { shownScale, t } from '../strings/index.ts';

/** The names of the codes in the catalogue. */
const spatialFormats = new Map([
  [1, 'twoDimensional'],
  [2, 'mMode'],
  [3, 'spectral'],
  [4, 'trace'],
  [5, 'graphics'],
] as const);

const dataTypes = new Map([
  [1, 'tissue'],
  [2, 'colorFlow'],
  [3, 'pulsedDoppler'],
  [4, 'continuousDoppler'],
  [5, 'dopplerMeanTrace'],
  [6, 'dopplerModeTrace'],
  [7, 'dopplerMaximumTrace'],
  [8, 'volumeTrace'],
  [10, 'ecg'],
  [11, 'pulse'],
  [12, 'phonocardiogram'],
  [13, 'greyBar'],
  [14, 'colorBar'],
] as const);

/** Units are written alike in every language (SI). */
const units: Readonly<Record<number, string>> = {
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

/** "1 · 2D tissue · 0.069 × 0.069 mm/px", "2 · spectral Doppler · s × cm/s, no lengths". */
export function describeRegion(region: UltrasoundRegion): string {
  const { number, spatialFormat, dataType, unitsX, unitsY, physicalDeltaXMm, physicalDeltaYMm } = region;
  const [format, data] = [nameIn(spatialFormats, spatialFormat), nameIn(dataTypes, dataType)];
  const what = [
    format ? t(`regions.spatialFormats.${format}`) : unknownCode(spatialFormat),
    data ? t(`regions.dataTypes.${data}`) : unknownCode(dataType),
  ];
  const figures =
    physicalDeltaXMm !== null && physicalDeltaYMm !== null
      ? t('readout.scales', { x: shownScale(physicalDeltaXMm, 3), y: shownScale(physicalDeltaYMm, 3) })
      : t('regions.noLengths', { x: unitOf(unitsX), y: unitOf(unitsY) });
  return [String(number), what.filter(Boolean).join(' '), figures].filter(Boolean).join(' · ');
}

function nameIn<Name>(names: ReadonlyMap<number, Name>, code: number | null): Name | undefined {
  return code === null ? undefined : names.get(code);
}

function unknownCode(code: number | null): string {
  return code === null ? '' : t('regions.unknownCode', { code });
}

function unitOf(code: number | null): string {
  if (code === null) return t('regions.noUnit');
  if (code === 0) return t('regions.dimensionless');
  return units[code] ?? unknownCode(code);
}
