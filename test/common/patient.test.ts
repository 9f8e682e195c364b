import { describe, expect, it } from 'vitest';
import { namesPatient, readableName } from '../../electron/common/patient.ts';

describe('a patient’s identity', () => {
  it('is recognised in words by its parts, not by what is too short to tell', () => {
    const patient = { name: 'Doe^Jo^^Dr', id: 'PID-7' };
    expect(namesPatient('Left breast, DOE', patient)).toBe(true);
    expect(namesPatient('pid-7 follow-up', patient)).toBe(true);
    expect(namesPatient('Joint, dragged', patient)).toBe(false);
    expect(namesPatient('anything', null)).toBe(false);
  });

  it('is written as people write it', () => {
    expect(readableName('Doe^Anna^Maria^Dr^PhD')).toBe('Doe, Dr Anna Maria, PhD');
    expect(readableName('Doe')).toBe('Doe');
    expect(readableName('=山田^太郎=やまだ^たろう')).toBe('山田, 太郎');
  });
});
