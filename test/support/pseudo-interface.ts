// The real interface, built with one more language: the pseudo-language's line in the registry, as a translator would add one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '../..');
const line = `qps: { name: 'Pseudo', locale: 'ja-JP', load: async () => (await import(${JSON.stringify(join(root, 'test/support/pseudo-language.ts'))})).pseudo },`;

/** Builds the interface into a folder. */
export async function buildPseudoInterface(folder: string): Promise<void> {
  await build({
    configFile: join(root, 'vite.config.ts'),
    root: join(root, 'renderer'),
    logLevel: 'warn',
    build: { outDir: folder, emptyOutDir: true },
    plugins: [
      {
        name: 'pseudo-language',
        enforce: 'pre',
        load(id) {
          if (!id.endsWith('renderer/strings/languages.ts')) return null;
          const source = readFileSync(id, 'utf8');
          const end = source.indexOf('\n} satisfies');
          if (end < 0) throw new Error('The registry of languages has another form than this test knows.');
          return `${source.slice(0, end)}\n  ${line}${source.slice(end)}`;
        },
      },
    ],
  });
}
