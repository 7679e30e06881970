import { Injectable, Logger } from '@nestjs/common';
import { DatabaseConfig } from '../../config/config.js';
import { DedicatedConnection } from '../../database/dedicated-connection.js';

/**
 * The connection of the lanes that reserve and record: model calls must not queue behind what people read.
 *
 * Nobody waits for the disk here. PostgreSQL writes its log in order, so a step's commit, which is waited for, takes the
 * record of its call along. What a crash of the database may take back before that is recorded again: `whenLost`.
 *
 * @see https://www.postgresql.org/docs/current/wal-async-commit.html
 */
@Injectable()
export class UsageConnection extends DedicatedConnection {
  private readonly listeners: Array<() => void> = [];

  constructor({ url }: DatabaseConfig) {
    const logger = new Logger(UsageConnection.name);
    const onLost = (error: Error) => {
      logger.warn({ err: error }, 'A connection was lost');
      for (const listener of this.listeners) listener();
    };
    super({ url, name: 'troupe usage', synchronousCommit: 'off', onLost });
  }

  whenLost(listener: () => void): void {
    this.listeners.push(listener);
  }
}
