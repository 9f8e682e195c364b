// Owns the reading of option values: numbers and lists that commander hands over as text.
import { InvalidArgumentError, Option } from 'commander';
import type { IntakeSettings } from '../common/api.ts';
import { intakeSettingsSchema } from '../common/api/intake.ts';
import { positions, types } from '../common/prompts.ts';

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}

export function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('Expected a port, up to 65535.');
  return port;
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('Expected a number above 0.');
  }
  return value;
}

/** 'a,b' -> ['a', 'b'] */
export function names(text: string): string[] {
  const list = text.split(',').map((name) => name.trim());
  if (list.includes('')) throw new InvalidArgumentError('Expected names, separated by commas.');
  return list;
}

/** '1,3,224,224' -> [1, 3, 224, 224] */
export function wholeNumbers(text: string): number[] {
  return names(text).map(wholeNumber);
}

/** The title of an application entity, as the settings of intake have it. */
export function aeTitle(text: string): string {
  const { data, error } = intakeSettingsSchema.shape.aeTitle.safeParse(text);
  if (error) throw new InvalidArgumentError('Expected an AE title of 1 to 16 characters, without backslash.');
  return data;
}

/** An empty one would be every interface of the machine. */
export function hostAddress(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected an address; 0.0.0.0 for all interfaces.');
  return text.trim();
}

/**
 * 'A,B@10.0.0.7': titles, some from one machine only. None would mean everybody, and a title without its machine any machine: where a part is
 * empty, as that of a shell's variable that is not set, nothing is guessed.
 */
export function callers(text: string): IntakeSettings['callers'] {
  const entries = text.split(',').map((entry) => {
    const at = entry.lastIndexOf('@');
    return at < 0 ? { aeTitle: entry } : { aeTitle: entry.slice(0, at), host: entry.slice(at + 1) };
  });
  const { data, error } = intakeSettingsSchema.shape.callers.safeParse(entries);
  if (error) {
    throw new InvalidArgumentError(
      'Expected AE titles of 1 to 16 characters, parted by commas; TITLE@HOST for one machine.',
    );
  }
  return data;
}

export function positionOption(): Option {
  return new Option('--position <name>', 'where in the body').choices(positions).makeOptionMandatory();
}

export function objectOption(): Option {
  return new Option('--object <name>', 'tumor or organ').choices(types).makeOptionMandatory();
}

export function providerOption(): Option {
  return new Option('--provider <name>', 'where ONNX Runtime computes, as doctor lists them').default('cpu');
}
