// Owns how the built interface (dist/renderer) is served: which file answers a path, its media type, and the headers that keep the page
// to itself. The loopback host and the Electron window serve the same files with the same policy.
import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { AppError } from '../common/errors.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.map': 'application/json; charset=utf-8',
};

/**
 * The content security policy (W3C CSP 3). Nothing is loaded from elsewhere, and no script but the bundle runs. Styles may be inline:
 * the component library writes its variables into style elements.
 * @param connections origins beside the page's own to which it may connect, as 'ws://127.0.0.1:4321'.
 */
export function contentSecurityPolicy(connections: readonly string[] = []): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' blob: data:`,
    `font-src 'self' data:`,
    `connect-src ${["'self'", ...connections].join(' ')}`,
    `worker-src 'self'`,
    `manifest-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

/** Headers of every answer that a page may see. */
export function securityHeaders(connections: readonly string[] = []): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(connections),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), payment=()',
  };
}

export interface InterfaceFile {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** The bundler puts a hash of the content into these names, so that they may be kept for ever. */
  readonly immutable: boolean;
}

/**
 * The file of the interface that a URL's path names ('/' is index.html), or null where there is none. A path that leads out of the
 * folder, in whatever spelling, names nothing. Throws AppError('not-found') where the interface was not built.
 */
export async function readInterfaceFile(folder: string, urlPath: string): Promise<InterfaceFile | null> {
  const parts = splitPath(urlPath);
  if (!parts) return null;
  const relative = parts.length === 0 ? 'index.html' : parts.join(sep);
  const mediaType = mediaTypes[extname(relative).toLowerCase()];
  if (!mediaType) return null;
  try {
    const bytes = await readFile(join(folder, relative));
    return { bytes, mediaType, immutable: parts[0] === 'assets' };
  } catch (cause) {
    if (relative !== 'index.html') return null;
    throw new AppError('not-found', `The interface is not built: ${join(folder, relative)} is missing.`, { cause });
  }
}

/** Path segments, or null for a path that is not plainly below its root. */
function splitPath(urlPath: string): string[] | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (!decoded.startsWith('/') || /[\\\0:]/.test(decoded)) return null;
  const parts = decoded.split('/').filter((part) => part !== '');
  return parts.some((part) => part.startsWith('.')) ? null : parts;
}
