// Owns how often and how soon a dead engine is started again, and when it must do without a GPU.
import { engineExitCodes } from '../common/engine-protocol.ts';
import type { EngineExit } from './engine-process.ts';

/** After so many crashes the engine runs on the CPU only: the usual cause is a driver. */
const crashesUntilCpu = 2;
/** So many starts in a row without a single answer, and the client gives up until the next call. */
const fruitlessStarts = 4;
const longestPauseMs = 8000;

/** How often a call may be sent: once more after it was lost. To die of a bad driver is one outcome of a probe, which gets a last try on the CPU. */
export const sendLimits = { probe: crashesUntilCpu + 1, other: 2 } as const;

export class EngineRestarts {
  readonly #firstPauseMs: number;
  #crashes = 0;
  /** Crashes since the last answer. */
  #fruitless = 0;

  /** @param firstPauseMs the pause before the second start in a row that led nowhere; it doubles with each further one. */
  constructor(firstPauseMs: number) {
    this.#firstPauseMs = firstPauseMs;
  }

  recordCrash(): void {
    this.#crashes += 1;
    this.#fruitless += 1;
  }

  recordAnswer(): void {
    this.#fruitless = 0;
  }

  get cpuOnly(): boolean {
    return this.#crashes >= crashesUntilCpu;
  }

  /** How many crashes in a row there were when it is time to give up, else null. The next call then gets one start only. */
  giveUp(): number | null {
    if (this.#fruitless < fruitlessStarts) return null;
    this.#fruitless = fruitlessStarts - 1;
    return fruitlessStarts;
  }

  /** Milliseconds before the next start: none after a single crash. */
  pauseMs(): number {
    return this.#fruitless < 2 ? 0 : Math.min(this.#firstPauseMs * 2 ** (this.#fruitless - 2), longestPauseMs);
  }
}

/** How a process ended, as a sentence for the interface. */
export function describeExit({ code, signal }: EngineExit): string {
  if (signal) return `The engine process was ended by ${signal}.`;
  if (code === engineExitCodes.providerFailed) return 'The graphics driver failed, and the engine process ended.';
  if (code === null) return 'The engine process could not be started.';
  return `The engine process ended with exit code ${code}.`;
}
