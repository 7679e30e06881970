/** A bounded number of places, given out in the order they were asked for. */
export class Slots {
  private free: number;
  /** A queue read from `head`: `shift` would move all that is behind, for each that leaves. */
  private readonly waiting: Array<() => void> = [];
  private head = 0;

  /** @param size at least 1 */
  constructor(readonly size: number) {
    if (!Number.isInteger(size) || size < 1) throw new RangeError(`slots must be a whole number from 1, got ${size}`);
    this.free = size;
  }

  get inUse(): number {
    return this.size - this.free;
  }

  /** Calls `fn` at once when a place is free, else when one becomes free. Each call of `fn` owes one `release`. */
  acquire(fn: () => void): void {
    if (this.free === 0) {
      this.waiting.push(fn);
      return;
    }
    this.free -= 1;
    fn();
  }

  release(): void {
    const next = this.takeWaiting();
    if (next) next();
    else this.free += 1;
  }

  private takeWaiting(): (() => void) | undefined {
    const next = this.waiting[this.head];
    if (next === undefined) return undefined;
    this.head += 1;
    if (this.head * 2 < this.waiting.length) return next;
    this.waiting.splice(0, this.head);
    this.head = 0;
    return next;
  }
}
