/** A bounded number of places, given out in the order they were asked for. */
export class Slots {
  private free: number;
  private readonly waiting: Array<() => void> = [];

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
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
