// Owns measurements in words: their figures with units, as the canvas and the list show them.
import type { ScaleRefusal } from '../../electron/common/calibration.ts';
import type { MeasuredFigure, MeasuredValue } from '../../electron/common/measurements.ts';
import { shownNumber, t } from '../strings/index.ts';

/** "12.3 mm", "45.0°", "1,024 px²". Tenths are what a caliper on a screen can tell. */
export function figureText({ value, unit }: MeasuredFigure): string {
  return t(`units.${unit}`, { figure: shownNumber(value, unit === 'px²' ? 0 : 1) });
}

/** Why there is no scale. */
export function refusalWords(refusal: ScaleRefusal): string {
  return refusal.reason === 'not-calibrated'
    ? t('measurements.refusals.notCalibrated', { region: refusal.region })
    : t(`measurements.refusals.${refusal.reason}`);
}

/** Beside the measurement on the canvas: the figure alone; for an ellipse its circumference (C) and its two axes. */
export function shortText({ figures }: MeasuredValue): string {
  const [first] = figures;
  const axes = figures.filter(({ name }) => name === 'longAxis' || name === 'shortAxis');
  if (axes.length < 2) return figureText(first);
  return t('measurements.ellipse', {
    circumference: figureText(first),
    longAxis: shownNumber(axes[0].value, 1),
    shortAxis: figureText(axes[1]),
  });
}
