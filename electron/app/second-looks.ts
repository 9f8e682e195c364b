// Owns proposals that are answered after the first of two looks, and what becomes of the second: it follows on its own, is kept for who asks,
// and is given up as soon as there is a newer first look to follow.
import { isAbortError } from '../common/errors.ts';
import type { AppContext } from './context.ts';
import { propose, type ProposalOutcome, type ProposalQuestion } from './workflows/propose.ts';

interface SecondLook {
  /** The provisional proposal that it follows. */
  readonly proposalId: string;
  readonly controller: AbortController;
  /** Null where it was given up. */
  readonly outcome: Promise<ProposalOutcome | null>;
}

export class SecondLooks {
  #latest: SecondLook | null = null;

  /** The first look, stored as provisional; or all there is where the network looks once. Throws as propose does. */
  request(context: AppContext, question: ProposalQuestion): Promise<ProposalOutcome> {
    this.#latest?.controller.abort();
    const controller = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<ProposalOutcome>();
    const onFirstLook = (first: ProposalOutcome): void => {
      this.#latest?.controller.abort();
      const outcome = both.catch((error: unknown) => {
        if (isAbortError(error)) return null;
        throw error;
      });
      // Whoever asks for it is told what went wrong; nobody may ask.
      outcome.catch(() => undefined);
      this.#latest = { proposalId: first.proposal.id, controller, outcome };
      resolve(first);
    };
    const both = propose(context, question, { signal: controller.signal, onFirstLook });
    both.then(resolve, reject);
    return promise;
  }

  /** What the second look after this provisional proposal gave; null where it was given up. Throws AppError('engine') where it failed. */
  async refine(proposalId: string): Promise<ProposalOutcome | null> {
    return this.#latest?.proposalId === proposalId ? this.#latest.outcome : null;
  }

  close(): void {
    this.#latest?.controller.abort();
  }
}
