// Owns what the page needs of a host beyond the contract: whether it can be heard.
import type { Api } from '../../electron/common/api.ts';

export interface ConnectedApi extends Api {
  /** Told true when events arrive (again), false when the host is lost. Returns the function that ends the subscription. */
  onConnection(listener: (open: boolean) => void): () => void;
}
