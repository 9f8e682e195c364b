// Owns reading a request's body into memory, within a limit.
import type { IncomingMessage } from 'node:http';
import { AppError } from '../common/errors.ts';

const megabyte = 2 ** 20;

/** A body larger than the limit; told apart so that the reply can carry HTTP's status for it. */
export class BodyTooLargeError extends AppError {
  constructor(limitBytes: number) {
    super('bad-input', `The request is larger than the ${formatMegabytes(limitBytes)} that are taken in one piece.`);
  }
}

/** Throws BodyTooLargeError as soon as the limit is passed, by the announced length where there is one. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw new BodyTooLargeError(limitBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  // Not `for await`: leaving that loop early would destroy the connection before the reply is out.
  await new Promise<void>((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) reject(new BodyTooLargeError(limitBytes));
      else chunks.push(chunk);
    });
    request.on('end', resolve);
    request.on('error', reject);
    request.on('close', () => reject(new AppError('bad-input', 'The request was cut off.')));
  });
  return Buffer.concat(chunks, size);
}

function formatMegabytes(bytes: number): string {
  return bytes >= megabyte ? `${Math.round(bytes / megabyte)} MB` : `${bytes} bytes`;
}
