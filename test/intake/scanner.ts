// Owns a scanner for tests: the client of the network library, which opens an association and sends.
import { createServer, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import dimse from 'dcmjs-dimse';

dimse.log.setLevel('silent');

export interface Sent {
  /** Status of each response, in order. */
  readonly statuses: readonly number[];
  readonly rejected: { readonly result: number; readonly source: number; readonly reason: number } | null;
  /** The connection broke. */
  readonly broken: boolean;
}

export interface CallOptions {
  readonly port: number;
  readonly callingAeTitle?: string;
  readonly calledAeTitle?: string;
}

/** Calls, sends the requests one after another, and hangs up. */
export function call(
  requests: readonly InstanceType<typeof dimse.requests.Request>[],
  options: CallOptions,
): Promise<Sent> {
  const { port, callingAeTitle = 'SCANNER', calledAeTitle = 'SONOSYNC' } = options;
  return new Promise((resolve) => {
    const client = new dimse.Client();
    const statuses: number[] = [];
    let rejected: Sent['rejected'] = null;
    let broken = false;
    for (const request of requests) {
      request.on('response', (response: { getStatus(): number }) => statuses.push(response.getStatus()));
      client.addRequest(request);
    }
    client.on('associationRejected', (reason: Sent['rejected']) => (rejected = reason));
    client.on('networkError', () => (broken = true));
    client.on('closed', () => resolve({ statuses, rejected, broken }));
    client.send('127.0.0.1', port, callingAeTitle, calledAeTitle);
  });
}

export function echo(): InstanceType<typeof dimse.requests.CEchoRequest> {
  return new dimse.requests.CEchoRequest();
}

export function store(file: string): InstanceType<typeof dimse.requests.CStoreRequest> {
  return new dimse.requests.CStoreRequest(file);
}

/** A cable that is pulled after so many bytes: listens, and hands on to `port` until then. */
export async function fragileCable(port: number, bytes: number): Promise<{ port: number; close: () => void }> {
  const server = createServer((scanner) => {
    const target = connect(port, '127.0.0.1');
    let left = bytes;
    scanner.on('data', (chunk: Buffer) => {
      target.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left > 0) return;
      target.destroy();
      scanner.destroy();
    });
    target.pipe(scanner);
    for (const socket of [scanner, target]) socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  // The address of a TCP server is an object.
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

/** Writes bytes to a port and waits until the other side hangs up. */
export function sendRaw(port: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
  });
}
