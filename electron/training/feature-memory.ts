// Owns what a frozen encoder has made of the latest samples: as many as there is room for, the oldest replaced first.
import type { Random } from '../nn/random.ts';

/** Tensors by name, of one length for each sample. */
export type SampleTensors = Readonly<Record<string, Float32Array>>;

export class FeatureMemory {
  private readonly capacity: number;
  private readonly kept = new Map<string, { readonly size: number; readonly data: Float32Array }>();
  private written = 0;

  /** sizes: numbers of one sample by tensor name. capacity: samples. */
  constructor(sizes: Readonly<Record<string, number>>, capacity: number) {
    this.capacity = capacity;
    for (const [name, size] of Object.entries(sizes)) {
      this.kept.set(name, { size, data: new Float32Array(size * capacity) });
    }
  }

  /** Samples at hand. */
  get count(): number {
    return Math.min(this.written, this.capacity);
  }

  /** tensors: every name, `count` samples one after the other. */
  put(tensors: SampleTensors, count: number): void {
    for (let sample = 0; sample < count; sample += 1) {
      const slot = (this.written + sample) % this.capacity;
      for (const [name, { size, data }] of this.kept) {
        data.set(tensors[name].subarray(sample * size, (sample + 1) * size), slot * size);
      }
    }
    this.written += count;
  }

  /** Samples at random, none twice unless more are asked for than there are. Throws on an empty memory. */
  draw(count: number, random: Random): Record<string, Float32Array> {
    if (this.count === 0) throw new Error('Nothing is remembered to draw from.');
    const slots = drawWithoutRepeats(this.count, count, random);
    return Object.fromEntries(
      [...this.kept].map(([name, { size, data }]) => {
        const drawn = new Float32Array(size * count);
        slots.forEach((slot, index) => drawn.set(data.subarray(slot * size, (slot + 1) * size), index * size));
        return [name, drawn];
      }),
    );
  }
}

/** `count` of the numbers below `limit`, in random order; all of them before any comes again. */
function drawWithoutRepeats(limit: number, count: number, random: Random): number[] {
  const drawn: number[] = [];
  let left = new Set<number>();
  while (drawn.length < count) {
    if (left.size === 0) left = new Set(Array.from({ length: limit }, (_, index) => index));
    const next = Math.floor(random.next() * limit);
    if (left.delete(next)) drawn.push(next);
  }
  return drawn;
}
