import { randomBytes, randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IdempotencyKeys } from '../../src/common/idempotency/idempotency-keys.js';
import { type Answer, ApiClient, newAccount } from '../support/api-client.js';
import { until } from '../support/chaos/until.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

type Body = Readonly<Record<string, unknown>>;

const TEXT_FLOW = { nodes: [{ id: 'a', type: 'textOutput', data: { text: 'hello' } }], edges: [] };

let app: TestApp;
let api: ApiClient;
let database: DataSource;
let token: string;
let key: string;

beforeAll(async () => {
  app = await createTestApp();
  api = new ApiClient(app.url);
  database = app.app.get(DataSource);
  token = (await api.signUp()).access_token;
});

afterAll(() => app.close());

beforeEach(() => {
  key = randomUUID();
});

function post(path: string, body: unknown, more: { key?: string; token?: string | undefined } = {}) {
  const headers = { 'idempotency-key': more.key ?? key };
  return api.post<Body>(path, body, { headers, token: 'token' in more ? more.token : token });
}

async function count(table: string, condition = 'true'): Promise<number> {
  const [row] = await database.query<[{ n: number }]>(`SELECT count(*)::int AS n FROM ${table} WHERE ${condition}`);
  return row.n;
}

function isReplayed({ headers }: Answer<unknown>): boolean {
  return headers.get('idempotency-replayed') === 'true';
}

describe('Idempotency-Key', () => {
  it('answers the first answer again, and does nothing', async () => {
    const before = await count('flows');
    const first = await post('/flows', { name: 'once' });
    const second = await post('/flows', { name: 'once' });
    expect([first.status, isReplayed(first)]).toEqual([201, false]);
    expect([second.status, isReplayed(second)]).toEqual([201, true]);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(await count('flows')).toBe(before + 1);
  });

  it('refuses the same key with another body, or on another route', async () => {
    await post('/flows', { name: 'one' });
    for (const [path, body] of [
      ['/flows', { name: 'two' }],
      ['/execution/run', TEXT_FLOW],
    ] as const) {
      const answer = await post(path, body);
      expect([answer.status, answer.body['code']]).toEqual([409, 'IDEMPOTENCY_KEY_REUSED']);
    }
  });

  it('belongs to one user', async () => {
    const other = (await api.signUp()).access_token;
    const mine = await post('/flows', { name: 'same' });
    const theirs = await post('/flows', { name: 'same' }, { token: other });
    expect(theirs.status).toBe(201);
    expect(theirs.body['id']).not.toBe(mine.body['id']);
  });

  it('makes one thing of twenty requests at once', async () => {
    const before = await count('flows');
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('/flows', { name: 'twenty' })));
    expect(await count('flows')).toBe(before + 1);
    const created = answers.filter(({ status }) => status === 201);
    expect(created.filter((answer) => !isReplayed(answer))).toHaveLength(1);
    expect(new Set(created.map(({ body }) => body['id'])).size).toBe(1);
    for (const { status, body, headers } of answers.filter((answer) => answer.status !== 201)) {
      expect([status, body['code'], headers.get('retry-after')]).toEqual([409, 'IN_PROGRESS', '1']);
    }
  });

  it('starts one run of twenty requests at once, and tells twins while one waits for its end', async () => {
    const before = await count('runs');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post('/execution/run', { ...TEXT_FLOW, wait_seconds: 10 })),
    );
    expect(await count('runs')).toBe(before + 1);
    const done = answers.filter(({ status }) => status === 200);
    expect(done.length).toBeGreaterThan(0);
    for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
      expect([status, body['code']]).toEqual([409, 'IN_PROGRESS']);
    }
    const replay = await post('/execution/run', { ...TEXT_FLOW, wait_seconds: 10 });
    expect([replay.status, isReplayed(replay), replay.body]).toEqual([200, true, done[0]!.body]);
    expect(replay.headers.get('x-run-id')).toBe(done[0]!.headers.get('x-run-id'));
  });

  it('keeps a refusal too', async () => {
    const flowId = randomUUID();
    const first = await post(`/flows/${flowId}/run`, {});
    const second = await post(`/flows/${flowId}/run`, {});
    expect([first.status, second.status, isReplayed(second)]).toEqual([404, 404, true]);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('content-type')).toContain('application/problem+json');
  });

  it('holds for accounts, whose passwords it does not keep', async () => {
    const account = { ...newAccount(), password: 'canary-password-1' };
    const first = await post('/auth/register', account, { token: undefined });
    const second = await post('/auth/register', account, { token: undefined });
    expect([first.status, second.status, second.body]).toEqual([201, 201, first.body]);
    expect(await count('idempotency_keys', `idempotency_keys::text LIKE '%canary%'`)).toBe(0);
  });

  it('asks for a key that can be one', async () => {
    for (const bad of ['', 'with space', 'x'.repeat(256)]) {
      const { status, body } = await post('/flows', {}, { key: bad });
      expect([status, body['code']]).toEqual([400, 'INVALID_INPUT']);
    }
  });
});

