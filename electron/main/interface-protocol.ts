// Owns the answers of the window's own scheme: the built interface with the security headers, and nothing else. No import of electron.
import { readInterfaceFile, securityHeaders } from '../app/interface-files.ts';
import { messageOf } from '../common/errors.ts';
import { isOwnPage } from './admission.ts';

/** The response to a request of the window's page (protocol.handle). */
export async function answerInterfaceRequest(interfaceFolder: string, request: Request): Promise<Response> {
  if (!isOwnPage(request.url)) return refusal(403, 'This address is not part of SonoSync.');
  if (request.method !== 'GET') return refusal(405, 'Only reading is possible here.');
  try {
    const file = await readInterfaceFile(interfaceFolder, new URL(request.url).pathname);
    if (!file) return refusal(404, 'There is nothing at this address.');
    // A copy of its own: a Response takes plain bytes, not a view into a pool of Node's.
    return new Response(Uint8Array.from(file.bytes), {
      headers: { ...securityHeaders(), 'Content-Type': file.mediaType },
    });
  } catch (error) {
    return refusal(500, messageOf(error));
  }
}

function refusal(status: number, message: string): Response {
  return new Response(message, {
    status,
    headers: { ...securityHeaders(), 'Content-Type': 'text/plain; charset=utf-8' },
  });
}
