// Owns `npm start`: the window where there is a display and an Electron runtime, else the same app in a browser, said in one line.
//   npm start -- [--workspace DIR] [--port N] [--browser] [--fetch-runtime]
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { callerFolder, callerPath } from '../app/caller.ts';
import { findHome } from '../app/home.ts';
import { findInstallation } from '../app/installation.ts';
import { loadSettings, saveSettings } from '../app/settings.ts';
import { messageOf } from '../common/errors.ts';
import { serveInBrowser } from '../web/serve.ts';
import { fetchLimitMs, fetchRuntime, findRuntime, hasDisplay, runtimeVersion } from './runtime.ts';

const { root } = findInstallation();
const home = findHome(process.env, callerFolder());
const stop = new AbortController();

/** A window that ends with an error this soon has never opened: a library is missing, or the system refuses its sandbox. */
const failedStartMs = 15_000;

function say(message: string): void {
  process.stderr.write(`SonoSync: ${message}\n`);
}

function readOptions() {
  return parseArgs({
    options: {
      workspace: { type: 'string' },
      port: { type: 'string', default: '0' },
      browser: { type: 'boolean', default: false },
      'fetch-runtime': { type: 'boolean', default: false },
    },
  }).values;
}

type Options = ReturnType<typeof readOptions>;

/** The runtime's executable, or why the browser is used instead. */
async function chooseRuntime(options: Options): Promise<{ runtime: string } | { reason: string }> {
  if (options.browser) return { reason: 'The browser was asked for.' };
  if (!hasDisplay(process.env, process.platform)) return { reason: 'There is no display here.' };
  const present = findRuntime(root, process.env, process.platform);
  if (present) return { runtime: present };
  const version = runtimeVersion(root);
  const { runtimeRefused } = await loadSettings(home, say);
  if (runtimeRefused?.version === version && !options['fetch-runtime']) {
    return {
      reason: `The Electron runtime is not here and could not be fetched before (${runtimeRefused.reason}); "npm start -- --fetch-runtime" tries again.`,
    };
  }
  say(`fetching the Electron runtime ${version}, for at most ${fetchLimitMs / 1000} s ...`);
  const refusal = await fetchRuntime(root);
  const fetched = findRuntime(root, process.env, process.platform);
  if (refusal === null && fetched) return { runtime: fetched };
  const reason = refusal ?? 'it is not where it should be';
  await saveSettings(home, { runtimeRefused: { version, at: new Date().toISOString(), reason } });
  return { reason: `The Electron runtime could not be fetched (${reason}).` };
}

/** Runs the window to its end. Returns why the browser is used instead where it never opened. */
async function runWindow(runtime: string, options: Options): Promise<string | null> {
  if (!(await bundle())) return 'The application could not be bundled for its window.';
  const started = performance.now();
  const { ELECTRON_RUN_AS_NODE: _unset, ...environment } = process.env;
  const workspace = options.workspace === undefined ? [] : [`--workspace=${callerPath(options.workspace)}`];
  const code = await runProgram(runtime, [root, ...workspace], { ...environment, SONOSYNC_HOME: home.folder });
  const failed = code !== 0 && !stop.signal.aborted;
  if (failed && performance.now() - started < failedStartMs)
    return `The window could not be opened (exit code ${code}).`;
  process.exitCode = failed ? 1 : 0;
  return null;
}

/** Bundles the processes when a source is newer than the last bundle. */
async function bundle(): Promise<boolean> {
  const output = join(root, 'dist', 'electron', 'main.js');
  const sources = ['electron', 'models', 'package-lock.json'].map((name) => join(root, name));
  if (existsSync(output) && statSync(output).mtimeMs > Math.max(...sources.map(newestChange))) return true;
  say('bundling the application ...');
  return (await runProgram(process.execPath, [join(root, 'electron', 'setup', 'bundle.mjs')], process.env)) === 0;
}

function newestChange(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

function runProgram(program: string, programArguments: string[], env: NodeJS.ProcessEnv): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(program, programArguments, { stdio: ['ignore', 2, 2], env, cwd: root });
    const end = () => child.kill('SIGTERM');
    stop.signal.addEventListener('abort', end);
    const settle = (code: number | null) => {
      stop.signal.removeEventListener('abort', end);
      resolve(code);
    };
    child.on('error', (error) => {
      say(error.message);
      settle(null);
    });
    child.on('exit', (code) => settle(code));
  });
}

async function serve(options: Options): Promise<void> {
  const port = Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port is a number from 0 to 65535.');
  await serveInBrowser({
    workspaceFolder: options.workspace === undefined ? null : callerPath(options.workspace),
    home,
    port,
    openBrowser: hasDisplay(process.env, process.platform),
    signal: stop.signal,
    warn: say,
    announce: (address) => {
      process.stdout.write(`\n  SonoSync is running in this terminal; Ctrl-C ends it. Open\n\n  ${address}\n\n`);
      process.stdout.write('  The address works once; after that the browser stays signed in.\n\n');
    },
  });
}

/** Ends on Ctrl-C, on an order to end, and when the process that started this one is gone: nothing is left running behind. */
function watchForTheEnd(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) return;
      stop.abort();
      // What does not end in good time is ended: the workspace is durable at every moment.
      setTimeout(() => process.exit(1), 8000).unref();
    });
  }
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop.abort();
  }, 1000).unref();
}

async function main(): Promise<void> {
  watchForTheEnd();
  const options = readOptions();
  const choice = await chooseRuntime(options);
  const reason = 'runtime' in choice ? await runWindow(choice.runtime, options) : choice.reason;
  if (reason === null || stop.signal.aborted) return;
  say(`${reason} The same application opens in your browser.`);
  await serve(options);
}

main().catch((error: unknown) => {
  say(messageOf(error));
  process.exitCode = 1;
});
