// Owns the contract over the Electron window's bridge.
import type {
  CommandInput,
  CommandName,
  CommandOutput,
  EventName,
  EventValue,
  HostFiles,
  WindowBridge,
} from '../../electron/common/api.ts';
import { readEvent, readReply } from './codec.ts';
import type { ConnectedApi } from './connection.ts';

export class WindowApi implements ConnectedApi {
  readonly hostFiles: HostFiles | null;
  private readonly bridge: WindowBridge;

  constructor(bridge: WindowBridge) {
    this.bridge = bridge;
    this.hostFiles = bridge.files ?? null;
  }

  async send<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
    return readReply(name, await this.bridge.send(name, input));
  }

  on<N extends EventName>(name: N, listener: (value: EventValue<N>) => void): () => void {
    return this.bridge.on(name, (value) => {
      const event = readEvent(name, value);
      // readEvent has parsed the value with the schema of `name`.
      if (event) listener(event.value as EventValue<N>);
    });
  }

  /** The window lives and dies with its host: it is never lost. */
  onConnection(): () => void {
    return () => {};
  }
}
