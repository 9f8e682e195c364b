// Owns what `npm test` does: format, lint, type check, unit tests and browser tests, with one closing line that counts them all.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const bin = (...parts) => join('node_modules', ...parts);

/** Runs the checks (all, or the named ones) under the given Node and returns an exit code: 0 when nothing failed. */
export function runChecks(node, only) {
  mkdirSync('test-results', { recursive: true });
  let passed = 0;
  let failed = 0;
  const checks = {
    format: () => single(node, [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.']),
    lint: () => single(node, [bin('oxlint', 'bin', 'oxlint'), '--type-aware', '--deny-warnings']),
    'type check': () => single(node, [bin('typescript', 'bin', 'tsc'), '--build']),
    'unit tests': () => unitTests(node),
    'browser tests': () => browserTests(node),
  };
  for (const [name, check] of Object.entries(checks)) {
    if (only && !only.includes(name)) continue;
    console.log(`\n== ${name}`);
    const started = Date.now();
    const count = check();
    passed += count.passed;
    failed += count.failed;
    console.log(
      `== ${name}: ${count.failed === 0 ? 'ok' : `${count.failed} failed`} (${((Date.now() - started) / 1000).toFixed(1)} s)`,
    );
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** Runs one program as one check. Its own bin folder comes first, so that the tools find the pinned Node. */
function single(node, programArguments, env = {}) {
  const result = spawnSync(node, programArguments, { stdio: 'inherit', env: { ...process.env, ...env } });
  return result.status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** The larger of what the exit code and the report say: a runner that dies without a report has failed. */
function settle(exit, report) {
  return exit.failed > 0 && report.failed === 0 ? { passed: report.passed, failed: 1 } : report;
}

function unitTests(node) {
  ensurePrograms('dcmtk', 'dicom3tools', 'ffmpeg');
  const file = join('test-results', 'unit.json');
  rmSync(file, { force: true });
  const exit = single(node, [
    bin('vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  // A file that could not be loaded has no tests of its own to count.
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return settle(exit, { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length });
}

function browserTests(node) {
  ensurePrograms('chromium');
  const file = join('test-results', 'results.json');
  rmSync(file, { force: true });
  const exit = single(node, [bin('@playwright', 'test', 'cli.js'), 'test']);
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const { stats } = JSON.parse(readFileSync(file, 'utf8'));
  return settle(exit, { passed: stats.expected + stats.flaky, failed: stats.unexpected });
}

/** Programs that tests run, and the Debian packages that hold them. */
const testPrograms = {
  chromium: { paths: [process.env.SONOSYNC_CHROMIUM ?? '/usr/bin/chromium'], packages: ['chromium', 'libvulkan1'] },
  dcmtk: { paths: ['/usr/bin/echoscu', '/usr/bin/storescu'], packages: ['dcmtk'] },
  dicom3tools: { paths: ['/usr/bin/dciodvfy'], packages: ['dicom3tools'] },
  ffmpeg: { paths: ['/usr/bin/ffmpeg', '/usr/bin/ffprobe'], packages: ['ffmpeg'] },
};

/** Installs what tests need where apt and root are at hand; elsewhere the tests that need it say why they skip. */
function ensurePrograms(...names) {
  const missing = names.filter((name) => !testPrograms[name].paths.every((path) => existsSync(path)));
  if (missing.length === 0 || !existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) return;
  console.log(`Installing ${missing.join(', ')} for the tests ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...options) => spawnSync('apt-get', options, { stdio: ['ignore', 'ignore', 'inherit'], env });
  apt('update', '-qq');
  // One by one: a package that this system does not have keeps none of the others away.
  for (const name of missing) apt('install', '-y', '-qq', '--no-install-recommends', ...testPrograms[name].packages);
}
