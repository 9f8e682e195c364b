import { describe, expect, it } from 'vitest';
import { codeOfPrompts } from '../../electron/common/codes.ts';
import { labelColors } from '../../electron/common/label-colors.ts';
import { Store } from '../../electron/study/store.ts';
import { takeBack } from '../support/older-workspace.ts';
import { maskOf, openStore, pngFile, temporaryFolder, thrownBy } from '../support/workspaces.ts';

const breastTumor = { position: 'breast', type: 'tumor' } as const;

describe('labels', () => {
  it('of a workspace of the first versions keep their order and have no code yet', async () => {
    const folder = temporaryFolder();
    const before = Store.open(folder, { reader: 'A. Reader' });
    for (const name of ['b', 'a']) before.addLabel({ name, ...breastTumor, code: codeOfPrompts('breast', 'tumor') });
    await before.close();
    takeBack(folder, 2);
    const store = openStore(folder);
    store.addLabel({ name: 'c', ...breastTumor });
    expect(store.listLabels()).toMatchObject(['b', 'a', 'c'].map((name) => ({ name, code: null, hidden: false })));
  });

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

  it('carry a code and a colour of the reader’s own, which can be changed and taken away again', () => {
    const folder = temporaryFolder();
    const code = codeOfPrompts('breast', 'tumor');
    const store = openStore(folder);
    const label = store.addLabel({ name: 'Lesion', ...breastTumor, color: '#123456', code });
    expect(label).toMatchObject({ color: '#123456', code, hidden: false });
    expect(store.updateLabel(label.id, { color: '#abcdef', hidden: true })).toMatchObject({
      color: '#abcdef',
      code,
      hidden: true,
    });
    expect(store.updateLabel(label.id, { code: null }).code).toBeNull();
    expect(store.listLabels()).toHaveLength(1);
  });

  it('keep the reader’s order, and new ones come last', async () => {
    const store = openStore();
    const [a, b, c] = ['A', 'B', 'C'].map((name) => store.addLabel({ name, ...breastTumor }).id);
    expect(store.reorderLabels([c, a, b]).map((label) => label.name)).toEqual(['C', 'A', 'B']);
    store.addLabel({ name: 'D', ...breastTumor });
    expect(store.listLabels().map((label) => label.name)).toEqual(['C', 'A', 'B', 'D']);
    for (const wrong of [
      [a, b, c],
      [a, a, b, c],
    ]) {
      expect(await thrownBy(() => store.reorderLabels(wrong))).toMatchObject({ code: 'bad-input' });
    }
  });

  it('go away only while no work hangs on them, and leave their name to others', async () => {
    const store = openStore();
    await store.importFiles([await pngFile('a.png', 1)]);
    const [frame] = store.listFrameRecords();
    const used = store.addLabel({ name: 'Used', ...breastTumor });
    const proposed = store.addLabel({ name: 'Proposed', ...breastTumor });
    const prompts = { position: 'breast', task: 'segmentation', mode: 'whole', type: 'tumor' } as const;
    store.saveProposal({
      frameId: frame.id,
      labelId: proposed.id,
      prompts,
      box: null,
      modelId: 'm',
      modelHash: 'h',
      adapterId: null,
      mask: maskOf(3),
      meanProbability: 1,
      uncertainty: 0,
      classification: null,
      provisional: false,
      followed: false,
    });
    store.saveRevision({
      frameId: frame.id,
      labelId: used.id,
      parentId: null,
      proposalId: null,
      reviewState: 'edited',
      segmentAlgorithmType: 'MANUAL',
      mask: maskOf(2),
      gesture: 'brush',
    });
    expect(store.labelUsage(used.id)).toEqual({ annotations: 1, measurements: 0, adapters: 0 });
    expect(await thrownBy(() => store.removeLabel(used.id))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Hide it instead'),
    });
    store.removeLabel(proposed.id);
    expect(store.listLabels().map((label) => label.name)).toEqual(['Used']);
    expect(await thrownBy(() => store.label(proposed.id))).toMatchObject({ code: 'not-found' });
    expect(store.addLabel({ name: 'Proposed', ...breastTumor }).id).not.toBe(proposed.id);
  });

  it('come from a set all or none, and never a second one of a name', async () => {
    const store = openStore();
    const label = store.addLabel({ name: 'Cyst', ...breastTumor, color: '#123456' });
    store.updateLabel(label.id, { hidden: true });
    const code = codeOfPrompts('breast', 'tumor');
    const { added, kept } = store.applyLabelSet([
      { name: 'Mass', ...breastTumor, code },
      { name: 'cyst', ...breastTumor, code },
    ]);
    expect(added).toMatchObject([{ name: 'Mass', code }]);
    expect(kept).toEqual([{ ...label, hidden: false }]);
    expect(
      await thrownBy(() =>
        store.applyLabelSet([
          { name: 'New', ...breastTumor },
          { name: ' ', ...breastTumor },
        ]),
      ),
    ).toMatchObject({ code: 'bad-input' });
    expect(store.listLabels().map((one) => one.name)).toEqual(['Cyst', 'Mass']);
  });
});
