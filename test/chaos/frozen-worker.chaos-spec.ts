import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, onTestFailed } from 'vitest';
import { Random } from '../model/random.js';
import { findFaults } from '../support/chaos/audit.js';
import { Load } from '../support/chaos/load.js';
import { readEndedRuns, type RunReport } from '../support/chaos/run-report.js';
import { Site, type SiteServer } from '../support/chaos/site.js';
import { until } from '../support/chaos/until.js';
import { executeSql } from '../support/execute-sql.js';

const ENDED_WITHIN_MS = 30_000;
const GRACE_MS = 5_000;
const AT_WORK_WITHIN_MS = 5_000;
const ROUNDS = 2;

const seeds = Array.from({ length: ROUNDS }, (_, index) => inject('chaosSeed') + index);

interface Frozen {
  /** Runs that the frozen worker held. */
  readonly held: readonly string[];
  readonly at: number;
  readonly thawedAt: number;
  /** When the other worker was ready. */
  readonly readyAt: number;
}

describe('two workers on one database, one frozen past its lease', () => {
  let site: Site;
  let api: SiteServer;
  let frozen: SiteServer;
  let other: SiteServer | undefined;

  beforeAll(async () => {
    site = await Site.start();
    api = await site.startServer('api', { ROLES: 'api' });
    frozen = await site.startServer('worker', { ROLES: 'worker' });
  });
  afterAll(() => site?.stop());

  /** Each test begins with the one worker that it freezes. */
  afterEach(async () => {
    other?.process.signal('SIGTERM');
    await other?.process.exited;
    other = undefined;
  });

  /** Ids of the runs that some worker holds. */
  async function heldRuns(): Promise<string[]> {
    const sql = 'SELECT run_id FROM run_control WHERE worker_id IS NOT NULL';
    const rows = await executeSql<{ run_id: string }>(site.database.url, sql);
    return rows.map((row) => row.run_id);
  }

  /** On a busy machine the worker may take a while to begin. */
  async function untilAtWork(): Promise<void> {
    await until('the worker holds runs', AT_WORK_WITHIN_MS, async () => (await heldRuns()).length > 0 || undefined);
  }

  /** Freezes the only worker amid its runs, starts another, thaws the first about when the lease is over. */
  async function freeze(load: Load, random: Random): Promise<Frozen> {
    await load.start({ runs: 24, overMs: 600, paces: ['steady', 'slow'] });
    await untilAtWork();
    frozen.process.signal('SIGSTOP');
    const at = Date.now();
    const held = await heldRuns();
    other = await site.startServer('worker', { ROLES: 'worker' });
    await sleep(Math.max(0, at + site.leaseMs + random.int(-200, 1_500) - Date.now()));
    const thawedAt = Date.now();
    frozen.process.signal('SIGCONT');
    return { held, at, thawedAt, readyAt: other.readyAt };
  }

  it.each(seeds)('the other takes over and the thawed one cannot write, seed %i', async (seed) => {
    onTestFailed(() => site.printLogs());
    const random = new Random(seed);
    await site.models.clear();
    const load = await Load.signIn(api.url, random);
    const { held, at, thawedAt, readyAt } = await freeze(load, random);
    const runs = await readEndedRuns(load.user, ENDED_WITHIN_MS);
    load.close();
    const interruption = { at, thawedAt, readyAt, goesOnWithinMs: site.leaseMs + GRACE_MS };
    expect(findFaults({ ...load.evidence, runs, calls: await site.models.calls(), interruption })).toEqual([]);
    expect(held.length).toBeGreaterThan(0);
  });

  it('announces the takeover in the stream of each run that the frozen one held', async () => {
    onTestFailed(() => site.printLogs());
    const load = await Load.signIn(api.url, new Random(1));
    await load.start({ runs: 12, overMs: 0, paces: ['slow'] });
    await sleep(500);
    await untilAtWork();
    frozen.process.signal('SIGSTOP');
    const held = await heldRuns();
    other = await site.startServer('worker', { ROLES: 'worker' });
    const runs = await readEndedRuns(load.user, ENDED_WITHIN_MS);
    frozen.process.signal('SIGCONT');
    load.close();
    expect(held.length).toBeGreaterThan(0);
    const left = runs.filter(({ id }) => held.includes(id)).filter((run) => !isTakenOver(run));
    expect(left.map(({ id }) => id)).toEqual([]);
  });

  it('leaves the thawed one able to work again', async () => {
    onTestFailed(() => site.printLogs());
    const load = await Load.signIn(api.url, new Random(2));
    await load.start({ runs: 4, overMs: 0, paces: ['brisk'] });
    const runs = await readEndedRuns(load.user, ENDED_WITHIN_MS);
    load.close();
    expect(runs.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'completed'));
  });
});

/** Once, after what the frozen one wrote. */
function isTakenOver({ events }: RunReport): boolean {
  return events.filter(({ type }) => type === 'execution.claimed').length === 1;
}
