import { BatchRefusedError } from './errors.js';
import type { Clock } from './ports/clock.js';
import type { NewRun, RunQueue } from './ports/run-queue.js';

interface Waiting {
  readonly run: NewRun;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const MAX_BATCH = 256;

/** Inserts root runs: those that gathered while the previous insert was under way go out as one. */
export class RunCreator {
  private waiting: Waiting[] = [];
  private isBusy = false;

  constructor(
    private readonly queue: RunQueue,
    private readonly clock: Clock,
    private readonly onCreated: () => void,
  ) {}

  create(run: NewRun): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.waiting.push({ run, resolve, reject });
    if (!this.isBusy) {
      this.isBusy = true;
      this.clock.defer(() => void this.flushAll());
    }
    return promise;
  }

  private async flushAll(): Promise<void> {
    while (this.waiting.length > 0) await this.flush(this.waiting.splice(0, MAX_BATCH));
    this.isBusy = false;
  }

  private async flush(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.queue.create(batch.map(({ run }) => run));
      for (const { resolve } of batch) resolve();
      this.onCreated();
    } catch (error) {
      // One of them is at fault: each for itself. Anything else would befall each of them again, one after the other.
      if (error instanceof BatchRefusedError && batch.length > 1) for (const one of batch) await this.flush([one]);
      else for (const { reject } of batch) reject(error);
    }
  }
}
