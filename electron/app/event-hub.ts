// Owns the one emitter through which the app states facts to its hosts, typed by `events` of the contract.
import type { EventName, EventValue } from '../common/api.ts';

export type EventListener = <N extends EventName>(name: N, value: EventValue<N>) => void;

export class EventHub {
  readonly #listeners = new Set<EventListener>();

  emit<N extends EventName>(name: N, value: EventValue<N>): void {
    for (const listener of this.#listeners) listener(name, value);
  }

  /** Calls `listener` for every event. Returns the function that ends the subscription. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls `listener` for the events of one name. Returns the function that ends the subscription. */
  on<N extends EventName>(name: N, listener: (value: EventValue<N>) => void): () => void {
    return this.subscribe((emittedName, value) => {
      const emitted: string = emittedName;
      // `emitted === name` proves that the value is that of N; the compiler does not relate the two parameters.
      if (emitted === name) listener(value as unknown as EventValue<N>);
    });
  }
}
