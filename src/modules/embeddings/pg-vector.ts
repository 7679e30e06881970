import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { VectorExtension } from '../../common/vectors/vector-extension.js';
import { isMissingInDatabase } from '../execution/pg-failures.js';
import { EmbeddingCallsService } from '../providers/embedding/embedding-calls.service.js';

/** Wherever it is, in a schema of its own too, unless it is kept from us. */
const FIND = `SELECT extnamespace::regnamespace::text AS schema FROM pg_extension
  WHERE extname = 'vector' AND has_schema_privilege(extnamespace, 'USAGE')`;
const IS_AVAILABLE = `SELECT FROM pg_available_extensions WHERE name = 'vector' AND installed_version IS NULL`;

/** The extension `vector`: looked for at the start, and installed where we may. What is not there is done without. */
@Injectable()
export class PgVector implements OnApplicationBootstrap, VectorExtension {
  private readonly logger = new Logger(PgVector.name);
  private found: string | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly models: EmbeddingCallsService,
  ) {}

  get schema(): string | undefined {
    return this.found;
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.models.choice) return;
    await this.installIfAvailable();
    const [extension] = await this.database.query<{ schema: string }[]>(FIND);
    this.found = extension?.schema;
  }

  isLostBy(error: unknown): boolean {
    if (!isMissingInDatabase(error)) return false;
    this.found = undefined;
    this.logger.warn({ err: error }, 'The extension vector is gone: vectors are compared in the server');
    return true;
  }

  private async installIfAvailable(): Promise<void> {
    if ((await this.database.query<unknown[]>(IS_AVAILABLE)).length === 0) return;
    try {
      await this.database.query('CREATE EXTENSION IF NOT EXISTS vector');
    } catch (error) {
      this.logger.warn({ err: error }, 'The extension vector could not be installed');
    }
  }
}
