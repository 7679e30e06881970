import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunEngine, type EngineListener, type ProgramDefinition } from '../../src/engine/index.js';
import { newRun } from '../../src/engine/testing/stores.js';
import { SystemClock } from '../../src/modules/execution/system-clock.js';
import { openStoreHouse, type StoreHouse } from '../support/execution-stores.js';

const LEASE_MS = 1_500;
const OPEN = `SELECT count(*)::integer AS open FROM run_control WHERE status NOT IN ('completed', 'failed', 'cancelled')`;
const GAPS = `SELECT stream FROM event_logs GROUP BY stream HAVING min(seq) <> 1 OR max(seq) <> count(*)`;
const ENDS = `SELECT e.stream FROM event_logs e JOIN run_control c ON c.stream_id = e.stream
  WHERE e.name IN ('execution.completed', 'execution.failed', 'execution.cancelled')
  GROUP BY e.stream, c.status HAVING count(*) <> 1 OR min(e.name) <> 'execution.' || c.status`;
const HALF_CANCELLED = `SELECT c.run_id FROM run_control c JOIN run_control p ON p.run_id = c.parent_run_id
  WHERE p.status = 'cancelled' AND c.status = 'completed' AND c.cancel_requested_at IS NOT NULL`;

/** A tree of three generations with waits between its steps. */
const tree: ProgramDefinition<{ depth: number }, number> = {
  kind: 'contract',
  version: 1,
  run: async (ctx, { depth }) => {
    await ctx.step('first', async () => 'x'.repeat(1_000));
    if (depth === 0) return 1;
    await ctx.sleepUntil('nap', new Date((await ctx.now('now')).getTime() + 20));
    const parts = await Promise.all(
      [1, 2].map((n) => ctx.child<{ depth: number }, number>(`c${n}`, 'contract', { depth: depth - 1 })),
    );
    await ctx.step('last', async () => 'done');
    return parts.reduce((sum, part) => sum + part, 1);
  },
};

describe('engines on one database', () => {
  let house: StoreHouse;
  const engines: RunEngine[] = [];
  const faults: string[] = [];

  beforeEach(async () => {
    house = await openStoreHouse();
  });
  afterEach(async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.drain(1_000)));
    await house.close();
  });

  async function startEngine(): Promise<RunEngine> {
    const listener: EngineListener = {
      committed: () => undefined,
      chunk: () => undefined,
      stepEnded: () => undefined,
      statusChanged: () => undefined,
      workAvailable: () => engines.forEach((engine) => engine.wake()),
      fault: (message, error) => void faults.push(`${message}: ${String(error)}`),
    };
    const stores = house.openStores();
    const worker = { name: 'test', roles: ['worker'] };
    const programs = [tree as ProgramDefinition];
    const clock = new SystemClock();
    const engine = new RunEngine({ ...stores, clock, listener, programs, worker, leaseMs: LEASE_MS, pollMs: 50 });
    engines.push(engine);
    await engine.start();
    return engine;
  }

  async function untilAllEnded(): Promise<void> {
    const open = async () => (await house.dataSource.query<[{ open: number }]>(OPEN))[0].open;
    await expect.poll(open, { timeout: 25_000, interval: 50 }).toBe(0);
  }

  it('end every tree once, with whole streams, while some are cancelled, paused and taken over', async () => {
    const [first, second, dying] = [await startEngine(), await startEngine(), await startEngine()];
    const runs = Array.from({ length: 60 }, () => newRun({ input: '{"depth":2}' }));
    await Promise.all(runs.map((run, n) => engines[n % 3]!.create(run)));
    const steer = runs.map(async ({ id }, n) => {
      await new Promise((resolve) => setTimeout(resolve, (n * 37) % 400));
      if (n % 5 === 0) return first.cancel(id);
      if (n % 5 === 1) return second.pause(id).then(() => first.resume(id));
      return undefined;
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    dying.kill();
    engines.splice(engines.indexOf(dying), 1);
    await Promise.all(steer);
    await untilAllEnded();
    expect(await house.dataSource.query(GAPS)).toEqual([]);
    expect(await house.dataSource.query(ENDS)).toEqual([]);
    expect(await house.dataSource.query(HALF_CANCELLED)).toEqual([]);
    const ended = `SELECT status, output::text AS output FROM runs r JOIN run_control c ON c.run_id = r.id WHERE r.id = ANY ($1)`;
    const rows = await house.dataSource.query<{ status: string; output: string }[]>(ended, [runs.map(({ id }) => id)]);
    expect(rows.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(rows.filter(({ status }) => status === 'completed').every(({ output }) => output === '7')).toBe(true);
    expect(rows.filter(({ status }) => status === 'completed').length).toBeGreaterThanOrEqual(48);
    expect(faults).toEqual([]);
  });
});
