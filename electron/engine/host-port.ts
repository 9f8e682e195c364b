// Owns the engine's end of the wire: Electron's utilityProcess port, or the channel of child_process.fork.
import type { FromEngine, ToEngine } from '../common/engine-protocol.ts';

export interface HostPort {
  /** Throws where the message cannot be cloned; a host that is gone is not an error, the process is about to end. */
  post(message: FromEngine): void;
  onMessage(listener: (message: ToEngine) => void): void;
  onClose(listener: () => void): void;
}

/** The part of Electron's process.parentPort that is used here. Electron ends a utility process together with its host. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(name: 'message', listener: (event: { data: unknown }) => void): void;
}

/** Opens the wire to the process that started this one. Throws where there is none. */
export function openHostPort(): HostPort {
  const parentPort: unknown = Reflect.get(process, 'parentPort');
  // Electron sets parentPort in utility processes only, with this interface.
  if (parentPort) return utilityPort(parentPort as ParentPort);
  const send = process.send?.bind(process);
  if (!send) throw new Error('The engine is started by SonoSync, over a message channel; it was started without one.');
  return {
    // A host that ended meanwhile closes the channel; the callback keeps that from becoming an uncaught error.
    post: (message) => void (process.connected && send(message, undefined, {}, () => {})),
    onMessage: (listener) => void process.on('message', (message) => listener(message as ToEngine)), // only the host writes here
    onClose: (listener) => void process.on('disconnect', listener),
  };
}

function utilityPort(port: ParentPort): HostPort {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', (event) => listener(event.data as ToEngine)), // only the host writes here
    onClose: () => {},
  };
}
