// Owns which keys run which command: those that a command brings, unless the reader chose others for it.
import type { Command } from './command.ts';
import { keyName, type KeyPress } from './keyboard.ts';

/** The reader's own keys by command id; an empty list leaves a command without a key. Commands that are not named keep theirs. */
export type KeyMap = Readonly<Record<string, readonly string[]>>;

export function keysOf(command: Command, own: KeyMap): readonly string[] {
  return own[command.id] ?? command.keys;
}

export function commandForKey(commands: readonly Command[], press: KeyPress, own: KeyMap = {}): Command | null {
  const name = keyName(press);
  return commands.find((command) => keysOf(command, own).includes(name)) ?? null;
}

/** Gives a key to one command; the one that had it loses it and is named, so that the reader can be told. */
export function assignKey(
  commands: readonly Command[],
  own: KeyMap,
  id: string,
  key: string,
): { readonly keyMap: KeyMap; readonly takenFrom: Command | null } {
  const takenFrom = commands.find((command) => command.id !== id && keysOf(command, own).includes(key)) ?? null;
  const rest = takenFrom && { [takenFrom.id]: keysOf(takenFrom, own).filter((other) => other !== key) };
  return { keyMap: withoutDefaults(commands, { ...own, ...rest, [id]: [key] }), takenFrom };
}

/** Leaves a command without a key. */
export function clearKeys(commands: readonly Command[], own: KeyMap, id: string): KeyMap {
  return withoutDefaults(commands, { ...own, [id]: [] });
}

/** Whether a remembered value is a key map. */
export function isKeyMap(value: unknown): value is KeyMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((keys) => Array.isArray(keys) && keys.every((key) => typeof key === 'string'))
  );
}

/** What differs from the commands' own keys: a later version's better keys reach those who never chose. */
function withoutDefaults(commands: readonly Command[], keyMap: KeyMap): KeyMap {
  const same = (a: readonly string[], b: readonly string[]): boolean =>
    a.length === b.length && a.every((key, index) => key === b[index]);
  const defaults = new Map(commands.map((command) => [command.id, command.keys]));
  return Object.fromEntries(Object.entries(keyMap).filter(([id, keys]) => !same(keys, defaults.get(id) ?? [])));
}
