// Owns the reading of option values: numbers and lists that commander hands over as text.
import { InvalidArgumentError, Option } from 'commander';
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

export function positionOption(): Option {
  return new Option('--position <name>', 'where in the body').choices(positions).makeOptionMandatory();
}

export function objectOption(): Option {
  return new Option('--object <name>', 'tumor or organ').choices(types).makeOptionMandatory();
}

export function providerOption(): Option {
  return new Option('--provider <name>', 'where ONNX Runtime computes, as doctor lists them').default('cpu');
}
