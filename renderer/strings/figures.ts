// Owns how figures, dates and enumerations are written in the language shown (ECMA-402).
import { shownLanguage } from './index.ts';
import { languageOf } from './languages.ts';

/** The shown language's formatters, each made once. */
const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function locale(): string {
  return languageOf(shownLanguage()).locale;
}

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return remembered(numberFormats, options, () => new Intl.NumberFormat(locale(), options));
}

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return remembered(dateFormats, options, () => new Intl.DateTimeFormat(locale(), options));
}

function remembered<Format>(formats: Map<string, Format>, options: object, create: () => Format): Format {
  const key = `${locale()} ${JSON.stringify(options)}`;
  const format = formats.get(key) ?? create();
  formats.set(key, format);
  return format;
}

/** A whole number, with its thousands set apart. */
export function shownCount(value: number): string {
  return numberFormat({ maximumFractionDigits: 0 }).format(value);
}

/** With as many digits after the point as asked for; with `least` fewer, where they would be zero. */
export function shownNumber(value: number, digits: number, least: number = digits): string {
  return numberFormat({ minimumFractionDigits: least, maximumFractionDigits: digits }).format(value);
}

/** To a number of significant digits. */
export function shownScale(value: number, digits: number): string {
  return numberFormat({ maximumSignificantDigits: digits }).format(value);
}

/** A share of 1 in percent. */
export function shownPercent(share: number, digits = 0): string {
  return numberFormat({ style: 'percent', maximumFractionDigits: digits }).format(share);
}

/** The time of day, to the second. */
export function shownClock(iso: string): string {
  return dateFormat({ hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(iso));
}

/** Day and time, to the minute, without the year. */
export function shownTime(iso: string): string {
  return dateFormat({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
}

/** One or the other: 'A or B'. */
export function shownChoice(parts: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: 'disjunction' }).format(parts);
}
