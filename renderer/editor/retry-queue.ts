import { messageOf } from '../../electron/common/errors.ts';
// Owns sending things one after another, in order, until each has arrived: what fails stays and is tried again. Nothing is dropped but by whoever
// put it there.

export interface RetryOptions {
  /** Waits between tries, in milliseconds; the last repeats. */
  readonly retryDelaysMs?: readonly number[];
}

interface RetryQueueOptions<Item> extends RetryOptions {
  /**
   * Sends one; what it throws is the trouble until a later try succeeds. `triedBefore`: an earlier try may have arrived, and only its answer
   * was lost.
   */
  readonly send: (item: Item, triedBefore: boolean) => Promise<void>;
  /** Waits for something else and is passed over; asked after every try. */
  readonly isHeld?: (item: Item) => boolean;
  readonly onChange: () => void;
}

export class RetryQueue<Item> {
  private readonly options: RetryQueueOptions<Item>;
  private readonly retryDelaysMs: readonly number[];
  private waiting: readonly Item[] = [];
  private running: Promise<void> | null = null;
  private wake: (() => void) | null = null;
  private lastTrouble: string | null = null;

  constructor(options: RetryQueueOptions<Item>) {
    this.options = options;
    this.retryDelaysMs = options.retryDelaysMs ?? [500, 1000, 2000, 5000, 10_000];
  }

  /** What has not arrived, in the order of sending. */
  get items(): readonly Item[] {
    return this.waiting;
  }

  /** Why the last try failed, in words; null where it did not. */
  get trouble(): string | null {
    return this.lastTrouble;
  }

  add(item: Item): void {
    this.waiting = [...this.waiting, item];
    this.start();
    this.options.onChange();
  }

  /** Gives up those that are named. */
  drop(isDropped: (item: Item) => boolean): void {
    this.waiting = this.waiting.filter((item) => !isDropped(item));
  }

  /** Tries at once instead of waiting for the next turn. */
  retryNow(): void {
    this.wake?.();
    this.start();
  }

  /** Settles when nothing can be sent any more: everything has arrived, or what is left is held. */
  async whenSettled(): Promise<void> {
    while (this.running) await this.running;
  }

  private start(): void {
    this.running ??= this.run().finally(() => {
      this.running = null;
      // Something that could be sent arrived after the last look.
      if (this.next()) this.start();
      this.options.onChange();
    });
  }

  private next(): Item | undefined {
    return this.waiting.find((item) => !this.options.isHeld?.(item));
  }

  private async run(): Promise<void> {
    let failures = 0;
    for (let item = this.next(); item; item = this.next()) {
      const sent = item;
      try {
        await this.options.send(sent, failures > 0);
        if (!this.options.isHeld?.(sent)) this.remove(sent);
        failures = 0;
        this.lastTrouble = null;
      } catch (error) {
        this.lastTrouble = messageOf(error);
        this.options.onChange();
        await this.pause(this.retryDelaysMs[Math.min(failures, this.retryDelaysMs.length - 1)]);
        failures += 1;
      }
      this.options.onChange();
    }
  }

  /** The first of it: the same may have been put there again meanwhile. */
  private remove(sent: Item): void {
    const index = this.waiting.indexOf(sent);
    if (index >= 0) this.waiting = this.waiting.toSpliced(index, 1);
  }

  private async pause(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
  }
}
