// Owns the way from a key to its command.
import type { Command } from './command.ts';

/** The parts of a KeyboardEvent that count. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** The key as commands name it: 'Ctrl+Shift+Z', 'A', '['. Shift is named only with letters and named keys: '?' already has it. */
export function keyName(press: KeyPress): string {
  const isLetter = /^[a-z]$/i.test(press.key);
  const shift = press.shiftKey && (isLetter || press.key.length > 1);
  return [
    press.ctrlKey || press.metaKey ? 'Ctrl+' : '',
    press.altKey ? 'Alt+' : '',
    shift ? 'Shift+' : '',
    isLetter ? press.key.toUpperCase() : press.key,
  ].join('');
}

export function commandForKey(commands: readonly Command[], press: KeyPress): Command | null {
  const name = keyName(press);
  return commands.find((command) => command.keys.includes(name)) ?? null;
}

const shownNames: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/** The key as people read it: 'Ctrl Shift Z', '←'. */
export function shownKey(key: string): string {
  const parts = key === '+' ? ['+'] : key.split('+');
  return parts.map((part) => shownNames[part] ?? part).join(' ');
}
