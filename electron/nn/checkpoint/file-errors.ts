// Owns what a failed file call means to the person who named the file.
import { AppError } from '../../common/errors.ts';

/** An AppError for a failed read of `path`: 'not-found', 'bad-input' (a folder, no permission) or 'storage'. An AppError passes as it is. */
export function asFileError(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new AppError('not-found', `${path} does not exist.`, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new AppError('bad-input', `${path} may not be read: permission denied.`, { cause: error });
    case 'EISDIR':
      return new AppError('bad-input', `${path} is a folder; expected a file.`, { cause: error });
    default:
      return new AppError('storage', `${path} could not be read (${code}).`, { cause: error });
  }
}