describe('Idempotency-Key after a crash', () => {
  /** As a process leaves it that is killed: locked, until its lease is over. */
  async function crash(change: string): Promise<void> {
    await database.query(`UPDATE idempotency_keys SET ${change} WHERE key = $1`, [key]);
  }

  it('stands in the same transaction as the thing: with the answer of the creation', async () => {
    const first = await post('/flows', { name: 'kept' });
    const [row] = await database.query<{ same: boolean }[]>(
      `SELECT k.xmin = f.xmin AS same FROM idempotency_keys k, flows f WHERE k.key = $1 AND f.id = $2`,
      [key, first.body['id']],
    );
    expect(row).toEqual({ same: true });
  });

  it('answers a start of which nobody was told: 202 with the run, and starts no other', async () => {
    // Without a worker the run stays where it is, and the first request waits.
    const idle = await createTestApp({ server: { roles: new Set(['api']) } });
    const [client, rows] = [new ApiClient(idle.url), idle.app.get(DataSource)];
    const options = { headers: { 'idempotency-key': key }, token: (await client.signUp()).access_token };
    const run = { ...TEXT_FLOW, wait_seconds: 3 };
    const waiting = client.post<Body>('/execution/run', run, options);
    await until('the start has committed', 5_000, async () => {
      const [kept] = await rows.query<unknown[]>('SELECT 1 FROM idempotency_keys WHERE answer IS NOT NULL');
      return kept;
    });
    await rows.query(
      `UPDATE idempotency_keys SET locked_until = now() - interval '1 second', holder = gen_random_uuid()`,
    );
    const replay = await client.post<Body>('/execution/run', run, options);
    expect([replay.status, isReplayed(replay)]).toEqual([202, true]);
    expect(replay.body).toEqual({ run_id: replay.headers.get('x-run-id'), status: 'queued', reused: [] });
    expect((await waiting).body['run_id']).toBe(replay.body['run_id']);
    expect(await rows.query('SELECT count(*)::int AS n FROM runs')).toEqual([{ n: 1 }]);
    await idle.close();
  });

  it('lets nothing commit that another request has taken over', async () => {
    const keys = app.app.get(IdempotencyKeys);
    const request = { scope: 'somebody', key, requestHash: randomBytes(32) };
    const first = await keys.reserve(request);
    await crash(`locked_until = now() - interval '1 second'`);
    const second = await keys.reserve(request);
    if (first.outcome !== 'held' || second.outcome !== 'held') throw new Error('both should have got it');
    const answers = [first, second].map(({ hold }) => keys.answer(database.manager, hold, Buffer.from('x'), false));
    expect(await Promise.all(answers)).toEqual([false, true]);
  });

  it('is in progress until the lease of the dead is over, then the same request is carried out', async () => {
    await post('/flows', { name: 'first' });
    await crash(`answer = NULL, locked_until = now() + interval '15 seconds'`);
    expect((await post('/flows', { name: 'first' })).body['code']).toBe('IN_PROGRESS');
    await crash(`locked_until = now() - interval '1 second'`);
    const other = await post('/flows', { name: 'other' });
    expect(other.body['code']).toBe('IDEMPOTENCY_KEY_REUSED');
    const again = await post('/flows', { name: 'first' });
    expect([again.status, isReplayed(again)]).toEqual([201, false]);
  });

  it('is forgotten after a day', async () => {
    await post('/flows', { name: 'yesterday' });
    await crash(`created_at = now() - interval '25 hours'`);
    const answer = await post('/flows', { name: 'today' });
    expect([answer.status, isReplayed(answer)]).toEqual([201, false]);
  });
});
