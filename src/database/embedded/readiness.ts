import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

/** PostgreSQL's code for a database that does not exist. */
const INVALID_CATALOG_NAME = '3D000';

/**
 * Waits until the database answers; on the first start it is created first.
 *
 * @param mayGoOn asked before each attempt; false ends the waiting
 * @returns whether the database answers
 */
export async function waitUntilReady(url: string, mayGoOn: () => boolean): Promise<boolean> {
  while (mayGoOn()) {
    const failure = await tryQuery(url, 'SELECT 1');
    if (failure === undefined) return true;
    if (failure === INVALID_CATALOG_NAME) await createDatabase(url);
    else await sleep(20);
  }
  return false;
}

async function createDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  await tryQuery(maintenance.href, `CREATE DATABASE "${name}"`);
}

/** @returns the code of the failure, undefined when there was none */
async function tryQuery(url: string, sql: string): Promise<string | undefined> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined); // the server went away: the query below tells
  try {
    await client.connect();
    await client.query(sql);
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? 'unknown';
  } finally {
    await client.end().catch(() => undefined);
  }
}
