// Owns asking the system to open something with the program that it has for it: a web address in the browser, a folder in the file manager.
import { spawn } from 'node:child_process';
import { AppError } from '../common/errors.ts';

/** An opener that has not failed by then shows something, or has left it to another program. */
const patienceMs = 1500;

/** Throws AppError('unsupported') where the system has no such program, or that says that it could not. */
export async function openWithSystem(target: string): Promise<void> {
  const [program, ...programArguments] = opener(target);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn(program, programArguments, { stdio: 'ignore', detached: true });
  const refuse = (cause?: Error): void =>
    reject(new AppError('unsupported', `This machine has no program that opens ${target}.`, { cause }));
  child.on('error', refuse);
  child.on('exit', (code) => (code === 0 ? resolve() : refuse()));
  const timer = setTimeout(resolve, patienceMs);
  child.unref();
  await promise.finally(() => clearTimeout(timer));
}

function opener(target: string): [string, ...string[]] {
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', target];
  return [process.platform === 'darwin' ? 'open' : 'xdg-open', target];
}
