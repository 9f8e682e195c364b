// Owns which requests the loopback host answers at all: those that name it by its own address, and come from its own page.
// The Host check refuses a foreign name that was made to resolve to 127.0.0.1 (DNS rebinding); the Origin check refuses other pages.
import type { IncomingMessage } from 'node:http';
import { AppError } from '../common/errors.ts';

/** Throws AppError('unauthorized') unless the Host header is this host's own address. */
export function checkHost(request: IncomingMessage, port: number): void {
  const host = request.headers.host ?? '';
  if (ownHosts(port).includes(host.toLowerCase())) return;
  throw new AppError('unauthorized', `This server answers as ${ownHosts(port).join(' or ')} only.`);
}

/** Throws AppError('unauthorized') unless the request was made by a page of this host. Browsers send Origin with POST and WebSocket. */
export function checkOrigin(request: IncomingMessage): void {
  const { origin, host } = request.headers;
  if (origin !== undefined && origin.toLowerCase() === `http://${host?.toLowerCase()}`) return;
  throw new AppError(
    'unauthorized',
    origin === undefined ? 'The request names no origin.' : 'Requests of other pages are refused.',
  );
}

function ownHosts(port: number): string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}
