// Owns where the installed application's own, read-only parts lie: models, sample study, built interface.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Installation {
  readonly version: string;
  /** The repository, or the packaged application's archive. */
  readonly root: string;
  readonly modelsFolder: string;
  readonly resourcesFolder: string;
  /** The built interface. */
  readonly interfaceFolder: string;
}

/** Sources lie two folders below the root (electron/app), bundles too (dist/electron). */
export function findInstallation(): Installation {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }; // our own file
  return {
    version,
    root,
    modelsFolder: besideOrBelow(root, 'models'),
    resourcesFolder: besideOrBelow(root, 'resources'),
    interfaceFolder: join(root, 'dist', 'renderer'),
  };
}

/** A packaged application keeps these beside its archive (extraResources of electron-builder.yml), for other programs to read too. */
function besideOrBelow(root: string, name: string): string {
  const below = join(root, name);
  return existsSync(below) ? below : join(dirname(root), name);
}
