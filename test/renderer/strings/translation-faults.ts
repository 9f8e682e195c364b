// Compares a translation with the original: keys, plural forms, and the values that each text needs.

/** Texts by key, in groups. */
export interface Texts {
  readonly [key: string]: string | Texts;
}

const optionalForm = /_(zero|one|two|few|many)$/;

/** What is wrong with a translation, a line a fault; empty where nothing is. */
export function faultsOfTranslation(original: Texts, translated: Texts, path = ''): string[] {
  const faults: string[] = [];
  for (const [key, text] of Object.entries(original)) {
    const other = translated[key];
    const name = path + key;
    if (other === undefined) {
      if (!optionalForm.test(key)) faults.push(`${name}: is missing`);
    } else if (typeof text === 'string' && typeof other === 'string') {
      const [needs, has] = [valuesIn(text), valuesIn(other)];
      if (needs !== has && !optionalForm.test(key)) faults.push(`${name}: has ${has}, needs ${needs}`);
    } else if (typeof text === 'object' && typeof other === 'object') {
      faults.push(...faultsOfTranslation(text, other, `${name}.`));
    } else {
      faults.push(`${name}: is a group in one of them and a text in the other`);
    }
  }
  for (const key of Object.keys(translated)) {
    const known = key in original || `${key.replace(optionalForm, '')}_other` in original;
    if (!known) faults.push(`${path}${key}: is in no other language`);
  }
  return faults;
}

function valuesIn(text: string): string {
  return [...new Set(text.match(/\{\{.*?\}\}/g))].toSorted().join(' ') || 'no values';
}
