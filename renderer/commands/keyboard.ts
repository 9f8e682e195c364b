// Owns the names of keys: of a key that was pressed, and as people read them.

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
