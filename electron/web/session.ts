// Owns who may talk to the loopback host: a one-time token in the printed address, exchanged for a cookie. Other users of the machine,
// and other pages in the same browser, have neither.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export class WebSession {
  /** The name carries the port: browsers share cookies between the ports of a host, and two instances must not log each other out. */
  readonly cookieName: string;
  readonly #session = randomBytes(32).toString('base64url');
  #token: string | null = null;

  constructor(port: number) {
    this.cookieName = `sonosync-${port}`;
  }

  /** A new token; the one before it is void. */
  issueToken(): string {
    this.#token = randomBytes(32).toString('base64url');
    return this.#token;
  }

  /** Takes the token, which then is void. Returns the Set-Cookie value, or null for a wrong or used token. */
  redeem(token: string): string | null {
    if (this.#token === null || !sameSecret(token, this.#token)) return null;
    this.#token = null;
    // No expiry: it ends with the browser, and with this process, which forgets the session.
    return `${this.cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** Whether a Cookie header carries this session. */
  admits(cookieHeader: string | undefined): boolean {
    if (!cookieHeader) return false;
    return cookieHeader.split(';').some((pair) => {
      const [name, value = ''] = pair.trim().split('=', 2);
      return name === this.cookieName && sameSecret(value, this.#session);
    });
  }
}

/** Compares in a time that does not depend on where the texts differ. */
function sameSecret(a: string, b: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(a), digest(b));
}
