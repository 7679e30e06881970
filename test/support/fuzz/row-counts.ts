import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { executeSql } from '../execute-sql.js';

/** Counting failed sign-ins is what the first is for. Keys that nobody needs any more are removed by the way. */
const CHANGING: ReadonlySet<string> = new Set(['attempt_counts', 'concurrency_keys']);
const QUIET_MS = 30;
/** What has not come to an end by then does not. */
const MAX_LOOKS = 50;
const AT_WORK = `SELECT count(*)::int AS runs FROM run_control WHERE status IN ('queued', 'running')`;
const TABLES = `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;

/** How many rows each table has. */
export async function rowCounts(databaseUrl: string): Promise<Record<string, number>> {
  const tables = (await executeSql<{ name: string }>(databaseUrl, TABLES)).filter(({ name }) => !CHANGING.has(name));
  const counts = tables.map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS rows FROM "${name}"`);
  const rows = await executeSql<{ name: string; rows: number }>(databaseUrl, counts.join(' UNION ALL '));
  return Object.fromEntries(rows.map(({ name, rows: count }) => [name, count]));
}

/** The same once nothing goes on any more: runs of what came before still write their events, also those that wait in line. */
export async function settledRowCounts(databaseUrl: string): Promise<Record<string, number>> {
  let counts = await rowCounts(databaseUrl);
  for (let looks = 1; ; looks += 1) {
    await sleep(QUIET_MS);
    const next = await rowCounts(databaseUrl);
    const isQuiet = isDeepStrictEqual(counts, next) && !(await isAnyAtWork(databaseUrl));
    if (isQuiet || looks > MAX_LOOKS) return next;
    counts = next;
  }
}

async function isAnyAtWork(databaseUrl: string): Promise<boolean> {
  const [row] = await executeSql<{ runs: number }>(databaseUrl, AT_WORK);
  return (row?.runs ?? 0) > 0;
}
