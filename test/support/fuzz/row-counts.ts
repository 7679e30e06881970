import { executeSql } from '../execute-sql.js';

/** Counting failed sign-ins is what these are for. */
const CHANGING: ReadonlySet<string> = new Set(['attempt_counts']);
const TABLES = `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;

/** How many rows each table has. */
export async function rowCounts(databaseUrl: string): Promise<Record<string, number>> {
  const tables = (await executeSql<{ name: string }>(databaseUrl, TABLES)).filter(({ name }) => !CHANGING.has(name));
  const counts = tables.map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS rows FROM "${name}"`);
  const rows = await executeSql<{ name: string; rows: number }>(databaseUrl, counts.join(' UNION ALL '));
  return Object.fromEntries(rows.map(({ name, rows: count }) => [name, count]));
}
