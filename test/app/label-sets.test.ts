import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findInstallation } from '../../electron/app/installation.ts';
import { findLabelSet, pickLabels, readLabelSets } from '../../electron/app/label-sets.ts';
import { positionCodes } from '../../electron/common/codes.ts';
import { temporaryFolder, thrownBy } from '../support/workspaces.ts';

const { resourcesFolder } = findInstallation();

describe('the label sets', () => {
  it('are there for the examinations that the network knows, each label once and with a code', async () => {
    const sets = await readLabelSets(resourcesFolder);
    expect(sets.map((set) => set.id).sort()).toEqual([
      'breast',
      'cardiac',
      'carotid',
      'fetal-head',
      'kidney',
      'ovary',
      'thyroid',
    ]);
    const labels = sets.flatMap((set) => set.labels);
    expect(new Set(labels.map((label) => label.name.toLowerCase())).size).toBe(labels.length);
    for (const { position, type, code } of labels) {
      expect(code.category.codeValue).toMatch(type === 'tumor' ? /^49755003$/ : /^(91723000|85756007)$/);
      // The region is the organ of the label's own Position.
      expect(code.anatomicRegion).toEqual(positionCodes[position]);
    }
  });

  it('call one code by one meaning', async () => {
    const meanings = new Map<string, string>();
    for (const { labels } of await readLabelSets(resourcesFolder)) {
      for (const { code } of labels) {
        for (const concept of [code.category, code.type, code.anatomicRegion]) {
          if (!concept) continue;
          expect(concept.codingSchemeDesignator).toBe('SCT');
          expect(meanings.get(concept.codeValue) ?? concept.codeMeaning).toBe(concept.codeMeaning);
          expect(isSnomedId(concept.codeValue)).toBe(true);
          meanings.set(concept.codeValue, concept.codeMeaning);
        }
      }
    }
    expect(meanings.size).toBeGreaterThan(20);
  });

  it('give single labels by name, and say which they have', async () => {
    const thyroid = await findLabelSet(resourcesFolder, 'Thyroid');
    expect(pickLabels(thyroid, ['thyroid NODULE'])).toMatchObject([{ code: { type: { codeMeaning: 'Nodule' } } }]);
    expect(await thrownBy(() => pickLabels(thyroid, ['Liver']))).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('"Thyroid nodule"'),
    });
    expect(await thrownBy(() => findLabelSet(resourcesFolder, 'knee'))).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('breast, '),
    });
  });

  it('that are damaged are named', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'label-sets'));
    writeFileSync(join(folder, 'label-sets', 'leg.json'), '{"title": "Leg", "labels": []}');
    expect(await thrownBy(() => readLabelSets(folder))).toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('leg.json'),
    });
  });
});

/** SNOMED CT identifiers end in a Verhoeff check digit, so that a slip of one digit is found. */
function isSnomedId(id: string): boolean {
  const dihedral = (a: number, b: number): number => {
    if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5);
    return b < 5 ? 5 + ((a - b) % 5) : (a - b + 5) % 5;
  };
  const turn = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  const permute = (digit: number, times: number): number => (times === 0 ? digit : permute(turn[digit], times - 1));
  const digits = Array.from(id, Number).reverse();
  return digits.reduce((sum, digit, index) => dihedral(sum, permute(digit, index % 8)), 0) === 0;
}
