import { request as httpRequest } from 'node:http';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { EventHub } from '../../electron/app/event-hub.ts';
import { createRouter } from '../../electron/app/router.ts';
import type { Handlers } from '../../electron/app/router.ts';
import { decodeMessage, encodeMessage } from '../../electron/web/codec.ts';
import { startWebHost } from '../../electron/web/host.ts';
import type { WebHost } from '../../electron/web/host.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-web-'));
mkdirSync(join(folder, 'interface', 'assets'), { recursive: true });
writeFileSync(join(folder, 'interface', 'index.html'), '<!doctype html><title>interface</title>');
writeFileSync(join(folder, 'interface', 'assets', 'index.js'), 'export {};');
writeFileSync(join(folder, 'secret.html'), 'secret');

// Two commands with real schemas stand for all: what they do is tested with the app.
const handlers = {
  'training:cancel': async () => ({}),
  'frame:pixels': async ({ frameId }: { frameId: string }) => ({ png: new TextEncoder().encode(frameId) }),
  'study:import': async ({ files }: { files: { name: string; bytes: Uint8Array }[] }) => ({
    studyIds: files.map((file) => `${file.name}:${file.bytes.length}`),
    imported: files.length,
    unchanged: 0,
    skipped: [],
    warnings: [],
    cancelled: false,
  }),
} as unknown as Handlers;

let host: WebHost;
let events: EventHub;
let faults: string[];

