interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export interface BatchLaneOptions<T, R> {
  /** Carries out all items, or none. One result per item. */
  readonly flush: (items: readonly T[]) => Promise<readonly R[]>;
  /** Whether the failure is the fault of some item: then each is tried alone, and only the bad one fails. */
  readonly isFaultOfItem: (error: unknown) => boolean;
  /** Default 256. */
  readonly maxItems?: number;
}

/**
 * Group commit: what gathers while one flush is under way goes out as the next. There is no timer, so an idle lane
 * flushes at once.
 */
export class BatchLane<T, R> {
  private waiting: Waiting<T, R>[] = [];
  private isFlushing = false;

  constructor(private readonly options: BatchLaneOptions<T, R>) {}

  push(item: T): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.isFlushing) return;
      this.isFlushing = true;
      queueMicrotask(() => void this.flushAll());
    });
  }

  private async flushAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.options.maxItems ?? 256);
      await this.flush(batch);
    }
    this.isFlushing = false;
  }

  private async flush(batch: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.options.flush(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as R); // one per item, by contract
    } catch (error) {
      if (batch.length > 1 && this.options.isFaultOfItem(error)) await this.flushOneByOne(batch);
      else for (const { reject } of batch) reject(error);
    }
  }

  private async flushOneByOne(batch: readonly Waiting<T, R>[]): Promise<void> {
    for (const waiting of batch) await this.flush([waiting]);
  }
}
