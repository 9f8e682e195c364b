// Owns the names of keys: of a key that was pressed, and as people read them.
import { t } from '../strings/index.ts';

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
  const shift = press.shiftKey && (isLetter || press.key.length > 1 || press.key === ' ');
  return [
    press.ctrlKey || press.metaKey ? 'Ctrl+' : '',
    press.altKey ? 'Alt+' : '',
    shift ? 'Shift+' : '',
    isLetter ? press.key.toUpperCase() : press.key === ' ' ? 'Space' : press.key,
  ].join('');
}

const arrows: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
};

const namedKeys = [
  'Ctrl',
  'Alt',
  'Shift',
  'Space',
  'Escape',
  'Enter',
  'Backspace',
  'Delete',
  'Home',
  'End',
  'PageUp',
  'PageDown',
] as const;

/** The key as people read it: 'Ctrl Shift Z', '←'. */
export function shownKey(key: string): string {
  const parts = key === '+' ? ['+'] : key.split('+');
  return parts
    .map((part) => {
      const name = namedKeys.find((known) => known === part);
      return name ? t(`commands.keyNames.${name}`) : (arrows[part] ?? part);
    })
    .join(' ');
}
