import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Ticker } from '../../common/time/ticker.js';
import { ServerConfig } from '../../config/config.js';
import { OrphanedTurns } from './messages/orphaned-turns.service.js';
import { TriggerFiring } from './triggers/trigger-firing.service.js';

const TICK_MS = 250;
/** After a tick that failed: the database may be away. */
const REST_MS = 1_000;

/**
 * Looks, in processes with the role `scheduler`, for agents that are to speak unasked and for turns whose run ended
 * without them. Timers of the process only say when to look; what is due is read off the database's clock.
 */
@Injectable()
export class RoomsLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RoomsLoop.name);
  private readonly ticker = new Ticker(() => this.look());

  constructor(
    private readonly server: ServerConfig,
    private readonly triggers: TriggerFiring,
    private readonly turns: OrphanedTurns,
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
      await this.turns.end();
      return (await this.triggers.fireDue()) ? 0 : TICK_MS;
    } catch (error) {
      this.logger.error(error, 'Groups could not be looked after; it is tried again');
      return REST_MS;
    }
  }
}
