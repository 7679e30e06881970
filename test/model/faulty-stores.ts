import { BatchRefusedError, CommitUnknownError } from '../../src/engine/errors.js';
import type { BlobStore } from '../../src/engine/ports/blob-store.js';
import type { Journal, RunAppend } from '../../src/engine/ports/journal.js';
import type { RunQueue } from '../../src/engine/ports/run-queue.js';
import type { InMemoryStores } from '../../src/engine/testing/in-memory-stores.js';
import type { Random } from './random.js';
import type { SimClock, SimTime } from './sim-clock.js';
import { POISON } from './sim-program.js';

/** How often the way to the database fails. Shared by all workers, turned off when the chaos ends. */
export interface Weather {
  /** Probability that a request never arrives. */
  lostRequest: number;
  /** Probability that it is carried out and its answer never arrives. */
  lostAnswer: number;
  /** The database is away until this instant. */
  awayUntilMs: number;
}

/**
 * What one worker sees of the stores: requests and answers take time, get lost, and a batch with a poisoned row is
 * refused as a whole. The request travels by simulated time, the answer by the worker's clock, so that a frozen worker
 * hears nothing and a dead one never does, while what it sent may still be carried out.
 */
export class FaultyStores {
  readonly journal: Journal;
  readonly queue: RunQueue;
  readonly blobs: BlobStore;

  constructor(
    private readonly real: InMemoryStores,
    private readonly time: SimTime,
    private readonly clock: SimClock,
    private readonly random: Random,
    private readonly weather: Weather,
  ) {
    this.journal = this.wrap(real.journal, {
      append: (batch: readonly RunAppend[]) => this.call(() => this.append(batch), CommitUnknownError),
      transact: (...args: Parameters<Journal['transact']>) =>
        this.call(() => this.real.journal.transact(...args), CommitUnknownError),
    });
    this.queue = this.wrap(real.queue, {});
    this.blobs = this.wrap(real.blobs, {});
  }

  private wrap<T extends object>(target: T, own: Partial<Record<keyof T, unknown>>): T {
    return new Proxy(target, {
      get: (_, name) => {
        const override = own[name as keyof T];
        if (override !== undefined) return override;
        const method = target[name as keyof T];
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => this.call(() => method.apply(target, args) as Promise<unknown>, Error);
      },
    });
  }

  private async append(batch: readonly RunAppend[]) {
    if (batch.some(({ rows }) => rows.some(({ record }) => record?.includes(POISON)))) {
      throw new BatchRefusedError('A row of the batch is poisoned');
    }
    return this.real.journal.append(batch);
  }

  private call<T>(request: () => Promise<T>, Lost: new (message: string) => Error): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const answer = (settle: () => void) => void this.clock.setTimer(this.random.int(0, 8), settle);
    this.time.schedule(this.random.int(0, 8), () => {
      const isAway = this.time.nowMs < this.weather.awayUntilMs || this.random.chance(this.weather.lostRequest);
      if (isAway) return answer(() => reject(new Lost('the request was lost')));
      const isUnheard = this.random.chance(this.weather.lostAnswer);
      request().then(
        (value) => answer(() => (isUnheard ? reject(new Lost('the answer was lost')) : resolve(value))),
        (error: unknown) => answer(() => reject(error)),
      );
    });
    return promise;
  }
}
