import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allCommands, findCommand } from '../../../renderer/commands/index.ts';

const root = join(import.meta.dirname, '../../..');

/** The commands that a source names: findCommand('edit.undo'), useKey('cine.play'), command="view.fit". */
function namedCommands(source: string): string[] {
  return [...source.matchAll(/(?:findCommand\(|useKey\(|\bcommand=)["']([^"']+)["']/g)].map(([, id]) => id);
}

describe('a key that is held down', () => {
  it('goes on with what goes through frames, sizes and steps back, and decides once', () => {
    const repeating = allCommands.filter(({ repeats }) => repeats).map(({ id }) => id);
    expect(repeating).toEqual(expect.arrayContaining(['go.frame-after', 'edit.undo', 'tool.larger', 'view.zoom-in']));
    const deciding = allCommands.filter(({ group }) => group === 'decide' || group === 'work' || group === 'labels');
    expect(deciding.filter(({ repeats }) => repeats)).toEqual([]);
    expect(findCommand('go.next').repeats).toBeUndefined();
  });
});

describe('the names of commands', () => {
  it('are each of one command', () => {
    const ids = allCommands.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are those of commands wherever a panel names one', () => {
    const sources = globSync('renderer/panels/*.tsx', { cwd: root }).map((file) =>
      readFileSync(join(root, file), 'utf8'),
    );
    const named = sources.flatMap(namedCommands);
    expect(named.length).toBeGreaterThan(30);
    const known = new Set(allCommands.map(({ id }) => id));
    expect(named.filter((id) => !known.has(id))).toEqual([]);
    expect(() => findCommand('edit.undone')).toThrow('edit.undone');
  });
});
