// Owns what the Electron host is told on its command line.
import { parseArgs } from 'node:util';
import { callerPath } from '../app/caller.ts';

/**
 * The folder that `--workspace DIR` or `--workspace=DIR` names, from where the caller stands; null for that of the first run. Electron's and
 * Chromium's own switches may stand around it.
 */
export function namedWorkspace(argv: readonly string[]): string | null {
  const { values } = parseArgs({
    args: argv.slice(1),
    options: { workspace: { type: 'string' } },
    strict: false,
    allowPositionals: true,
  });
  const { workspace } = values;
  return typeof workspace === 'string' && workspace !== '' ? callerPath(workspace) : null;
}

/** What a second start is told where it wants another workspace than the open one; null where the open one is meant. */
export function refuseSecondWorkspace(open: string, wanted: string | null): string | null {
  if (wanted === null || wanted === open) return null;
  return `SonoSync has ${open} open. Close it first, and start again with ${wanted}.`;
}
