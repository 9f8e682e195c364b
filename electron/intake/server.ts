// Owns the listening socket of intake: who is connected, how many at a time, where unfinished objects lie, and the end of all of it.
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { AppError } from '../common/errors.ts';
import { implementationClassUID, implementationVersionName } from '../dicom/write/write-part10.ts';
import { judgeCall, tooManyCalls } from './callers.ts';
import type { CallRules } from './callers.ts';
import { PduGuard } from './pdu-guard.ts';
import { serveConnection } from './provider.ts';
import type { DimseLibrary, ProviderHost } from './provider.ts';

export type { Call, Caller, Refusal } from './callers.ts';
export type { ReceivedObject } from './provider.ts';

export interface StorageServerOptions extends CallRules, Omit<ProviderHost, 'judge'> {
  /** Address of the interface; 127.0.0.1 hears this machine only. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface StorageServer {
  readonly port: number;
  /** Ends every connection; unfinished objects are thrown away. */
  close(): Promise<void>;
}

/** A scanner opens one or two. */
const connectionLimit = 16;

/** Throws AppError('conflict') where the port is taken, AppError('bad-input') for an address that is none of this machine's. */
export async function startStorageServer(options: StorageServerOptions): Promise<StorageServer> {
  const { folder, host, port } = options;
  const library = await loadLibrary();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new AppError('storage', `Cannot make the folder ${folder}: the disk is full or read-only.`, { cause });
  });
  const sockets = new Set<Socket>();
  const provider: ProviderHost = { ...options, judge: (call) => judgeCall(options, call) };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
    const guard = new PduGuard();
    socket.on('data', (chunk: Buffer) => {
      if (!guard.admits(chunk)) socket.destroy();
    });
    serveConnection(library, socket, provider, sockets.size > connectionLimit ? tooManyCalls : null);
  });
  const taken = await listen(server, host, port);
  return {
    port: taken,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

async function loadLibrary(): Promise<DimseLibrary> {
  const { default: library } = await import('dcmjs-dimse');
  // Its log would hold what is sent.
  library.log.setLevel('silent');
  library.Implementation.setImplementationClassUid(implementationClassUID);
  library.Implementation.setImplementationVersion(implementationVersionName);
  return library;
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(toListenError(cause, host, port)));
    // The address of a TCP server is an object.
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function toListenError(cause: NodeJS.ErrnoException, host: string, port: number): AppError {
  const code = cause.code ?? 'unknown';
  const words =
    new Map([
      ['EADDRINUSE', `Port ${port} is in use by another program. Choose another one.`],
      ['EADDRNOTAVAIL', `${host} is not an address of this machine at the moment.`],
      ['EACCES', `Port ${port} needs an administrator's rights. Choose one above 1023.`],
    ]).get(code) ?? `Cannot listen on ${host}, port ${port} (${code}).`;
  return new AppError(code === 'EADDRINUSE' ? 'conflict' : 'bad-input', words, { cause });
}
