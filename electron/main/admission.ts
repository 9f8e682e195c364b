// Owns what the Electron host lets in: the names of its channels, its own page's address, and which commands may be sent by it.
// No import of electron: this is what is tested without a window.
import type { ErrorMessage } from '../common/errors.ts';
import { isCommandName } from '../app/router.ts';

export const sendChannel = 'sonosync:send';
export const eventChannel = 'sonosync:event';
export const chooseChannel = 'sonosync:choose';

/** The scheme under which the window loads dist/renderer: a standard and secure origin, unlike file:. */
export const interfaceScheme = 'sonosync';
export const interfaceAddress = `${interfaceScheme}://app/`;

/** Whether an address is that of the application's own page. */
export function isOwnPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return protocol === `${interfaceScheme}:` && host === 'app' && username === '' && password === '';
}

/** Why a message is refused, or null where it may go to the router. */
export function refuse(name: unknown, isOwnFrame: boolean): ErrorMessage | null {
  if (!isOwnFrame) return { code: 'unauthorized', message: 'Only the page of the SonoSync window may send commands.' };
  if (typeof name !== 'string' || !isCommandName(name))
    return { code: 'not-found', message: 'There is no such command.' };
  return null;
}
