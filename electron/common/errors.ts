// Owns the one error type that carries a meaning across processes. A bug throws a plain Error; bad input throws AppError.

export const errorCodes = [
  'bad-input', // the user's file, folder, option or value cannot be used
  'not-found', // a file, record or model that was named does not exist
  'unsupported', // well-formed, but a format, syntax or operator that SonoSync does not handle
  'corrupt', // a file or record that contradicts itself or its hash
  'conflict', // the record changed meanwhile, or belongs to another model or label
  'unauthorized', // missing or wrong token, host or origin
  'storage', // the disk is full, read-only or failing
  'engine', // the engine process died or a provider failed
  'fault', // a bug, reported as such
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** An error to be read by the person who caused or met it: says what was expected and found, and in which file or record. */
export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}

/** What an error says; of something else that was thrown, what it is as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The form of an error on a wire. */
export interface ErrorMessage {
  readonly code: ErrorCode | 'aborted';
  readonly message: string;
}

export function toErrorMessage(error: unknown): ErrorMessage {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  if (isAbortError(error)) return { code: 'aborted', message: 'Cancelled.' };
  return { code: 'fault', message: messageOf(error) };
}

/** The inverse of toErrorMessage: what a client throws for a message that came over a wire. */
export function fromErrorMessage(message: ErrorMessage): Error {
  if (message.code === 'aborted') return createAbortError();
  return new AppError(message.code, message.message);
}

export function createAbortError(): Error {
  const error = new Error('Cancelled.');
  error.name = 'AbortError';
  return error;
}

export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
