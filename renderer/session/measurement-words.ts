// Owns measurements in words: their figures with units, as the canvas and the list show them.
import type { FigureName, MeasuredFigure, MeasuredValue } from '../../electron/common/measurements.ts';

const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const figureWords: Readonly<Record<FigureName, string>> = {
  length: 'Length',
  circumference: 'Circumference',
  area: 'Area',
  longAxis: 'Long axis',
  shortAxis: 'Short axis',
  angle: 'Angle',
};

/** "12.3 mm", "45.0°", "1,024 px²". Tenths are what a caliper on a screen can tell. */
export function figureText({ value, unit }: MeasuredFigure): string {
  if (unit === '°') return `${oneDigit.format(value)}°`;
  return `${unit === 'px²' ? whole.format(value) : oneDigit.format(value)} ${unit}`;
}

/** Beside the measurement on the canvas: the figure alone; for an ellipse its circumference (C) and its two axes. */
export function shortText({ figures }: MeasuredValue): string {
  const [first] = figures;
  const axes = figures.filter(({ name }) => name === 'longAxis' || name === 'shortAxis');
  if (axes.length < 2) return figureText(first);
  return `C ${figureText(first)} · ${oneDigit.format(axes[0].value)} × ${figureText(axes[1])}`;
}
