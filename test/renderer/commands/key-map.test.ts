import { describe, expect, it } from 'vitest';
import { allCommands } from '../../../renderer/commands/index.ts';
import { assignKey, clearKeys, commandForKey, isKeyMap, keysOf } from '../../../renderer/commands/key-map.ts';

function press(key: string) {
  return { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
}

const accept = allCommands.find((command) => command.id === 'decide.accept')!;
const absent = allCommands.find((command) => command.id === 'decide.absent')!;

describe('own keys', () => {
  it('run the command that they were given to, and its old key runs none', () => {
    const { keyMap, takenFrom } = assignKey(allCommands, {}, accept.id, 'Alt+Enter');
    expect(takenFrom).toBeNull();
    expect(keysOf(accept, keyMap)).toEqual(['Alt+Enter']);
    expect(commandForKey(allCommands, { ...press('Enter'), altKey: true }, keyMap)).toBe(accept);
    expect(commandForKey(allCommands, press('a'), keyMap)).toBeNull();
  });

  it('are taken from the command that had them, which is named', () => {
    const { keyMap, takenFrom } = assignKey(allCommands, {}, accept.id, 'X');
    expect(takenFrom).toBe(absent);
    expect(commandForKey(allCommands, press('x'), keyMap)).toBe(accept);
    expect(keysOf(absent, keyMap)).toEqual([]);
  });

  it('never belong to two commands, whatever is assigned in turn', () => {
    let keyMap = {};
    for (const [id, key] of [
      ['decide.accept', 'X'],
      ['decide.absent', 'A'],
      ['edit.undo', 'A'],
      ['tool.brush', 'X'],
    ])
      // prettier-ignore
      keyMap = assignKey(allCommands, keyMap, id, key).keyMap;
    const keys = allCommands.flatMap((command) => keysOf(command, keyMap));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("that are a command's own again are forgotten", () => {
    const { keyMap } = assignKey(allCommands, {}, accept.id, 'F9');
    expect(assignKey(allCommands, keyMap, accept.id, accept.keys[0]).keyMap).toEqual({});
  });

  it('can be none', () => {
    const keyMap = clearKeys(allCommands, {}, accept.id);
    expect(commandForKey(allCommands, press('a'), keyMap)).toBeNull();
    expect(keyMap).toEqual({ 'decide.accept': [] });
  });

  it('are told from other remembered values', () => {
    expect(isKeyMap({ 'decide.accept': ['A'] })).toBe(true);
    for (const value of [null, 3, { a: 'A' }, { a: [1] }]) expect(isKeyMap(value)).toBe(false);
  });
});
