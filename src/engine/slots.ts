/** A bounded number of places, given out in the order they were asked for. */
export class Slots {
  private free: number;
  private isGivingOut = false;
  /** Read from `head`: `shift` would move all that is behind, for each that leaves. */
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
    this.waiting.push(fn);
    this.giveOut();
  }

  release(): void {
    this.free += 1;
    this.giveOut();
  }

  /** A loop and no recursion: thousands may give their place back as soon as they get it, as those of a cancelled run. */
  private giveOut(): void {
    if (this.isGivingOut) return;
    this.isGivingOut = true;
    try {
      while (this.free > 0 && this.head < this.waiting.length) this.giveNext();
    } finally {
      this.isGivingOut = false;
    }
  }

  private giveNext(): void {
    this.free -= 1;
    this.takeWaiting()?.();
  }

  private takeWaiting(): (() => void) | undefined {
    const next = this.waiting[this.head];
    this.head += 1;
    if (this.head * 2 < this.waiting.length) return next;
    this.waiting.splice(0, this.head);
    this.head = 0;
    return next;
  }
}
