import { DataSource } from 'typeorm';
import { commonOptions } from '../../src/database/data-source-options.js';
import type { MakeStores } from '../../src/engine/testing/stores.js';
import { ExecutionConnections } from '../../src/modules/execution/execution-connections.js';
import { PgBlobStore } from '../../src/modules/execution/pg-blob-store.js';
import { PgJournal } from '../../src/modules/execution/pg-journal.js';
import { PgRunQueue } from '../../src/modules/execution/pg-run-queue.js';
import { createTestDatabase } from './test-database.js';

const TABLES =
  'streams, event_logs, runs, run_control, workers, run_signals, run_blobs, queue_owners, concurrency_keys';

export interface StoreHouse {
  readonly dataSource: DataSource;
  /** Stores of one database, emptied each time. */
  readonly makeStores: MakeStores;
  close(): Promise<void>;
}

/** The PostgreSQL adapters on a database of their own. */
export async function openStoreHouse(): Promise<StoreHouse> {
  const database = await createTestDatabase();
  const dataSource = await new DataSource(commonOptions(database.url, 4)).initialize();
  const connections = new ExecutionConnections(database.url);
  const { lane, claims } = connections;
  const stores = {
    journal: new PgJournal({ lane, reads: claims, dataSource }),
    queue: new PgRunQueue(connections),
    blobs: new PgBlobStore(dataSource),
    close: async () => undefined,
  };
  return {
    dataSource,
    makeStores: async () => {
      await dataSource.query(`TRUNCATE ${TABLES} RESTART IDENTITY`);
      return stores;
    },
    close: async () => {
      await connections.close();
      await dataSource.destroy();
      await database.drop();
    },
  };
}
