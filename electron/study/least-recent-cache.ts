// Owns a cache of loaded values that forgets the least recently used ones beyond a budget, and loads a value once however often it is asked for.

export class LeastRecentCache<K, V> {
  readonly #budget: number;
  readonly #costOf: (value: V) => number;
  /** In order of use, the latest last. */
  readonly #entries = new Map<K, { readonly value: Promise<V>; cost: number }>();
  #cost = 0;

  constructor(budget: number, costOf: (value: V) => number) {
    this.#budget = budget;
    this.#costOf = costOf;
  }

  /** The kept value, or what `load` gives; a failure is passed on and not kept. */
  load(key: K, load: () => Promise<V>): Promise<V> {
    const known = this.#entries.get(key);
    if (known) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.value;
    }
    const entry = { value: this.#keep(key, load), cost: 0 };
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** The value if it is kept or on its way. Does not count as use. */
  peek(key: K): Promise<V> | null {
    return this.#entries.get(key)?.value ?? null;
  }

  async #keep(key: K, load: () => Promise<V>): Promise<V> {
    try {
      const value = await load();
      const entry = this.#entries.get(key);
      if (entry) {
        entry.cost = this.#costOf(value);
        this.#cost += entry.cost;
        this.#shrink();
      }
      return value;
    } catch (error) {
      this.#entries.delete(key);
      throw error;
    }
  }

  #shrink(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#cost <= this.#budget || this.#entries.size === 1) return;
      // A value that is still loading has no cost yet and stays.
      if (entry.cost === 0) continue;
      this.#entries.delete(key);
      this.#cost -= entry.cost;
    }
  }
}
