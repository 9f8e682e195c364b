// Owns what happens when a GPU fails at work without taking the process down: a lost device stays lost for its process, so this one ends.
// The host starts another, repeats what was lost, and after a second time runs it on the CPU only; one path for every way a driver fails.
import { engineExitCodes } from '../common/engine-protocol.ts';
import { AppError } from '../common/errors.ts';

/** Does the work, which uses `provider`; ends the process where that provider is not the CPU and failed. */
export async function endIfProviderFails<T>(
  provider: string,
  work: () => Promise<T>,
  end: () => void = endProcess,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (provider !== 'cpu' && error instanceof AppError && error.code === 'engine') end();
    throw error;
  }
}

function endProcess(): never {
  process.stderr.write('SonoSync engine: the provider failed at work; the process ends.\n');
  process.exit(engineExitCodes.providerFailed);
}
