// Owns the independent programs that judge DICOM files in tests: dciodvfy (dicom3tools) and pydicom. Where one is not installed, tests that need
// it are skipped under a name that says so.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian's Python sees Debian's pydicom, whichever Python comes first in the path. */
const python = ['/usr/bin/python3', 'python3'].find(
  (candidate) => spawnSync(candidate, ['-c', 'import pydicom, numpy'], { stdio: 'ignore' }).status === 0,
);
const hasValidator = spawnSync('dciodvfy', ['-version'], { stdio: 'ignore' }).error === undefined;

export const withoutValidator = !hasValidator;
export const withoutPydicom = python === undefined;

/** The lines of dciodvfy's verdict that are errors; warnings are of private elements and of dates that nobody knows. */
export function validationErrors(path: string): string[] {
  if (!existsSync(path)) throw new Error(`${path} does not exist.`);
  const { stderr, stdout } = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
  const lines = `${stdout}\n${stderr}`.split('\n');
  return lines.filter((line) => line.startsWith('Error') || line.includes(' - Error - '));
}

/** Runs a script with pydicom at hand as `pydicom` and numpy as `np`; what it stores in `result` comes back by way of JSON. */
export function askPydicom(script: string, ...paths: readonly string[]): unknown {
  if (python === undefined) throw new Error('pydicom is not installed.');
  const program = `import json, sys\nimport numpy as np\nimport pydicom\npaths = sys.argv[1:]\n${script}\nprint(json.dumps(result))`;
  return JSON.parse(execFileSync(python, ['-c', program, ...paths], { encoding: 'utf8', maxBuffer: 2 ** 28 }));
}
