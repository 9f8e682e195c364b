// Owns how figures, times and enumerations are written in the language shown.
import { dateFormat, numberFormat } from './formats.ts';
import { shownLocale } from './i18n.ts';

/** With as many digits after the point as asked for; with `least` fewer, where they would be zero. */
export function shownNumber(value: number, digits: number, least: number = digits): string {
  return numberFormat(shownLocale(), { minimumFractionDigits: least, maximumFractionDigits: digits }).format(value);
}

/** To a number of significant digits. */
export function shownScale(value: number, digits: number): string {
  return numberFormat(shownLocale(), { maximumSignificantDigits: digits }).format(value);
}

/** A share of 1 in percent. */
export function shownPercent(share: number, digits = 0): string {
  return numberFormat(shownLocale(), { style: 'percent', maximumFractionDigits: digits }).format(share);
}

/** The time of day, to the second. */
export function shownClock(iso: string): string {
  return dateFormat(shownLocale(), { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(iso));
}

/** The day, without the time of day. */
export function shownDay(iso: string): string {
  return dateFormat(shownLocale(), { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(iso));
}

/** Day and time, to the minute, without the year. */
export function shownTime(iso: string): string {
  const options = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  return dateFormat(shownLocale(), options).format(new Date(iso));
}

/** All of them: 'A, B and C'; one or the other with 'disjunction': 'A or B'; as they are with 'unit': 'A, B, C'. */
export function shownList(parts: readonly string[], type: Intl.ListFormatOptions['type'] = 'conjunction'): string {
  const style = type === 'unit' ? 'short' : 'long';
  return new Intl.ListFormat(shownLocale(), { type, style }).format(parts);
}
