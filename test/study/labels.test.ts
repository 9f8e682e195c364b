import { describe, expect, it } from 'vitest';
import { labelColors } from '../../electron/study/label-colors.ts';
import { openStore, thrownBy } from '../support/workspaces.ts';

const breastTumor = { position: 'breast', type: 'tumor' } as const;

describe('labels', () => {
  it('get colours of their own from the set, and share them only when it is used up', () => {
    const store = openStore();
    const colors = [...labelColors, 'one more'].map((_, index) => {
      return store.addLabel({ name: `Label ${index}`, ...breastTumor }).color;
    });
    expect(colors).toEqual([...labelColors, labelColors[0]]);
    expect(store.listLabels().map((label) => label.color)).toEqual(colors);
  });

  it('have names that differ in more than letter case, spaces or accents composed otherwise', async () => {
    const store = openStore();
    const label = store.addLabel({ name: ' Läsion  links ', ...breastTumor });
    expect(label.name).toBe('Läsion links');
    for (const name of ['läsion LINKS', 'Läsion links'.normalize('NFD')]) {
      expect(await thrownBy(() => store.addLabel({ name, ...breastTumor }))).toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('Läsion links'),
      });
    }
    expect(await thrownBy(() => store.addLabel({ name: '  ', ...breastTumor }))).toMatchObject({ code: 'bad-input' });
    expect(store.listLabels()).toEqual([label]);
  });

  it('are found by id or name, and an unknown one lists those there are', async () => {
    const store = openStore();
    const label = store.addLabel({ name: 'Lesion', ...breastTumor });
    expect(store.labelNamed('LESION')).toEqual(label);
    expect(store.labelNamed(label.id)).toEqual(label);
    expect(await thrownBy(() => store.labelNamed('Cyst'))).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('"Lesion"'),
    });
  });

  it('change name and prompts, and keep what is not named', async () => {
    const store = openStore();
    const label = store.addLabel({ name: 'Lesion', ...breastTumor });
    const other = store.addLabel({ name: 'Cyst', ...breastTumor });
    expect(store.updateLabel(label.id, { name: 'LESION', position: 'thyroid' })).toEqual({
      ...label,
      name: 'LESION',
      position: 'thyroid',
    });
    expect(await thrownBy(() => store.updateLabel(other.id, { name: 'lesion' }))).toMatchObject({ code: 'conflict' });
    expect(await thrownBy(() => store.updateLabel('none', { type: 'organ' }))).toMatchObject({ code: 'not-found' });
    expect(store.label(other.id)).toEqual(other);
  });
});
