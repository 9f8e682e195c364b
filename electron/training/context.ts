// Owns what a long job is given by whoever runs it: a way to be cancelled, to let others in between two steps, and to say how far it is.

export interface JobContext<Progress> {
  readonly signal: AbortSignal;
  /** Awaited after every step: interactive work runs there, and a cancelled signal throws AbortError. */
  readonly turn: () => Promise<void>;
  readonly report: (progress: Progress) => void;
}
