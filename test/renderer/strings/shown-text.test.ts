import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findShownText } from './shown-text.ts';

const root = join(import.meta.dirname, '../../..');

function textsIn(source: string): string[] {
  return findShownText('planted.tsx', source).map(({ text }) => text);
}

describe('words outside the catalogue', () => {
  it.each([
    ['text between tags', `<p>Saved</p>`, 'Saved'],
    ['text between tags and values', `<p>Frame {index} of</p>`, 'Frame'],
    ['a title', `<i title="remove" />`, 'remove'],
    ['an aria-label', `<button aria-label="close" />`, 'close'],
    ['a placeholder', `<input placeholder={'name'} />`, 'name'],
    ['a label of a component', `<Tooltip label={on ? 'hide' : shown} />`, 'hide'],
    ['a template in a label', '<Tooltip label={`row ${index}`} />', 'row …'],
    ['an expression between tags', `<p>{isOn && 'shown'}</p>`, 'shown'],
    ['a template between tags', '<p>{`${count} px`}</p>', '… px'],
    ['a property that is read', `const row = { title: 'pixels' };`, 'pixels'],
    ['a notice', `store.setState({ notice: { tone: 'plain', text: 'done' } });`, 'done'],
    ['a word by itself', `const word = 'Nothing';`, 'Nothing'],
    ['a sentence anywhere', `say('not here');`, 'not here'],
    ['words put together', `const words = count + ' frames left';`, 'frames left'],
    ['a default', `const { words = 'as before' } = props;`, 'as before'],
  ])('are found in %s', (_where, source, text) => {
    expect(textsIn(source)).toContain(text);
  });

  it.each([
    ['keys of the catalogue', `<p title={t('foot.saved')}>{t('foot.zoom', { percent })}</p>`],
    ['names that programs read', `<p className="bar wide" data-testid="Foot" role="status">→ {index} / 12</p>`],
    ['comparisons', `if (kind === 'saved as is') switch (event.key) { case 'Escape': stop(); }`],
    ['modules and types', `import { a } from 'Some module'; type Kind = 'Not here' | 'Here';`],
    ['a fault in the program', `throw new Error('There is no such tool.');`],
    ['names that no language changes', `<b title="SonoSync">SonoSync</b>`],
    ['names of keys', `const command = { keys: ['Escape'], icon: 'flip-across' };`],
  ])('are not seen in %s', (_where, source) => {
    expect(textsIn(source)).toEqual([]);
  });

  it('are nowhere in the interface', () => {
    const files = globSync('renderer/**/*.{ts,tsx}', { cwd: root, exclude: ['renderer/strings/**'] });
    expect(files.length).toBeGreaterThan(150);
    const found = files.flatMap((file) =>
      findShownText(file, readFileSync(join(root, file), 'utf8')).map(({ line, text }) => `${file}:${line}: ${text}`),
    );
    expect(found).toEqual([]);
  });
});
