import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { homeAt } from '../../electron/app/home.ts';
import { launchApp } from '../../electron/app/launch.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-first-run-'));
const home = homeAt(join(folder, 'home'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function look(workspaceFolder: string | null) {
  const warnings: string[] = [];
  const app = await launchApp({ host: 'web', workspaceFolder, home, warn: (warning) => warnings.push(warning) });
  try {
    const studies = await app.send('study:list', {});
    const labels = await app.send('label:list', {});
    return { folder: app.context.store.folder, studies, labels, warnings };
  } finally {
    await app.close();
  }
}

it('opens the simulated sample study on the first run, once, and changes no other workspace', async () => {
  const first = await look(null);
  expect(first.warnings).toEqual([]);
  expect(first.folder).toBe(home.sampleWorkspace);
  expect(first.studies.length).toBeGreaterThanOrEqual(6);
  expect(first.studies.every((study) => study.simulated && study.position === 'breast')).toBe(true);
  expect(first.studies.map((study) => study.frameCount)).toEqual(first.studies.map(() => 3));
  expect(first.labels).toMatchObject([{ name: 'Lesion', position: 'breast', type: 'tumor' }]);

  const second = await look(null);
  expect(second.studies).toEqual(first.studies);
  expect(second.labels).toEqual(first.labels);

  const own = await look(join(folder, 'own'));
  expect(own.studies).toEqual([]);
  expect(own.labels).toEqual([]);
});
