// Owns the messages between the engine and its threads for proposals. Values are structured-clone data with typed arrays.
import type { ProposalRequest, ProposalResult } from '../common/engine-protocol.ts';
import type { ErrorMessage } from '../common/errors.ts';
import type { Features } from '../inference/network-runner.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly folder: string;
  readonly control: Int32Array<SharedArrayBuffer>;
}

/** Places in `control`, which the engine writes and the thread looks at between two steps of the network. */
export const threadControl = {
  /** 1 while the thread has to wait: somebody waits for a proposal, and has the cores to himself. */
  held: 0,
  /** 1 where the present request was cancelled. */
  cancelled: 1,
} as const;

/** The image comes with its pixels. `end` lets the sessions go and ends the thread. */
export type ToThread = { readonly kind: 'propose'; readonly request: ProposalRequest } | { readonly kind: 'end' };

export type FromThread =
  | { readonly kind: 'ready' }
  /** `views`: the features of the whole frame, so that another prompt costs the engine no encoder run. */
  | { readonly kind: 'result'; readonly result: ProposalResult; readonly views: readonly Features[] | null }
  | { readonly kind: 'error'; readonly error: ErrorMessage };
