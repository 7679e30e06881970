import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Ticker } from '../../common/time/ticker.js';
import { ServerConfig } from '../../config/config.js';
import { SwarmStanding } from './swarm-standing.service.js';

const TICK_MS = 500;
/** After a tick that failed: the database may be away. */
const REST_MS = 1_000;

/** Looks, in processes with the role `scheduler`, for swarms that were paused or ended by others than their project. */
@Injectable()
export class SwarmsLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SwarmsLoop.name);
  private readonly ticker = new Ticker(() => this.look());

  constructor(
    private readonly server: ServerConfig,
    private readonly standing: SwarmStanding,
  ) {}

  onApplicationBootstrap(): void {
    if (this.server.roles.has('scheduler')) this.ticker.start();
  }

  /** A look under way is waited for. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.ticker.stop();
  }

  private async look(): Promise<number> {
    try {
      await this.standing.tellAll();
      return TICK_MS;
    } catch (error) {
      this.logger.error(error, 'Swarms could not be looked after; it is tried again');
      return REST_MS;
    }
  }
}
