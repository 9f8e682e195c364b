// Owns the names of keys: of a key that was pressed, and as people read them.
import { t } from '../strings/index.ts';

/** The parts of a KeyboardEvent that count. */
export interface KeyPress {
  readonly key: string;
  /** Which key it is, whatever it writes: 'Digit0'. */
  readonly code?: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** The key as commands name it: 'Ctrl+Shift+Z', 'A', '['. Shift is named only with letters and named keys: '?' already has it. */
export function keyName(press: KeyPress): string {
  const key = writtenKey(press);
  const isLetter = /^[a-z]$/i.test(key);
  const shift = press.shiftKey && (isLetter || key.length > 1 || key === ' ');
  return [
    press.ctrlKey || press.metaKey ? 'Ctrl+' : '',
    press.altKey ? 'Alt+' : '',
    shift ? 'Shift+' : '',
    isLetter ? key.toUpperCase() : key === ' ' ? 'Space' : key,
  ].join('');
}

/** What the key writes; with Alt, digits as they are printed on it: on a Mac, Option makes another character of them (º of 0). */
function writtenKey({ key, code, altKey }: KeyPress): string {
  const digit = /^Digit(\d)$/.exec(code ?? '')?.[1];
  const isMade = key.length === 1 && key > '~';
  return altKey && isMade && digit !== undefined ? digit : key;
}

/** Whether keys belong to what has the focus: a text that is being written, an open menu, a slider. */
export function takesKeys(target: EventTarget | null): boolean {
  const taking =
    'input:not([type=range], [type=radio], [type=checkbox]), textarea, [contenteditable], [role=menu], [role=slider]';
  return target instanceof Element && target.closest(taking) !== null;
}

/** Keys that a control answers to which was reached by the keyboard: those that press it, and those that choose among its fellows. */
const ownKeys: Readonly<Record<string, string>> = {
  ' ': 'button, [role=button], [type=radio], [type=checkbox]',
  Enter: 'button, [role=button], a[href]',
  ArrowLeft: '[type=radio]',
  ArrowRight: '[type=radio]',
  ArrowUp: '[type=radio]',
  ArrowDown: '[type=radio]',
};

/** Whether this key belongs to what has the focus. Escape in a dialog or a card closes that, and nothing else besides. */
export function takesKey(key: string, target: EventTarget | null): boolean {
  if (takesKeys(target)) return true;
  if (!(target instanceof Element)) return false;
  if (key === 'Escape') return target.closest('[role=dialog]') !== null;
  const taking = ownKeys[key];
  return taking !== undefined && target.matches(`:is(${taking}):focus-visible`);
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
