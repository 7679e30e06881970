import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { executeSql } from '../execute-sql.js';

/** Counting failed sign-ins is what these are for. */
const CHANGING: ReadonlySet<string> = new Set(['attempt_counts']);
const QUIET_MS = 30;
const TABLES = `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;

/** How many rows each table has. */
export async function rowCounts(databaseUrl: string): Promise<Record<string, number>> {
  const tables = (await executeSql<{ name: string }>(databaseUrl, TABLES)).filter(({ name }) => !CHANGING.has(name));
  const counts = tables.map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS rows FROM "${name}"`);
  const rows = await executeSql<{ name: string; rows: number }>(databaseUrl, counts.join(' UNION ALL '));
  return Object.fromEntries(rows.map(({ name, rows: count }) => [name, count]));
}

/** The same once nothing goes on any more: runs of what came before still write their events. */
export async function settledRowCounts(databaseUrl: string): Promise<Record<string, number>> {
  let counts = await rowCounts(databaseUrl);
  for (;;) {
    await sleep(QUIET_MS);
    const next = await rowCounts(databaseUrl);
    if (isDeepStrictEqual(counts, next)) return counts;
    counts = next;
  }
}
