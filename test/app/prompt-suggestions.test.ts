import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { homeAt } from '../../electron/app/home.ts';
import { launchApp } from '../../electron/app/launch.ts';
import { imageElements, writeDicom } from '../dicom/write-dicom.ts';
import { pngFile, temporaryFolder } from '../support/workspaces.ts';

async function importExam(own: string | null) {
  const folder = temporaryFolder();
  const home = homeAt(join(folder, 'home'));
  mkdirSync(home.folder);
  if (own !== null) writeFileSync(home.suggestionsFile, own);
  const app = await launchApp({
    host: 'cli',
    workspaceFolder: join(folder, 'workspace'),
    home,
    model: 'none', // importing needs no network
    warn: () => undefined,
  });
  onTestFinished(() => app.close());
  const dicom = writeDicom(imageElements(['00180015', 'CS', 'THYROID'], ['00181030', 'LO', 'Knoten links']));
  const files = [
    { name: 'a.dcm', bytes: dicom },
    { name: 'Linke Niere/1.png', bytes: (await pngFile('', 1)).bytes },
  ];
  const { warnings } = await app.send('study:import', { files });
  const studies = await app.send('study:list', {});
  return { warnings, studies: studies.map(({ position, objectType }) => [position, objectType]), home };
}

describe('suggested prompts', () => {
  it('come from what a DICOM file says, and from the name of the folder of pictures', async () => {
    const { studies, warnings } = await importExam(null);
    expect(studies).toEqual([
      ['thyroid', 'tumor'],
      ['kidney', null],
    ]);
    expect(warnings).toEqual([]);
  });

  it("come from the site's own table where there is one", async () => {
    const own = { positions: [{ position: 'liver', words: ['Knoten'] }], objects: [] };
    const { studies } = await importExam(JSON.stringify(own));
    expect(studies).toEqual([
      ['liver', null],
      [null, null],
    ]);
  });

  it("come from the shipped table where the site's own cannot be understood, which is said and left as it is", async () => {
    const own = '{ "positions": [{ "position": "knee", "words": [] }], "objects": [] }';
    const { studies, warnings, home } = await importExam(own);
    expect(studies[0]).toEqual(['thyroid', 'tumor']);
    expect(warnings).toEqual([expect.stringContaining(home.suggestionsFile)]);
    expect(readFileSync(home.suggestionsFile, 'utf8')).toBe(own);
  });
});
