// Owns the contract over HTTP and a WebSocket, for the application in a browser.
import type { CommandInput, CommandName, CommandOutput, EventName, EventValue } from '../../electron/common/api.ts';
import { AppError } from '../../electron/common/errors.ts';
import { t } from '../strings/index.ts';
import { decodeEvent, decodeReply, encodeRequest, wireMediaType } from './codec.ts';
import type { ConnectedApi } from './connection.ts';
import { Listeners } from './listeners.ts';

const reconnectDelaysMs = [250, 500, 1000, 2000, 4000];

export class HttpApi implements ConnectedApi {
  readonly hostFiles = null;
  private readonly origin: string;
  private readonly listeners = new Listeners();
  private readonly connectionListeners = new Set<(open: boolean) => void>();
  private failures = 0;

  /** `origin` as in 'http://127.0.0.1:4321'. Connects for events at once and goes on trying. */
  constructor(origin: string) {
    this.origin = origin;
    this.connect();
  }

  async send<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
    let response: Response;
    let bytes: Uint8Array;
    try {
      response = await fetch(`${this.origin}/api/${name}`, {
        method: 'POST',
        headers: { 'Content-Type': wireMediaType },
        body: encodeRequest(input),
      });
      bytes = new Uint8Array(await response.arrayBuffer());
    } catch (cause) {
      throw new AppError('fault', t('connection.noAnswer'), { cause });
    }
    if (!response.headers.get('Content-Type')?.startsWith(wireMediaType))
      throw new AppError('fault', t('connection.badStatus', { command: name, status: String(response.status) }));
    return decodeReply(name, bytes);
  }

  on<N extends EventName>(name: N, listener: (value: EventValue<N>) => void): () => void {
    return this.listeners.add(name, listener);
  }

  onConnection(listener: (open: boolean) => void): () => void {
    this.connectionListeners.add(listener);
    return () => this.connectionListeners.delete(listener);
  }

  private connect(): void {
    const socket = new WebSocket(`${this.origin.replace(/^http/, 'ws')}/events`);
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => {
      this.failures = 0;
      for (const listener of this.connectionListeners) listener(true);
    });
    socket.addEventListener('message', ({ data }) => {
      if (!(data instanceof ArrayBuffer)) return;
      const event = decodeEvent(new Uint8Array(data));
      if (event) this.listeners.emit(event.name, event.value);
    });
    socket.addEventListener('close', () => {
      for (const listener of this.connectionListeners) listener(false);
      const delay = reconnectDelaysMs[Math.min(this.failures, reconnectDelaysMs.length - 1)];
      this.failures += 1;
      setTimeout(() => this.connect(), delay);
    });
  }
}
