import { describe, expect, it } from 'vitest';
import { AppError } from '../../electron/common/errors.ts';
import { describeFault } from '../../electron/engine/serve.ts';

describe('the log line of a fault', () => {
  it('names the kind of error, its code and its places, and quotes nothing of its message', () => {
    const error = Object.assign(new RangeError('cannot read /studies/Patient^Name.dcm\n    at Patient^Name'), {
      code: 'ENOENT',
    });
    const line = describeFault(error);
    expect(line).toContain('RangeError (ENOENT)');
    expect(line).toContain('serve.test.ts');
    expect(line).not.toContain('Patient');
  });

  it('gives the code of an AppError and the type of what is no error', () => {
    expect(describeFault(new AppError('corrupt', 'x'))).toContain('AppError (corrupt)');
    expect(describeFault('Patient^Name')).toBe('string');
  });
});
