import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { suggestionTableSchema, suggestPrompts } from '../../electron/common/prompt-suggestions.ts';
import { positions } from '../../electron/common/prompts.ts';

const file = join(import.meta.dirname, '../../resources/prompt-suggestions.json');
const table = suggestionTableSchema.parse(JSON.parse(readFileSync(file, 'utf8')));

function suggest(...descriptions: (string | null)[]) {
  return suggestPrompts(table, { anatomicRegions: [], bodyPartExamined: null, descriptions });
}

describe('the shipped table', () => {
  it('has words and codes for every position but the one that says nothing', () => {
    expect(table.positions.map(({ position }) => position).toSorted()).toEqual(
      positions.filter((position) => position !== 'indis').toSorted(),
    );
    for (const { words, codes } of table.positions) expect([words.length > 1, codes.length > 0]).toEqual([true, true]);
  });

  it.each([
    ['RENAL LEFT', 'kidney'],
    ['Adrenal gland', null],
    ['Mammasonographie', 'breast'],
    ['US liver and kidneys', null],
    ['Fetal heart', 'cardiac'],
    ['CAROTID_DUPLEX', 'carotid'],
    ['Fetal biometry', 'head'],
    ['Schilddrüse mit Knoten', 'thyroid'],
    ['SCHILDDRUESE', 'thyroid'],
    ['Échographie du foie', 'liver'],
    ['Ecografía de tiroides', 'thyroid'],
    ['Echo coeur transthoracique', 'cardiac'],
    ['Ecocardiograma', 'cardiac'],
    ['Niere rechts', 'kidney'],
    ['Lower^Extremity venous', 'leg'],
    ['lower abdomen, left extremity', null],
    ['Seins, kyste simple', 'breast'],
    ['Ovaire gauche', 'ovary'],
    ['V. a. Appendizitis', 'appendix'],
    ['Routine', null],
  ])('takes %j for %s', (description, position) => {
    expect(suggest(description).position).toBe(position);
  });

  it.each([
    ['Breast lesion BI-RADS 4', 'tumor'],
    ['Raumforderung linke Brust', 'tumor'],
    ['Nódulo tiroideo', 'tumor'],
    ['Fetal biometry', 'organ'],
    ['Intima-Media carotid', 'organ'],
    ['Thyroid', null],
    ['Biometry, cyst of the ovary', null],
  ])('takes the object of %j for %s', (description, type) => {
    expect(suggest(description).type).toBe(type);
  });
});

describe('suggestions', () => {
  it('come from the code first, then from the body part, then from the descriptions', () => {
    const descriptions = ['Thyroid and liver'];
    const bodyPartExamined = 'BREAST';
    const region = (codeValue: string, codeMeaning: string) => [
      { codingSchemeDesignator: 'SCT', codeValue, codeMeaning },
    ];
    const coded = { anatomicRegions: region('15497006', 'Structure'), bodyPartExamined, descriptions };
    expect(suggestPrompts(table, coded).position).toBe('ovary');
    const named = { anatomicRegions: region('1', 'Kidney structure'), bodyPartExamined, descriptions };
    expect(suggestPrompts(table, named).position).toBe('kidney');
    expect(suggestPrompts(table, { anatomicRegions: [], bodyPartExamined, descriptions }).position).toBe('breast');
    expect(suggest(...descriptions).position).toBeNull();
  });

  it('do not join words of two texts to a phrase', () => {
    expect(suggest('lower', 'extremity').position).toBeNull();
    expect(suggest('lower extremity').position).toBe('leg');
  });
});
