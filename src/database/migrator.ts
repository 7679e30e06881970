import { DataSource } from 'typeorm';
import { commonOptions, MIGRATION_FILES } from './data-source-options.js';

/** Any number, as long as nothing else in the database locks on it. */
const MIGRATION_LOCK = 7_309_451_118;

/**
 * Brings the schema up to date. Processes that start together wait for the first one.
 *
 * @returns the names of the migrations that were applied
 */
export async function migrate(url: string): Promise<string[]> {
  const dataSource = await new DataSource({ ...commonOptions(url, 2), migrations: [MIGRATION_FILES] }).initialize();
  try {
    return await underLock(dataSource, async () => {
      const applied = await dataSource.runMigrations({ transaction: 'each' });
      return applied.map(({ name }) => name);
    });
  } finally {
    await dataSource.destroy();
  }
}

/** The lock belongs to the connection: it goes when the data source is closed, or when we end in any other way. */
async function underLock<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  const holder = dataSource.createQueryRunner();
  try {
    await holder.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await work();
  } finally {
    await holder.release();
  }
}
