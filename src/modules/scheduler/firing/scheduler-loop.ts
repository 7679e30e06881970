import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ServerConfig } from '../../../config/config.js';
import { FireRetention } from './fire-retention.service.js';
import { RunSettling } from './run-settling.service.js';
import { SeparateFiring } from './separate-firing.service.js';
import { TaskFiring } from './task-firing.service.js';
import { Ticker } from '../../../common/time/ticker.js';

/** Well within the second in which a due instant has to fire. */
const TICK_MS = 250;
/** After a tick that failed: the database may be away. */
const REST_MS = 1_000;

/**
 * Looks for what is due, four times a second, in processes with the role `scheduler`, and beside it for runs that have
 * ended. Timers of the process only say when to look; what is due is read off the database's clock.
 */
@Injectable()
export class SchedulerLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SchedulerLoop.name);
  private readonly tickers = [new Ticker(() => this.fire()), new Ticker(() => this.settle())];

  constructor(
    private readonly server: ServerConfig,
    private readonly firing: TaskFiring,
    private readonly separately: SeparateFiring,
    private readonly settling: RunSettling,
    private readonly retention: FireRetention,
  ) {}

  onApplicationBootstrap(): void {
    if (this.server.roles.has('scheduler')) for (const ticker of this.tickers) ticker.start();
  }

  /** A tick under way is a transaction: it is waited for. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.tickers.map((ticker) => ticker.stop()));
  }

  private async fire(): Promise<number> {
    try {
      const { mayBeMore } = await this.firing.fireDue();
      return mayBeMore ? 0 : TICK_MS;
    } catch (error) {
      this.logger.warn({ err: error }, 'What is due could not be fired together; each is fired apart');
      return this.attempt(() => this.separately.fireDue());
    }
  }

  private async settle(): Promise<number> {
    let mayBeMore = false;
    const nextMs = await this.attempt(async () => {
      mayBeMore = await this.settling.settle();
      await this.retention.sweep();
    });
    return mayBeMore ? 0 : nextMs;
  }

  /** @returns when to look again */
  private async attempt(work: () => Promise<void>): Promise<number> {
    try {
      await work();
      return TICK_MS;
    } catch (error) {
      this.logger.error(error, 'The scheduler could not do its work; it tries again');
      return REST_MS;
    }
  }
}
