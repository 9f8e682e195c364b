import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { contentSecurityPolicy, readInterfaceFile } from '../../electron/app/interface-files.ts';
import { interfaceAddress, isOwnPage, refuse } from '../../electron/main/admission.ts';
import { answerInterfaceRequest } from '../../electron/main/interface-protocol.ts';

const folder = mkdtempSync(join(tmpdir(), 'sonosync-main-'));
const interfaceFolder = join(folder, 'renderer');
mkdirSync(join(interfaceFolder, 'assets'), { recursive: true });
writeFileSync(join(interfaceFolder, 'index.html'), 'the page');
writeFileSync(join(interfaceFolder, 'assets', 'index-1.js'), 'the script');
writeFileSync(join(interfaceFolder, '.hidden.html'), 'secret');
writeFileSync(join(interfaceFolder, 'key.pem'), 'secret');
writeFileSync(join(folder, 'secret.html'), 'secret');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function request(path: string, method = 'GET'): Promise<Response> {
  return answerInterfaceRequest(interfaceFolder, new Request(new URL(path, interfaceAddress), { method }));
}

describe("the window's own scheme", () => {
  it('serves the page and its parts with the security headers', async () => {
    const page = await request('/');
    expect(page.status).toBe(200);
    expect(await page.text()).toBe('the page');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toBe(contentSecurityPolicy());
    const script = await request('/assets/index-1.js?v=1#top');
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(await script.text()).toBe('the script');
  });

  it.each([
    '/../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/..%5Csecret.html',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.html',
    '/.hidden.html',
    '/key.pem',
    '/%00',
    '/%',
    '/C:/secret.html',
  ])('gives nothing for %s', async (path) => {
    const response = await request(path);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('secret');
  });

  it('gives nothing to paths that no URL would normalise', async () => {
    for (const path of [
      '/../secret.html',
      '/assets/../../secret.html',
      '//../secret.html',
      'secret.html',
      '/a\\..\\..\\secret.html',
    ]) {
      expect(await readInterfaceFile(interfaceFolder, path)).toBeNull();
    }
  });

  it('only reads, and only for the own page', async () => {
    expect((await request('/', 'POST')).status).toBe(405);
    const foreign = await answerInterfaceRequest(interfaceFolder, new Request('sonosync://other/'));
    expect(foreign.status).toBe(403);
  });

  it('says that the interface is not built', async () => {
    const response = await answerInterfaceRequest(join(folder, 'none'), new Request(interfaceAddress));
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('not built');
  });
});

describe('admission', () => {
  it('knows its own page from others', () => {
    expect(isOwnPage('sonosync://app/')).toBe(true);
    expect(isOwnPage('sonosync://app/index.html#x')).toBe(true);
    for (const other of [
      'sonosync://app.evil/',
      'sonosync://evil/app',
      'https://app/',
      'file:///app',
      'sonosync://app@evil/',
      'about:blank',
      '',
    ]) {
      expect([other, isOwnPage(other)]).toEqual([other, false]);
    }
  });

  it('lets in commands of the contract from the own frame, and nothing else', () => {
    expect(refuse('study:list', true)).toBeNull();
    expect(refuse('study:list', false)?.code).toBe('unauthorized');
    for (const name of ['study:destroy', '__proto__', 'constructor', '', 7, null, undefined, ['study:list']]) {
      expect(refuse(name, true)?.code).toBe('not-found');
    }
  });
});

describe('the content security policy', () => {
  it('allows no script but the bundle, no frame, no form and no other origin', () => {
    const policy = new Map(
      contentSecurityPolicy(['ws://127.0.0.1:1'])
        .split('; ')
        .map((directive) => {
          const [name, ...values] = directive.split(' ');
          return [name, values.join(' ')];
        }),
    );
    expect(policy.get('default-src')).toBe(`'none'`);
    expect(policy.get('script-src')).toBe(`'self'`);
    expect(policy.get('connect-src')).toBe(`'self' ws://127.0.0.1:1`);
    expect(policy.get('frame-ancestors')).toBe(`'none'`);
    expect(policy.get('form-action')).toBe(`'none'`);
    expect(policy.get('base-uri')).toBe(`'none'`);
    expect(contentSecurityPolicy()).not.toMatch(/https?:|\*|unsafe-eval/);
  });
});
