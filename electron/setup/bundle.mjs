// Bundles the processes of the packaged application into dist/electron: main, engine, command line and the workers' entries as ES modules
// that share chunks, the preload script as one CommonJS file (sandboxed preloads cannot import). Native packages, and those that find files
// beside themselves, stay outside and are shipped in node_modules.
//   node electron/setup/bundle.mjs [folder beside dist/electron]
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const outDir = process.argv[2] ?? 'dist/electron';

/** Shipped as packages; electron-builder.yml lists the same in `files`. */
const externalPackages = ['onnxruntime-node', 'onnxruntime-common', 'sharp', 'dcmjs', 'dcmjs-codecs', 'dcmjs-dimse'];

const isExternal = (id) =>
  id === 'electron' ||
  id.startsWith('node:') ||
  externalPackages.some((name) => id === name || id.startsWith(`${name}/`));

const shared = {
  configFile: false,
  root,
  logLevel: 'warn',
  // What belongs to the browser's bundle is none of ours.
  publicDir: false,
};

async function bundleProcesses() {
  await build({
    ...shared,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node24',
      outDir,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: {
          main: 'electron/main/main.ts',
          engine: 'electron/engine/main.ts',
          cli: 'electron/cli/main.ts',
          'dicom-worker': 'electron/dicom/worker.ts',
          'proposal-worker': 'electron/engine/proposal-worker.ts',
        },
        external: isExternal,
        // Flat: findInstallation, engineEntry and the decoder start from the folder that their module lies in.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
}

async function bundlePreload() {
  await build({
    ...shared,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'chrome140',
      outDir,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: {
        input: { preload: 'electron/preload/preload.ts' },
        external: isExternal,
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  });
}

rmSync(join(root, outDir), { recursive: true, force: true });
await bundleProcesses();
await bundlePreload();
