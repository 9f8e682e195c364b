import { describe, expect, it } from 'vitest';
import { AppError } from '../../electron/common/errors.ts';
import { endIfProviderFails } from '../../electron/engine/provider-failure.ts';

/** Whether the process would have been ended by this error on this provider; the error itself always comes through. */
async function ends(provider: string, error: Error): Promise<boolean> {
  let ended = false;
  const work = endIfProviderFails(
    provider,
    () => Promise.reject(error),
    () => {
      ended = true;
    },
  );
  await expect(work).rejects.toBe(error);
  return ended;
}

describe('a failure at work', () => {
  const providerFailure = new AppError('engine', 'The device is lost.');

  it('of a GPU ends the process', async () => {
    expect(await ends('webgpu', providerFailure)).toBe(true);
  });

  it('on the CPU, or by bad input, or a bug, does not', async () => {
    expect(await ends('cpu', providerFailure)).toBe(false);
    expect(await ends('webgpu', new AppError('not-found', 'No pixels.'))).toBe(false);
    expect(await ends('webgpu', new TypeError('x is not a function'))).toBe(false);
  });

  it('does not touch work that succeeds', async () => {
    expect(await endIfProviderFails('webgpu', async () => 5)).toBe(5);
  });
});
