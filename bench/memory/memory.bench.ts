import { BenchDatabase } from '../support/bench-database.js';
import { withCleanUp } from '../support/clean-up.js';
import { median } from '../support/median.js';
import type { BenchOptions } from '../support/options.js';
import { printTable } from '../support/table.js';
import { MemorySite } from './memory-site.js';
import { sayings } from './sayings.js';

const ITEMS_OF_USER = 1_000;
const SIZES = [10_000, 100_000];
const QUESTIONS = 300;
/** Users that are filled at once. */
const AT_ONCE = 3;

/** Recall in memories of so many items, of a thousand each: `--at 10000,100000,1000000` for these sizes. */
export async function run({ quick, at }: BenchOptions): Promise<void> {
  await withCleanUp(async (onEnd) => {
    const database = await BenchDatabase.start();
    onEnd(() => database.stop());
    const site = await MemorySite.open(database.url);
    onEnd(() => site.close());
    const users: string[] = [];
    const rows: (string | number)[][] = [];
    for (const size of quick ? [2_000] : (at ?? SIZES)) {
      await grow(site, users, size);
      const { ms, serverCpuMs, databaseCpuMs } = await ask(site, database, users, quick ? 10 : QUESTIONS);
      const p95 = ms.toSorted((a, b) => a - b)[Math.floor(ms.length * 0.95)] ?? Number.NaN;
      rows.push([size.toLocaleString('en'), median(ms), p95, serverCpuMs, databaseCpuMs]);
    }
    const columns = ['items', 'p50 ms', 'p95 ms', 'server CPU ms', 'database CPU ms'];
    printTable(`Recall, ${ITEMS_OF_USER} items of a user, one question at a time`, columns, rows);
  });
}

/** Without the text index, which is made anew afterwards: that is many times as quick. */
async function grow(site: MemorySite, users: string[], size: number): Promise<void> {
  const [index] = await site.database.query<[{ indexdef: string }]>(
    `SELECT indexdef FROM pg_indexes WHERE indexname = 'memory_items_search_idx'`,
  );
  await site.database.query('DROP INDEX memory_items_search_idx');
  const missing = Math.ceil(size / ITEMS_OF_USER) - users.length;
  for (let done = 0; done < missing; done += AT_ONCE) {
    const seeds = Array.from({ length: Math.min(AT_ONCE, missing - done) }, (_, at) => users.length + at);
    users.push(...(await Promise.all(seeds.map((seed) => fill(site, seed)))));
  }
  await site.database.query(index.indexdef);
  await site.database.query('VACUUM ANALYZE memory_items');
}

async function fill(site: MemorySite, seed: number): Promise<string> {
  const userId = await site.addUser();
  const fields = sayings(seed, ITEMS_OF_USER).map((content, turn) => ({
    kind: 'fragment' as const,
    content,
    metadata: {
      speaker: turn % 2 ? 'Ada' : 'Grace',
      session_id: `${userId} ${Math.floor(turn / 20)}`,
      turn: turn % 20,
    },
  }));
  await site.remember(userId, fields);
  return userId;
}

interface Asked {
  readonly ms: readonly number[];
  /** Of one question. */
  readonly serverCpuMs: number;
  readonly databaseCpuMs: number;
}

/** The first half only warms up. */
async function ask(site: MemorySite, database: BenchDatabase, users: readonly string[], count: number): Promise<Asked> {
  await askAll(site, users, 0, count);
  const [cpu, databaseCpuMs] = [process.cpuUsage(), database.cpuMs];
  const ms = await askAll(site, users, count, count);
  const { user, system } = process.cpuUsage(cpu);
  return {
    ms,
    serverCpuMs: (user + system) / 1_000 / count,
    databaseCpuMs: (database.cpuMs - databaseCpuMs) / count,
  };
}

async function askAll(site: MemorySite, users: readonly string[], from: number, count: number): Promise<number[]> {
  const found: number[] = [];
  for (let at = from; at < from + count; at += 1) {
    const userId = users[(at * 7_919) % users.length] ?? '';
    const q = `When did Ada talk about the ${sayings(at + 1_000_000, 1)[0]}?`;
    const start = performance.now();
    await site.search.search(userId, { q, limit: 10 });
    found.push(performance.now() - start);
  }
  return found;
}
