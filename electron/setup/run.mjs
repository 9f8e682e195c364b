// The bootstrap behind `npm start`, `npm test` and the other scripts. It runs on whatever Node is installed (20 or newer), with nothing
// else present: it installs the locked packages when they are missing or stale, builds what is stale, and goes on under the pinned Node 24.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from './checks.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const callerFolder = process.cwd();
process.chdir(root);

const windows = process.platform === 'win32';
const node24 = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
const [task = 'start', ...args] = process.argv.slice(2);

/** Runs a program to its end with this terminal; returns the exit code. */
function run(program, programArguments, options = {}) {
  const result = spawnSync(program, programArguments, { stdio: 'inherit', ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

function runOrStop(program, programArguments, options) {
  const code = run(program, programArguments, options);
  if (code !== 0) process.exit(code);
}

/** Installs when node_modules is missing or was made from another lock file. Quiet when there is nothing to do. */
function ensurePackages() {
  const lockHash = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  const stamp = join('node_modules', '.sonosync-lock');
  if (existsSync(node24) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash) return;
  console.error('SonoSync: installing packages (once, and after an update) ...');
  // onnxruntime-node's postinstall fetches CUDA from another host, which closed networks refuse; CPU and WebGPU are in the package.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', ELECTRON_SKIP_BINARY_DOWNLOAD: '1' };
  // Output goes to standard error, so that a command's JSON stays alone on standard output.
  runOrStop('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    env,
    shell: windows,
    stdio: ['ignore', 2, 2],
  });
  if (!existsSync(node24)) {
    console.error(
      'SonoSync: the pinned Node 24 was not installed. Are install scripts switched off (ignore-scripts)? They are needed.',
    );
    process.exit(1);
  }
  writeFileSync(stamp, lockHash);
}

/** The newest modification time below the given files and folders, in milliseconds. */
function newestChange(paths) {
  let newest = 0;
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const stat = statSync(path);
    newest = Math.max(
      newest,
      stat.isDirectory() ? newestChange(readdirSync(path).map((name) => join(path, name))) : stat.mtimeMs,
    );
  }
  return newest;
}

/** Builds the renderer when a source is newer than the last build. */
function ensureRenderer() {
  const output = join('dist', 'renderer', 'index.html');
  const sources = ['renderer', join('electron', 'common'), 'vite.config.ts', 'package-lock.json'];
  if (existsSync(output) && statSync(output).mtimeMs > newestChange(sources)) return;
  console.error('SonoSync: building the interface ...');
  runOrStop(node24, [join('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], {
    stdio: ['ignore', 2, 2],
  });
}

/** Bundles the processes of the packaged application: main, preload, engine, command line. */
function buildElectron() {
  rmSync(join('dist', 'electron'), { recursive: true, force: true });
  runOrStop(node24, [join('electron', 'setup', 'bundle.mjs')]);
}

/** Takes the Electron runtime from where it lies, instead of fetching it. */
function localRuntime() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  return folder ? [`--config.electronDist=${folder}`] : [];
}

/** Runs one of our programs to its end, hands on what would end this process, and ends with its exit code. */
function become(programArguments) {
  const child = spawn(node24, programArguments, {
    stdio: 'inherit',
    env: { ...process.env, SONOSYNC_CALLER_FOLDER: callerFolder },
  });
  // A terminal's Ctrl-C reaches the child by itself; hearing it twice would make it hurry.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => {
    console.error(`SonoSync: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code) => process.exit(code ?? 1));
}

ensurePackages();
mkdirSync('dist', { recursive: true });

switch (task) {
  case 'start':
    ensureRenderer();
    become([join('electron', 'setup', 'start.ts'), ...args]);
    break;
  case 'dev':
    process.exit(run(node24, [join('node_modules', 'vite', 'bin', 'vite.js'), 'build', '--watch', ...args]));
    break;
  case 'build':
    ensureRenderer();
    buildElectron();
    break;
  case 'package':
    ensureRenderer();
    buildElectron();
    process.exit(
      run(node24, [
        join('node_modules', 'electron-builder', 'cli.js'),
        '--publish',
        'never',
        ...localRuntime(),
        ...args,
      ]),
    );
    break;
  case 'sonosync':
    // Options of all commands may stand before it.
    if (args.includes('serve')) ensureRenderer();
    become([join('electron', 'cli', 'main.ts'), ...args]);
    break;
  case 'bench-editor':
    ensureRenderer();
    become([join('test', 'bench', 'editor.ts'), ...args]);
    break;
  case 'test':
  case 'e2e':
    ensureRenderer();
    process.exit(runChecks(node24, task === 'e2e' ? ['browser tests'] : null));
    break;
  default:
    console.error(
      `SonoSync: unknown task "${task}". Known: start, dev, build, test, e2e, bench-editor, package, sonosync.`,
    );
    process.exit(2);
}
