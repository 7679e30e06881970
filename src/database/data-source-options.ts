import { fileURLToPath } from 'node:url';
import type { DataSourceOptions } from 'typeorm';
import { PooledClient } from './pooled-client.js';
import { SnakeNamingStrategy } from './snake-naming.strategy.js';

/** Run from the build these files end in .js; under the tests the sources themselves are loaded. */
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** By pattern, because a list kept by hand forgets silently. */
export const ENTITY_FILES = fromRoot(`src/**/*.entity.${EXTENSION}`);
export const MIGRATION_FILES = fromRoot(`migrations/*.${EXTENSION}`);

export const MIGRATIONS_TABLE = 'migrations';

/** A process that stands still in the middle of a transaction must not hold up the others for longer. */
const IDLE_IN_TRANSACTION_MS = 10_000;

export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

function fromRoot(pattern: string): string {
  return fileURLToPath(new URL('../../', import.meta.url)).replaceAll('\\', '/') + pattern;
}

/**
 * What every data source of ours has in common.
 *
 * Extensions are not installed: no migration may need one. TypeORM then still asks for one of two extensions to make
 * uuids with, of which `pgcrypto` stands for `gen_random_uuid()`, which is built in.
 */
export function commonOptions(url: string, poolSize: number): PostgresOptions {
  return {
    type: 'postgres',
    url,
    poolSize,
    namingStrategy: new SnakeNamingStrategy(),
    synchronize: false,
    migrationsRun: false,
    migrationsTableName: MIGRATIONS_TABLE,
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    logging: false,
    applicationName: 'troupe',
    connectTimeoutMS: 5_000,
    extra: { Client: PooledClient, idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS },
  };
}
