import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatCsv, parseCsv } from '../../electron/files/csv.ts';
import { temporaryFolder } from '../support/workspaces.ts';

const root = join(import.meta.dirname, '../..');
const sample = join(root, 'resources/sample-study');

it('takes annotations from one workspace to another and back, each command a process of its own', () => {
  const folder = temporaryFolder();
  const env = { ...process.env, SONOSYNC_HOME: join(folder, 'home') };
  const main = join(root, 'electron/cli/main.ts');
  const run = (workspace: string, ...given: string[]) => {
    const all = [main, '--workspace', join(folder, workspace), ...given, '--json'];
    const text = execFileSync(process.execPath, all, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return JSON.parse(text.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
  };
  const picture = join(sample, 'frames/phantom-1-1.png');
  run('one', 'import', picture);
  run('one', 'label', 'add', 'Lesion', '--position', 'breast', '--object', 'tumor');
  const mask = (name: string) => join(sample, 'masks', name);
  const correct = (workspace: string, name: string) =>
    run(workspace, 'correct', '--label', 'Lesion', '--instance', 'phantom-1-1.png', '--mask', mask(name));
  correct('one', 'phantom-1-1.png');

  const out = join(folder, 'out');
  expect(run('one', 'export', '--format', 'csv', '--preview', '--label', 'lesion')).toMatchObject({
    annotations: 1,
    frames: 1,
  });
  expect(run('one', 'export', '--format', 'csv', '--out', out)).toMatchObject({
    annotations: 1,
    fidelity: { minIoU: 1, meanIoU: 1, lost: [expect.any(String)] },
  });
  run('two', 'import', picture);
  expect(run('two', 'annotations', 'import', out)).toMatchObject({
    format: 'CSV measurements',
    added: 1,
    labels: ['Lesion'],
  });

  // The files are edited, and the workspace goes on too.
  const path = join(out, 'masks.csv');
  const [row] = parseCsv(readFileSync(path, 'utf8'), path);
  writeFileSync(path, formatCsv(Object.keys(row), [Object.values({ ...row, runs: `0 9 ${640 * 480 - 9}` })]));
  correct('two', 'phantom-1-2.png');
  expect(run('two', 'annotations', 'import', out, '--reader', 'B. Other')).toMatchObject({ conflicts: 1, updated: 0 });
  const { conflicts } = run('two', 'annotations', 'conflicts') as { conflicts: { id: string }[] };
  expect(conflicts).toMatchObject([{ label: 'Lesion', reader: 'B. Other' }]);
  expect(run('two', 'annotations', 'decide', conflicts[0].id, '--take', 'theirs')).toMatchObject({ taken: 'theirs' });
  expect(run('two', 'annotations', 'conflicts')).toEqual({ conflicts: [] });

  const refused = spawnSync(
    process.execPath,
    [main, '--workspace', join(folder, 'two'), 'annotations', 'import', join(sample, 'frames')],
    { env, encoding: 'utf8' },
  );
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('holds no annotations')]);
}, 240_000);

it('exports the study that is meant, and none where several have the title that was given', () => {
  const folder = temporaryFolder();
  const env = { ...process.env, SONOSYNC_HOME: join(folder, 'home') };
  const call = (...given: string[]) => {
    const all = [join(root, 'electron/cli/main.ts'), '--workspace', join(folder, 'workspace'), ...given];
    const { status, stdout, stderr } = spawnSync(process.execPath, all, { env, encoding: 'utf8' });
    return { status, said: stdout + stderr };
  };
  for (const patient of [1, 2]) {
    const exam = join(folder, `patient-${patient}`, 'Exam');
    mkdirSync(exam, { recursive: true });
    for (const picture of [`phantom-${patient}-1.png`, `phantom-${patient}-2.png`])
      copyFileSync(join(sample, 'frames', picture), join(exam, picture));
    expect(call('import', exam).status).toBe(0);
  }
  const exported = (study: string) => call('export', '--format', 'csv', '--preview', '--study', study);
  const refused = exported('Exam');
  expect(refused.status).toBe(1);
  const uids = refused.said.match(/2\.25\.\d+/g) ?? [];
  expect(uids).toHaveLength(2);
  expect(refused.said).toContain('2 studies are titled "Exam"');
  expect(exported(uids[1]).status).toBe(0);
  expect(exported('Other').said).toContain('There is no study "Other"');
}, 240_000);
