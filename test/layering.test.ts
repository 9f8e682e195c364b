import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
// A tree of its own with the project's lint rules, so that nothing is planted where other checks look.
const tree = mkdtempSync(join(tmpdir(), 'sonosync-layering-'));
copyFileSync(join(root, '.oxlintrc.json'), join(tree, '.oxlintrc.json'));
afterAll(() => rmSync(tree, { recursive: true, force: true }));

/** Writes a source file with one import into a layer, lints it with the project's own rules, and returns what the linter said. */
function lintPlanted(folder: string, importLine: string): { status: number | null; output: string } {
  const file = join(tree, folder, 'planted.ts');
  mkdirSync(join(tree, folder), { recursive: true });
  writeFileSync(file, `${importLine}\n\nexport const plantedValue = planted;\n`);
  const result = spawnSync(process.execPath, [join(root, 'node_modules/oxlint/bin/oxlint'), '--deny-warnings', file], {
    cwd: tree,
    encoding: 'utf8',
  });
  return { status: result.status, output: result.stdout + result.stderr };
}

describe('layering', () => {
  it.each([
    ['electron/common', `import { planted } from '../nn/graph.ts';`],
    ['electron/nn', `import { planted } from '../training/trainer.ts';`],
    ['electron/nn', `import { planted } from '../../models/registry.ts';`],
    ['electron/app', `import { planted } from '../nn/graph.ts';`],
    ['electron/app', `import { planted } from '../../models/registry.ts';`],
    ['electron/web', `import { planted } from '../engine/queue.ts';`],
    ['electron/study', `import { planted } from '../export/registry.ts';`],
    ['renderer/editor', `import { planted } from '../../electron/study/store.ts';`],
    ['electron/training', `import planted from 'onnxruntime-node';`],
    ['electron/app', `import { app as planted } from 'electron';`],
    ['renderer/panels', `import planted from 'konva';`],
    ['electron/study', `import planted from 'sharp';`],
  ])('refuses in %s: %s', (folder, importLine) => {
    const { status, output } = lintPlanted(folder, importLine);
    expect(output).toContain('no-restricted-imports');
    expect(status).not.toBe(0);
  });

  it.each([
    ['electron/app', `import { planted } from '../../models/manifest.ts';`],
    ['electron/training', `import { planted } from '../nn/graph.ts';`],
    ['renderer/canvas', `import planted from 'konva';`],
  ])('allows in %s: %s', (folder, importLine) => {
    expect(lintPlanted(folder, importLine).output).not.toContain('no-restricted-imports');
  });
});
