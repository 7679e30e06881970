import { DataSource, type EntityManager } from 'typeorm';
import { commonOptions } from '../../src/database/data-source-options.js';
import type { MakeStores, Stores } from '../../src/engine/testing/stores.js';
import { ExecutionConnections } from '../../src/modules/execution/execution-connections.js';
import { PgBlobStore } from '../../src/modules/execution/pg-blob-store.js';
import { PgJournal } from '../../src/modules/execution/pg-journal.js';
import { PgRunQueue } from '../../src/modules/execution/pg-run-queue.js';
import { createTestDatabase } from './test-database.js';

const TABLES =
  'streams, event_logs, runs, run_control, workers, run_signals, run_blobs, queue_owners, concurrency_keys';

export interface StoreHouse {
  readonly url: string;
  readonly dataSource: DataSource;
  /** Stores with connections of their own, as another process has them. */
  openStores(): Stores;
  /** Stores of one database, emptied each time. */
  readonly makeStores: MakeStores;
  /** Cuts connections of that name that are in the middle of a statement. Answers how many. */
  terminate(manager: EntityManager, name: string): Promise<number>;
  close(): Promise<void>;
}

const TERMINATE = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = $1 AND wait_event_type = 'Lock'`;

/** The PostgreSQL adapters on a database of their own. */
export async function openStoreHouse(): Promise<StoreHouse> {
  const database = await createTestDatabase();
  const dataSource = await new DataSource(commonOptions(database.url, 8)).initialize();
  const opened: ExecutionConnections[] = [];
  const openStores = (): Stores => {
    const connections = new ExecutionConnections(database.url);
    opened.push(connections);
    return {
      journal: new PgJournal({ lane: connections.lane, reads: connections.claims, dataSource }),
      queue: new PgRunQueue(connections),
      blobs: new PgBlobStore(dataSource),
      close: async () => undefined,
    };
  };
  const shared = openStores();
  return {
    url: database.url,
    dataSource,
    terminate: async (manager, name) => (await manager.query<unknown[]>(TERMINATE, [name])).length,
    openStores,
    makeStores: async () => {
      await dataSource.query(`TRUNCATE ${TABLES} RESTART IDENTITY`);
      return shared;
    },
    close: async () => {
      await Promise.all(opened.map((connections) => connections.close()));
      await dataSource.destroy();
      await database.drop();
    },
  };
}
