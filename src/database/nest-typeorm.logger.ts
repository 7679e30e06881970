import { Logger } from '@nestjs/common';
import type { Logger as TypeormLogger } from 'typeorm';

/** Sends what TypeORM has to say (a lost idle connection, above all) to the log of the application. */
export class NestTypeormLogger implements TypeormLogger {
  private readonly logger = new Logger('TypeORM');

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    if (level === 'warn') this.logger.warn(message);
    else this.logger.debug(message);
  }

  /** Whoever asked gets the error itself. */
  logQueryError(): void {}

  logQuery(): void {}

  logQuerySlow(timeMs: number, query: string): void {
    this.logger.warn(`Slow query (${timeMs} ms): ${query}`);
  }

  logSchemaBuild(): void {}

  logMigration(): void {}
}
