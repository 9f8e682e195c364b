// Owns what the page needs of a host beyond the contract: whether it can be heard.
import type { Api, HostFiles } from '../../electron/common/api.ts';

export interface ConnectedApi extends Api {
  /** Null in a browser, which gives bytes and no paths. */
  readonly hostFiles: HostFiles | null;
  /** Told true when events arrive (again), false when the host is lost. Returns the function that ends the subscription. */
  onConnection(listener: (open: boolean) => void): () => void;
}
