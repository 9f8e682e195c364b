import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CodedConcept } from '../../../electron/common/codes.ts';
import { codeOfPrompts, positionCodes } from '../../../electron/common/codes.ts';
import { codes } from '../../../electron/dicom/structured-report/codes.ts';
import { askPydicom, withoutPydicom } from '../../support/dicom-tools.ts';

/** Every code that exports write, of the schemes that pydicom has the content of PS3.16 of. */
function writtenCodes(): CodedConcept[] {
  const prompts = (['tumor', 'organ'] as const).map((type) => codeOfPrompts('breast', type));
  const found: CodedConcept[] = [
    ...Object.values(codes),
    ...Object.values(positionCodes).filter((code) => code !== null),
    ...prompts.flatMap(({ category, type }) => [category, type]),
  ];
  return found.filter(({ codingSchemeDesignator }) => ['DCM', 'SCT'].includes(codingSchemeDesignator));
}

describe('the codes of segmentations and reports', () => {
  it.skipIf(withoutPydicom)('are those of PS3.16, under the meanings it gives (skipped without pydicom)', () => {
    const script = `
from pydicom.sr._concepts_dict import concepts
meanings = {}
for scheme in ('DCM', 'SCT'):
    for entry in concepts[scheme].values():
        for code, found in entry.items():
            meanings.setdefault(scheme + ' ' + code, []).append(found[0].lower())
result = {key: meanings.get(key) for key in json.loads(sys.argv[1])}`;
    const written = writtenCodes();
    const keys = written.map((code) => `${code.codingSchemeDesignator} ${code.codeValue}`);
    const known = askPydicom(script, JSON.stringify(keys)) as Record<string, string[] | null>; // the script makes it
    const unknown = written.filter(
      ({ codeMeaning }, index) => !known[keys[index]]?.includes(codeMeaning.toLowerCase()),
    );
    expect(unknown).toEqual([]);
  });

  it('are known to the label sets under the same meanings', () => {
    const ours = new Map(writtenCodes().map((code) => [code.codeValue, code.codeMeaning]));
    const folder = 'resources/label-sets';
    const text = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
    const pairs = text
      .join('\n')
      .matchAll(/"codeValue": "(\d+)",\s*"codingSchemeDesignator": "SCT",\s*"codeMeaning": "([^"]+)"/g);
    const compared = [...pairs].filter(([, value]) => ours.has(value));
    expect(compared.length).toBeGreaterThan(20);
    for (const [, value, meaning] of compared) expect([value, meaning]).toEqual([value, ours.get(value)]);
  });
});
