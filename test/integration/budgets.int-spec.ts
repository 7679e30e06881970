import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids/id.js';
import { Reservations, type Verdict } from '../../src/modules/usage/budgets/reservations.js';
import type { CallRecord, Reserved } from '../../src/modules/usage/call-record.js';
import { UsageConnection } from '../../src/modules/usage/usage-connection.js';
import { UsageRecorder } from '../../src/modules/usage/usage-recorder.js';
import { executeSql } from '../support/execute-sql.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const NOBODY = '019a0000-0000-7000-8000-000000000001';
const BOUND = { nanos: 1_000, tokens: 100 };

/** What one process has of metering. */
class Process {
  readonly connection: UsageConnection;
  readonly reservations: Reservations;
  readonly recorder: UsageRecorder;

  constructor(url: string) {
    this.connection = new UsageConnection({ url, poolSize: 1 });
    this.reservations = new Reservations(this.connection);
    this.recorder = new UsageRecorder(this.connection);
  }

  reserve(callId: string, budgetIds: readonly string[]): Promise<Verdict> {
    return this.reservations.reserve({ callId, budgetIds, ...BOUND });
  }

  async close(): Promise<void> {
    this.reservations.onModuleDestroy();
    await this.recorder.onApplicationShutdown();
  }
}

function callOf(id: string, reserved: readonly Reserved[], used: Partial<CallRecord> = {}): CallRecord {
  return {
    id,
    reserved,
    at: new Date(),
    runId: NOBODY,
    ownerId: NOBODY,
    projectId: null,
    agentId: null,
    stepKey: 'llm:1',
    attempt: 1,
    kind: 'text',
    provider: 'openai',
    model: 'model-small',
    inputTokens: 60,
    cachedInputTokens: null,
    outputTokens: 40,
    reasoningTokens: null,
    images: 0,
    costNanos: 1_000,
    isEstimated: false,
    isFailed: false,
    ...used,
  };
}

