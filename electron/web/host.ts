// Owns the loopback host: the same app as the Electron window's, for a browser on this machine. HTTP carries the interface and the
// commands (POST /api/<command>), a WebSocket (/events) the events; both as MessagePack. It listens on 127.0.0.1 only.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { CommandName } from '../common/api.ts';
import { AppError, toErrorMessage } from '../common/errors.ts';
import type { EventHub } from '../app/event-hub.ts';
import { readInterfaceFile, securityHeaders } from '../app/interface-files.ts';
import { isCommandName } from '../app/router.ts';
import type { Router } from '../app/router.ts';
import { BodyTooLargeError, readBody } from './body.ts';
import { decodeMessage, encodeMessage, wireMediaType } from './codec.ts';
import { createEventSocket } from './event-socket.ts';
import { checkHost, checkOrigin } from './guard.ts';
import { enterPage, errorPage } from './pages.ts';
import { httpStatus } from './status.ts';
import { WebSession } from './session.ts';

export interface WebHostOptions {
  readonly app: Router & { readonly events: EventHub };
  /** The built interface, dist/renderer. */
  readonly interfaceFolder: string;
  /** 0 (the default) takes a free port. */
  readonly port?: number;
  /** Largest body of a command; `import` is for study:import, which carries files. */
  readonly bodyLimits?: { readonly command: number; readonly import: number };
}

export interface WebHost {
  readonly port: number;
  readonly origin: string;
  /** An address that opens the application once; the one before it is void. */
  issueAddress(): string;
  close(): Promise<void>;
}

const defaultBodyLimits = { command: 32 * 2 ** 20, import: 1024 * 2 ** 20 };

/** Throws AppError('conflict') where the port is taken. */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const server = createServer();
  const port = await listen(server, options.port ?? 0);
  const session = new WebSession(port);
  const sockets = createEventSocket(options.app.events);
  const context: Context = { options, session, port };
  server.on('request', (request, response) => void answer(context, request, response));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    try {
      checkHost(request, port);
      checkOrigin(request);
      checkSession(context, request);
      if (pathOf(request) !== '/events') throw new AppError('not-found', 'Events are at /events.');
      sockets.accept(request, socket, head);
    } catch (error) {
      refuseUpgrade(socket, error);
    }
  });
  const origin = `http://127.0.0.1:${port}`;
  return {
    port,
    origin,
    issueAddress: () => `${origin}/?token=${session.issueToken()}`,
    async close() {
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Context {
  readonly options: WebHostOptions;
  readonly session: WebSession;
  readonly port: number;
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(new AppError('conflict', `Cannot listen on 127.0.0.1:${port} (${cause.code ?? 'unknown'}).`, { cause }));
    });
    // The address of a TCP server is an object.
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function answer(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const wire = pathOf(request).startsWith('/api/');
  try {
    checkHost(request, context.port);
    if (wire) await answerCommand(context, request, response);
    else await answerPage(context, request, response);
  } catch (error) {
    // A large or refused body is left unread; the connection must not be used again with it in the way.
    response.setHeader('Connection', 'close');
    const message = toErrorMessage(error);
    const status = error instanceof BodyTooLargeError ? 413 : httpStatus(message.code);
    if (message.code === 'fault') process.stderr.write(`SonoSync: a request failed. ${String(error)}\n`);
    if (wire) send(context, response, status, wireMediaType, encodeMessage({ ok: false, error: message }));
    else send(context, response, status, htmlType, errorPage('This page cannot be shown', message.message));
    discard(request);
  }
}

async function answerCommand(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  checkOrigin(request);
  checkSession(context, request);
  if (request.method !== 'POST')
    throw new AppError('unsupported', `Commands are sent with POST, not ${request.method}.`);
  const mediaType = request.headers['content-type']?.split(';')[0];
  if (mediaType !== wireMediaType) {
    throw new AppError('unsupported', `The body of a command is ${wireMediaType}; found ${mediaType ?? 'no type'}.`);
  }
  // 'study:list' needs no escapes in a path, but clients may write the colon as %3A.
  const name = pathOf(request).slice('/api/'.length).replaceAll(/%3a/gi, ':');
  if (!isCommandName(name)) throw new AppError('not-found', 'There is no such command.');
  const input = decodeMessage(await readBody(request, bodyLimit(context, name)));
  const reply = await context.options.app.route(name, input);
  send(context, response, reply.ok ? 200 : httpStatus(reply.error.code), wireMediaType, encodeMessage(reply));
}

async function answerPage(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw new AppError('unsupported', 'Pages are read with GET.');
  const { pathname, searchParams } = urlOf(request);
  const token = pathname === '/' ? searchParams.get('token') : null;
  if (token !== null) {
    const cookie = context.session.redeem(token);
    if (cookie) response.setHeader('Set-Cookie', cookie);
    else checkSession(context, request);
    send(context, response, 200, htmlType, enterPage());
    return;
  }
  checkSession(context, request);
  const file = await readInterfaceFile(context.options.interfaceFolder, pathname);
  if (!file) throw new AppError('not-found', 'There is nothing at this address.');
  if (file.immutable) response.setHeader('Cache-Control', 'private, max-age=31536000, immutable');
  send(context, response, 200, file.mediaType, file.bytes);
}

const htmlType = 'text/html; charset=utf-8';

function send(
  context: Context,
  response: ServerResponse,
  status: number,
  type: string,
  body: Uint8Array | string,
): void {
  const connections = [`ws://127.0.0.1:${context.port}`, `ws://localhost:${context.port}`];
  for (const [name, value] of Object.entries(securityHeaders(connections))) response.setHeader(name, value);
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

/** Reads on for a moment, so that the client sees the reply before the connection ends. */
function discard(request: IncomingMessage): void {
  request.resume();
  setTimeout(() => request.destroy(), 2000).unref();
}

function refuseUpgrade(socket: Duplex, error: unknown): void {
  const { code, message } = toErrorMessage(error);
  socket.end(
    `HTTP/1.1 ${httpStatus(code)} Refused\r\nConnection: close\r\nContent-Type: text/plain\r\n\r\n${message}\n`,
  );
}

function checkSession(context: Context, request: IncomingMessage): void {
  if (context.session.admits(request.headers.cookie)) return;
  throw new AppError(
    'unauthorized',
    'Open SonoSync with the address that it printed when it started. That address works once, in one browser; start SonoSync again for a new one.',
  );
}

function bodyLimit(context: Context, name: CommandName): number {
  const limits = context.options.bodyLimits ?? defaultBodyLimits;
  return name === 'study:import' ? limits.import : limits.command;
}

function urlOf(request: IncomingMessage): URL {
  const url = URL.canParse(request.url ?? '/', 'http://127.0.0.1')
    ? new URL(request.url ?? '/', 'http://127.0.0.1')
    : null;
  if (!url) throw new AppError('bad-input', 'The address cannot be read.');
  return url;
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0];
}
