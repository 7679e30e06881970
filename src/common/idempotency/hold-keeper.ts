import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { type Hold, IdempotencyKeys, LEASE_SECONDS } from './idempotency-keys.js';

const PROLONG_EVERY_MS = (LEASE_SECONDS * 1_000) / 3;

/** Keeps the keys of requests that take long, such as those that wait for a run. */
@Injectable()
export class HoldKeeper implements OnModuleDestroy {
  private readonly logger = new Logger(HoldKeeper.name);
  private readonly holds = new Set<Hold>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly keys: IdempotencyKeys) {}

  async keepDuring<T>(hold: Hold, work: () => Promise<T>): Promise<T> {
    this.holds.add(hold);
    this.timer ??= setInterval(() => void this.prolong(), PROLONG_EVERY_MS).unref();
    try {
      return await work();
    } finally {
      this.holds.delete(hold);
    }
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async prolong(): Promise<void> {
    if (this.holds.size === 0) return;
    try {
      await this.keys.prolong([...this.holds]);
    } catch (error) {
      // The lease lasts for two more tries.
      this.logger.warn({ err: error }, 'Prolonging idempotency keys failed');
    }
  }
}
