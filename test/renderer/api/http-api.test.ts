import { decode, encode } from '@msgpack/msgpack';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { HttpApi } from '../../../renderer/api/http-api.ts';

let server: Server;
let sockets: WebSocketServer;
const seen: { url: string; type: string | undefined; body: unknown }[] = [];

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // a request without encoding gives buffers
  return Buffer.concat(chunks);
}

/** A real server that answers every command with `reply`, or with a plain page where that is null. */
async function listen(reply: unknown, port = 0): Promise<number> {
  server = createServer((request, response) => {
    void readAll(request).then((body) => {
      seen.push({ url: request.url ?? '', type: request.headers['content-type'], body: decode(body) });
      response.setHeader('Content-Type', reply === null ? 'text/html' : 'application/msgpack');
      return response.end(reply === null ? '<p>hello</p>' : encode(reply));
    });
  });
  sockets = new WebSocketServer({ server, path: '/events' });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function close(): Promise<void> {
  for (const client of sockets.clients) client.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

afterEach(async () => {
  seen.length = 0;
  if (server.listening) await close();
});

describe('the contract over HTTP', () => {
  it('posts MessagePack to the command’s own address and returns the value', async () => {
    const port = await listen({ ok: true, value: { corrections: 3, needed: 4 } });
    const api = new HttpApi(`http://127.0.0.1:${port}`);
    expect(await api.send('training:count', { labelId: 'l' })).toEqual({ corrections: 3, needed: 4 });
    expect(seen).toEqual([{ url: '/api/training:count', type: 'application/msgpack', body: { labelId: 'l' } }]);
  });

  it('says in words that nothing answers, or that something else does', async () => {
    const port = await listen(null);
    const api = new HttpApi(`http://127.0.0.1:${port}`);
    await expect(api.send('study:list', {})).rejects.toThrow(
      'SonoSync answered study:list with HTTP status 200 and no reply.',
    );
    await close();
    await expect(api.send('study:list', {})).rejects.toThrow('Is it still running');
  });

  it('delivers events, tells when the host is lost, and connects again by itself', async () => {
    const port = await listen({ ok: true, value: [] });
    const api = new HttpApi(`http://127.0.0.1:${port}`);
    const connections: boolean[] = [];
    const imported: string[][] = [];
    api.onConnection((open) => connections.push(open));
    api.on('study:imported', ({ studyIds }) => imported.push(studyIds));
    await expect.poll(() => connections).toEqual([true]);
    const tell = (studyIds: string[]): void => {
      for (const client of sockets.clients) client.send(encode({ name: 'study:imported', value: { studyIds } }));
    };
    tell(['a']);
    await expect.poll(() => imported).toEqual([['a']]);
    await close();
    await expect.poll(() => connections.at(-1)).toBe(false);
    await listen({ ok: true, value: [] }, port);
    await expect.poll(() => connections.at(-1), { timeout: 5000 }).toBe(true);
    tell(['b']);
    await expect.poll(() => imported).toEqual([['a'], ['b']]);
  });
});
