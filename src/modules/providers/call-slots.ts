/** Lets so many calls through at once; the others wait in order of arrival. */
export class CallSlots {
  private inUse = 0;
  private readonly waiting: Array<() => void> = [];

  /** @param limit 1 or more */
  constructor(private readonly limit: number) {
    if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`limit must be 1 or more, got ${limit}`);
  }

  /** Whoever has waited gets the slot handed over. @throws the signal's reason when it aborts first */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.inUse < this.limit) {
      this.inUse += 1;
      return;
    }
    await this.waitTurn(signal);
  }

  release(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.inUse -= 1;
  }

  private waitTurn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.waiting.splice(this.waiting.indexOf(onTurn), 1);
        reject(signal.reason as Error);
      };
      const onTurn = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      this.waiting.push(onTurn);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
