export interface Flushable {
  flush(): void;
}

const GATHER_MS = 20;

/**
 * When sockets in batch mode send what they have: all together, at the end of this turn of the loop when nothing was
 * sent lately, else 20 ms after the last time.
 */
export class FlushScheduler {
  readonly #due = new Set<Flushable>();
  #lastAt = Number.NEGATIVE_INFINITY;
  #isScheduled = false;

  constructor(private readonly onFlushed: () => void) {}

  schedule(socket: Flushable): void {
    this.#due.add(socket);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const waitMs = this.#lastAt + GATHER_MS - performance.now();
    if (waitMs <= 0) setImmediate(() => this.flush());
    else setTimeout(() => this.flush(), waitMs);
  }

  cancel(socket: Flushable): void {
    this.#due.delete(socket);
  }

  private flush(): void {
    this.#isScheduled = false;
    this.#lastAt = performance.now();
    const due = [...this.#due];
    this.#due.clear();
    for (const socket of due) socket.flush();
    this.onFlushed();
  }
}
