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

/** Whether keys belong to what has the focus: a text that is being written, an open menu, a slider. */
export function takesKeys(target: EventTarget | null): boolean {
  const taking =
    'input:not([type=range], [type=radio], [type=checkbox]), textarea, [contenteditable], [role=menu], [role=slider]';
  return target instanceof Element && target.closest(taking) !== null;
}

/** The same of the space bar, which also presses a button that was reached by the keyboard. */
export function takesSpace(target: EventTarget | null): boolean {
  if (takesKeys(target)) return true;
  const pressed = 'button, [role=button], [type=radio], [type=checkbox]';
  return target instanceof Element && target.matches(`:is(${pressed}):focus-visible`);
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
