import { describe, expect, it } from 'vitest';
import { allCommands } from '../../../renderer/commands/index.ts';
import { commandForKey } from '../../../renderer/commands/key-map.ts';
import { keyName, shownKey } from '../../../renderer/commands/keyboard.ts';

function press(key: string, modifiers: { ctrl?: boolean; meta?: boolean; shift?: boolean; alt?: boolean } = {}) {
  const { ctrl = false, meta = false, shift = false, alt = false } = modifiers;
  return { key, ctrlKey: ctrl, metaKey: meta, shiftKey: shift, altKey: alt };
}

describe('keys', () => {
  it.each([
    ['a', {}, 'A'],
    ['z', { ctrl: true }, 'Ctrl+Z'],
    ['Z', { meta: true, shift: true }, 'Ctrl+Shift+Z'],
    ['?', { shift: true }, '?'],
    ['ArrowLeft', {}, 'ArrowLeft'],
    ['ArrowLeft', { shift: true }, 'Shift+ArrowLeft'],
    ['[', {}, '['],
  ])('%s with %o is named %s', (key, modifiers, name) => {
    expect(keyName(press(key, modifiers))).toBe(name);
  });

  it('of a digit with Option on a Mac is that digit, where it writes another character; with Alt that it writes, that', () => {
    expect(keyName({ ...press('º', { alt: true }), code: 'Digit0' })).toBe('Alt+0');
    expect(commandForKey(allCommands, { ...press('º', { alt: true }), code: 'Digit0' })?.id).toBe('view.one-to-one');
    expect(keyName({ ...press('º'), code: 'Digit0' })).toBe('º');
    expect(keyName({ ...press('à', { alt: true }), code: 'KeyA' })).toBe('Alt+à');
    expect(keyName({ ...press('[', { alt: true }), code: 'Digit5' })).toBe('Alt+[');
  });

  it.each([
    ['a', {}, 'decide.accept'],
    ['x', {}, 'decide.absent'],
    ['r', {}, 'decide.back'],
    ['h', {}, 'decide.hide'],
    ['n', {}, 'go.next'],
    ['b', {}, 'tool.box'],
    ['z', { ctrl: true }, 'edit.undo'],
    ['y', { ctrl: true }, 'edit.redo'],
    ['k', { ctrl: true }, 'view.palette'],
    [']', {}, 'tool.larger'],
    ['3', {}, 'go.label-3'],
    ['ArrowUp', {}, 'go.study-before'],
    ['0', {}, 'view.fit'],
  ])('%s with %o runs %s', (key, modifiers, id) => {
    expect(commandForKey(allCommands, press(key, modifiers))?.id).toBe(id);
  });

  it('without a command run none', () => {
    expect(commandForKey(allCommands, press('y'))).toBeNull();
    expect(commandForKey(allCommands, press('a', { alt: true }))).toBeNull();
  });

  it('and names belong to one command each', () => {
    const keys = allCommands.flatMap((command) => command.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(allCommands.map((command) => command.id)).size).toBe(allCommands.length);
  });

  it('are shown as people read them', () => {
    expect(shownKey('Ctrl+Shift+Z')).toBe('Ctrl Shift Z');
    expect(shownKey('ArrowLeft')).toBe('←');
    expect(shownKey('+')).toBe('+');
  });
});
