const MILLIS_PER_SECOND = 1_000;

/** A token bucket: `perSecond` messages on average, twice as many at once. */
export class MessageRate {
  #tokens: number;
  #at: number;

  constructor(
    readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#tokens = perSecond * 2;
    this.#at = now();
  }

  take(): boolean {
    const at = this.now();
    this.#tokens = Math.min(this.perSecond * 2, this.#tokens + ((at - this.#at) / MILLIS_PER_SECOND) * this.perSecond);
    this.#at = at;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
