// Owns who listens to which event on the page.
import type { EventName, EventValue } from '../../electron/common/api.ts';

type Listener = (value: never) => void;

export class Listeners {
  private readonly byName = new Map<EventName, Set<Listener>>();

  add<N extends EventName>(name: N, listener: (value: EventValue<N>) => void): () => void {
    const listeners = this.byName.get(name) ?? new Set();
    this.byName.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  emit(name: EventName, value: EventValue<EventName>): void {
    // `add` puts a listener only under the name whose value it takes.
    for (const listener of this.byName.get(name) ?? []) listener(value as never);
  }
}