beforeEach(async () => {
  events = new EventHub();
  faults = [];
  const router = createRouter(handlers, (name) => faults.push(name));
  host = await startWebHost({
    app: { ...router, events },
    interfaceFolder: join(folder, 'interface'),
    bodyLimits: { command: 1000, import: 100_000 },
  });
  return () => host.close();
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** A request with full control over its headers, which fetch does not give. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body?: Uint8Array): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: host.port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Opens the printed address and returns the cookie. */
async function enter(): Promise<string> {
  const { pathname, search } = new URL(host.issueAddress());
  const { status, headers } = await ask('GET', pathname + search);
  expect(status).toBe(200);
  return String(headers['set-cookie']?.[0]).split(';')[0];
}

async function command(name: string, input: unknown, headers: Record<string, string>) {
  const answer = await ask(
    'POST',
    `/api/${name}`,
    { 'content-type': 'application/msgpack', ...headers },
    encodeMessage(input),
  );
  return {
    status: answer.status,
    reply: decodeMessage(answer.body) as { ok: boolean; value?: unknown; error?: { message: string } },
  };
}

describe('the address with the token', () => {
  it('lets in once and hands out a cookie that scripts and other sites cannot use', async () => {
    const { pathname, search } = new URL(host.issueAddress());
    const first = await ask('GET', pathname + search);
    expect(first.headers['set-cookie']?.[0]).toMatch(/^sonosync-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
    const cookie = String(first.headers['set-cookie']?.[0]).split(';')[0];
    const page = await ask('GET', '/', { cookie });
    expect(page.body.toString()).toContain('<title>interface</title>');

    const second = await ask('GET', pathname + search);
    expect(second.status).toBe(401);
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(second.body.toString()).toContain('works once');
    // Whoever is in already may open it again, as by the browser's history.
    expect((await ask('GET', pathname + search, { cookie })).status).toBe(200);
  });

  it('refuses a wrong token, no token and a token that a newer one replaced', async () => {
    const old = new URL(host.issueAddress());
    host.issueAddress();
    for (const path of ['/', '/?token=', '/?token=wrong', old.pathname + old.search, '/assets/index.js']) {
      const answer = await ask('GET', path);
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  it('refuses a cookie of another session', async () => {
    const cookie = (await enter()).replace(/=.*/, `=${'A'.repeat(43)}`);
    expect((await ask('GET', '/', { cookie })).status).toBe(401);
  });
});

describe('commands', () => {
  it('answers in MessagePack, bytes as bytes', async () => {
    const cookie = await enter();
    const { status, reply } = await command('frame:pixels', { frameId: 'f1' }, { cookie, origin: host.origin });
    expect(status).toBe(200);
    expect(reply).toEqual({ ok: true, value: { png: new TextEncoder().encode('f1') } });
  });

  it('refuses other pages, pages without an origin, and requests without the cookie', async () => {
    const cookie = await enter();
    for (const headers of [
      { cookie, origin: 'http://evil.example' },
      { cookie, origin: `http://127.0.0.1:${host.port + 1}` },
      { cookie, origin: 'null' },
      { cookie },
      { origin: host.origin },
    ] as Record<string, string>[]) {
      const { status, reply } = await command('frame:pixels', { frameId: 'f1' }, headers);
      expect(status).toBe(401);
      expect(reply).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
    }
  });

  it('refuses a foreign Host, as of a name that was made to point here', async () => {
    const cookie = await enter();
    const answer = await ask('GET', '/', { cookie, host: `evil.example:${host.port}` });
    expect(answer.status).toBe(401);
    const { status } = await command(
      'frame:pixels',
      { frameId: 'f1' },
      { cookie, host: `evil.example:${host.port}`, origin: `http://evil.example:${host.port}` },
    );
    expect(status).toBe(401);
  });

  it('says what is wrong with an unknown command, a wrong input, a wrong type and a broken body', async () => {
    const cookie = await enter();
    const headers = { cookie, origin: host.origin };
    expect(await command('constructor', {}, headers)).toMatchObject({
      status: 404,
      reply: { error: { code: 'not-found' } },
    });
    const wrong = await command('frame:pixels', { frameId: 7 }, headers);
    expect(wrong.status).toBe(400);
    expect(wrong.reply.error?.message).toContain('frameId');
    const text = await command('frame:pixels', {}, { ...headers, 'content-type': 'text/plain' });
    expect(text).toMatchObject({ status: 422, reply: { error: { code: 'unsupported' } } });
    const broken = await ask(
      'POST',
      '/api/frame:pixels',
      { ...headers, 'content-type': 'application/msgpack' },
      Uint8Array.of(0xc1),
    );
    expect(decodeMessage(broken.body)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    expect((await ask('GET', '/api/frame:pixels', headers)).status).toBe(422);
    expect(faults).toEqual([]);
  });

  it('refuses a body over the limit, announced or not, and takes larger ones for files', async () => {
    const cookie = await enter();
    const headers = { cookie, origin: host.origin };
    const big = { labelId: 'x'.repeat(5000) };
    expect(await command('training:cancel', big, headers)).toMatchObject({
      status: 413,
      reply: { error: { code: 'bad-input' } },
    });
    const chunked = await command('training:cancel', big, { ...headers, 'transfer-encoding': 'chunked' });
    expect(chunked.status).toBe(413);
    const files = await command('study:import', { files: [{ name: 'a', bytes: new Uint8Array(50_000) }] }, headers);
    expect(files.reply).toMatchObject({ ok: true, value: { studyIds: ['a:50000'] } });
  });
});

describe('the interface', () => {
  it('carries the policy that keeps the page to itself', async () => {
    const { headers } = await ask('GET', '/', { cookie: await enter() });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain(`default-src 'none'`);
    expect(policy).toContain(`script-src 'self';`);
    expect(policy).toContain(`frame-ancestors 'none'`);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it('gives nothing from outside its folder', async () => {
    const cookie = await enter();
    for (const path of [
      '/../secret.html',
      '/%2e%2e/secret.html',
      '/assets/..%2f..%2fsecret.html',
      '/..%5csecret.html',
      '/%00',
    ]) {
      const { status, body } = await ask('GET', path, { cookie });
      expect([path, status]).toEqual([path, 404]);
      expect(body.toString()).not.toBe('secret');
    }
  });
});

describe('events', () => {
  function connect(headers: Record<string, string>, path = '/events'): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, { headers });
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(socket));
      socket.on('error', reject);
    });
  }

  it('reach every open page', async () => {
    const cookie = await enter();
    const sockets = await Promise.all([1, 2].map(() => connect({ cookie, origin: host.origin })));
    const messages = sockets.map(
      (socket) => new Promise((resolve) => socket.once('message', (data) => resolve(decodeMessage(data as Buffer)))),
    );
    events.emit('study:imported', { studyIds: ['s1'] });
    const expected = { name: 'study:imported', value: { studyIds: ['s1'] } };
    expect(await Promise.all(messages)).toEqual([expected, expected]);
    sockets.forEach((socket) => socket.close());
  });

  it('are refused to other pages, to strangers and at other addresses', async () => {
    const cookie = await enter();
    await expect(connect({ cookie, origin: 'http://evil.example' })).rejects.toThrow('401');
    await expect(connect({ cookie })).rejects.toThrow('401');
    await expect(connect({ origin: host.origin })).rejects.toThrow('401');
    await expect(connect({ cookie, origin: host.origin, host: 'evil.example' })).rejects.toThrow('401');
    await expect(connect({ cookie, origin: host.origin }, '/other')).rejects.toThrow('404');
  });
});

it('says when its port is taken', async () => {
  const taken = startWebHost({
    app: { ...createRouter(handlers, () => {}), events },
    interfaceFolder: folder,
    port: host.port,
  });
  await expect(taken).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(String(host.port)) });
});
