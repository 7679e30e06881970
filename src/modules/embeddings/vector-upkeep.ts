import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerConfig } from '../../config/config.js';
import { EmbeddingCallsService } from '../providers/embedding/embedding-calls.service.js';
import { VectorSweep } from './vector-sweep.js';

const NEXT_PAGE_MS = 1_000;
const NEXT_PASS_MS = 60_000;

/** Goes through all texts again and again, in processes with the role `scheduler`, where a model is configured. */
@Injectable()
export class VectorUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(VectorUpkeep.name);
  private readonly stopping = new AbortController();
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly server: ServerConfig,
    private readonly models: EmbeddingCallsService,
    private readonly sweep: VectorSweep,
  ) {}

  onApplicationBootstrap(): void {
    if (this.models.choice && this.server.roles.has('scheduler')) this.work = this.goThrough();
  }

  /** What is under way is waited for. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }

  private async goThrough(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const isThrough = await this.sweep.look().catch((error: unknown) => {
        this.logger.warn({ err: error }, 'It could not be looked for texts without vectors');
        return true;
      });
      const pauseMs = isThrough ? NEXT_PASS_MS : NEXT_PAGE_MS;
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