describe('budgets in the database', () => {
  let database: TestDatabase;
  let processes: [Process, Process];

  beforeEach(async () => {
    database = await createTestDatabase();
    processes = [new Process(database.url), new Process(database.url)];
    await executeSql(
      database.url,
      `INSERT INTO users (id, username, username_key, email, email_key, password_hash)
        VALUES ('${NOBODY}', 'nobody', 'nobody', 'nobody@example.com', 'nobody@example.com', 'x')`,
    );
  });
  afterEach(async () => {
    await Promise.all(processes.map((each) => each.close()));
    await database.drop();
  });

  async function budget(limits: string, period = 'total'): Promise<string> {
    const id = newId();
    const [names, values] = limits.split('=');
    await executeSql(
      database.url,
      `INSERT INTO budgets (id, owner_id, scope, period, ${names}) VALUES ('${id}', '${NOBODY}', 'user', '${period}', ${values})`,
    );
    return id;
  }

  const rows = (sql: string) => executeSql<Record<string, unknown>>(database.url, sql);
  const spending = async (id: string) =>
    (
      await rows(`SELECT spent_nanos::int AS nanos, spent_tokens::int AS tokens, reserved_nanos::int AS reserved_nanos,
      reserved_tokens::int AS reserved_tokens FROM budget_spendings WHERE budget_id = '${id}'`)
    )[0];

  it('are exceeded by less than the bound of one call, by 200 calls at once from two processes', async () => {
    const ids = [
      await budget('hard_nanos=10500'),
      await budget('hard_tokens=1000000'),
      await budget('soft_nanos=5000'),
    ];
    let inFlight = 0;
    let most = 0;
    let refused = 0;
    const call = async (process: Process) => {
      for (;;) {
        const id = newId();
        const verdict = await process.reserve(id, ids);
        if (verdict.kind === 'spent') {
          refused += 1;
          return;
        }
        if (verdict.kind === 'reserved') {
          most = Math.max(most, (inFlight += 1));
          await new Promise((resolve) => setTimeout(resolve, 20));
          inFlight -= 1;
          await process.recorder.record(callOf(id, reservedOf(verdict), { runId: newId() }));
          process.reservations.ended(id);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    await Promise.all(Array.from({ length: 200 }, (_, n) => call(processes[n % 2]!))); // two, and n % 2 is 0 or 1
    const [first, second, third] = await Promise.all(ids.map(spending));
    expect(first).toEqual({ nanos: 11_000, tokens: 1_100, reserved_nanos: 0, reserved_tokens: 0 });
    expect([second, third]).toEqual([first, first]);
    expect([most, refused]).toEqual([11, 189]);
  });

  it('get back what a dead process reserved, and count a call that ends after all', async () => {
    const id = await budget('hard_nanos=1000');
    const [dead, alive] = processes;
    const late = newId();
    const verdict = await dead.reserve(late, [id]);
    dead.reservations.onModuleDestroy();
    expect((await alive.reserve(newId(), [id])).kind).toBe('crowded');
    await rows(`UPDATE budget_reservations SET expires_at = now() - interval '1 second'`);
    const next = newId();
    const granted = await alive.reserve(next, [id]);
    expect(granted.kind).toBe('reserved');
    await alive.recorder.record({ id: next, reserved: reservedOf(granted) });
    expect(await spending(id)).toMatchObject({ nanos: 0, reserved_nanos: 0 });
    await dead.recorder.record(callOf(late, reservedOf(verdict)));
    expect(await spending(id)).toMatchObject({ nanos: 1_000, reserved_nanos: 0 });
    expect((await alive.reserve(newId(), [id])).kind).toBe('spent');
  });

  it('count a call once that is reported twice, in every sum; and twice one that was made twice', async () => {
    const id = await budget('hard_nanos=1000000');
    const [process] = processes;
    const callId = newId();
    const call = callOf(callId, reservedOf(await process.reserve(callId, [id])));
    await Promise.all([process.recorder.record(call), process.recorder.record(call)]);
    await processes[1].recorder.record(call);
    await process.recorder.record({ ...call, id: newId(), attempt: 2, reserved: [] });
    expect(await spending(id)).toMatchObject({ nanos: 1_000, tokens: 100, reserved_nanos: 0 });
    for (const table of ['usage_days', 'usage_runs'])
      expect(await rows(`SELECT calls::int, cost_nanos::int FROM ${table}`)).toEqual([{ calls: 2, cost_nanos: 2_000 }]);
    expect(await rows('SELECT id FROM model_calls')).toHaveLength(2);
  });

  it('have a call again that a crash of the database took back', async () => {
    const id = await budget('hard_nanos=1000000');
    const [process] = processes;
    const callId = newId();
    await process.recorder.record(callOf(callId, reservedOf(await process.reserve(callId, [id]))));
    // As after a crash: what nobody waited for is gone, and so are the connections.
    await rows('DELETE FROM model_calls');
    await rows('UPDATE budget_spendings SET spent_nanos = 0, spent_tokens = 0');
    await rows(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'troupe usage' AND datname = current_database()`);
    await expect.poll(() => rows('SELECT id FROM model_calls')).toEqual([{ id: callId }]);
    expect(await spending(id)).toMatchObject({ nanos: 1_000, tokens: 100 });
  });

  it('tell a run of a soft limit once, again when the attempt was lost that was told', async () => {
    const id = await budget('soft_nanos=1');
    const [process] = processes;
    const told = async (used: Partial<CallRecord>) => {
      const callId = newId();
      return process.recorder.record(callOf(callId, reservedOf(await process.reserve(callId, [id])), used));
    };
    expect(await told({ isFailed: true })).toEqual([]);
    expect(await told({})).toEqual([id]);
    expect(await told({})).toEqual([]);
    expect(await told({ attempt: 2 })).toEqual([id]);
    expect(await told({ stepKey: 'llm:2' })).toEqual([]);
    expect(await told({ runId: newId() })).toEqual([id]);
  });

  it('begin anew with their period', async () => {
    const id = await budget('hard_nanos=1000', 'day');
    const [process] = processes;
    const callId = newId();
    await process.recorder.record(callOf(callId, reservedOf(await process.reserve(callId, [id]))));
    expect((await process.reserve(newId(), [id])).kind).toBe('spent');
    await rows(`UPDATE budget_spendings SET period_start = period_start - 1`);
    expect((await process.reserve(newId(), [id])).kind).toBe('reserved');
  });
});

function reservedOf(verdict: Verdict): readonly Reserved[] {
  return verdict.kind === 'reserved' ? verdict.reserved : [];
}
