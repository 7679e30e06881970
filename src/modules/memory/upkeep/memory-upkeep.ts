import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerConfig } from '../../../config/config.js';
import { MemoryRetention } from './memory-retention.js';
import { StaleRebuilds } from './stale-rebuilds.js';

const LOOK_MS = 1_000;
const RETENTION_MS = 3_600_000;

/** Looks after memory, in processes with the role `scheduler`: once a second for stale summaries, once an hour for what is old. */
@Injectable()
export class MemoryUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(MemoryUpkeep.name);
  private readonly stopping = new AbortController();
  private work: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly server: ServerConfig,
    private readonly rebuilds: StaleRebuilds,
    private readonly retention: MemoryRetention,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.server.roles.has('scheduler')) return;
    const rebuilding = this.every(LOOK_MS, () => this.rebuilds.start());
    const removing = this.every(RETENTION_MS, () => this.retention.apply());
    this.work = Promise.all([rebuilding, removing]);
  }

  /** What is under way is waited for. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }

  private async every(pauseMs: number, look: () => Promise<unknown>): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await look().catch((error: unknown) => this.logger.warn({ err: error }, 'Memory could not be looked after'));
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
