// Owns the HTTP status (RFC 9110, 4918) that goes with each error code; the reply's body says the rest.
import type { ErrorMessage } from '../common/errors.ts';

const statuses = {
  'bad-input': 400,
  'not-found': 404,
  unsupported: 422,
  corrupt: 422,
  conflict: 409,
  unauthorized: 401,
  storage: 507,
  engine: 503,
  fault: 500,
  aborted: 503,
} as const satisfies Record<ErrorMessage['code'], number>;

export function httpStatus(code: ErrorMessage['code']): number {
  return statuses[code];
}
