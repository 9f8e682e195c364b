// Owns asking the system to open its browser. Whether one opens is not known here; the address is printed in any case.
import { spawn } from 'node:child_process';

export function openInBrowser(address: string): void {
  const [program, ...programArguments] = opener(address);
  const child = spawn(program, programArguments, { stdio: 'ignore', detached: true });
  // No such program: the printed address remains.
  child.on('error', () => {});
  child.unref();
}

function opener(address: string): [string, ...string[]] {
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', address];
  return [process.platform === 'darwin' ? 'open' : 'xdg-open', address];
}
