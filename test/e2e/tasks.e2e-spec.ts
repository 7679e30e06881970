import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { executeSql } from '../support/execute-sql.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { SocketReader } from '../support/socket-reader.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

type Body = Readonly<Record<string, unknown>>;
interface Fire {
  readonly due_at: string;
  readonly status: string;
  readonly fired_at?: string;
  readonly reason?: string;
  readonly run_id?: string;
}

const TEXT = { nodes: [{ id: 'a', type: 'textOutput', data: { text: 'hello' } }], edges: [] };
/** A run of it does not end by itself. */
const ENDLESS = {
  nodes: [
    { id: 'a', type: 'initialPrompt', data: { text: 'x' } },
    { id: 'b', type: 'approval', data: {} },
  ],
  edges: [{ source: 'a', target: 'b', target_handle: 'text-in' }],
};

let app: TestApp;
let user: SignedInClient;
let flow: { kind: 'flow'; flow_id: string };
let endless: { kind: 'flow'; flow_id: string };

beforeAll(async () => {
  app = await createTestApp();
  user = await SignedInClient.signUp(app.url);
  flow = { kind: 'flow', flow_id: await stored(TEXT) };
  endless = { kind: 'flow', flow_id: await stored(ENDLESS) };
});
afterAll(() => app.close());

async function stored(graph: object): Promise<string> {
  return (await user.post('/flows', graph)).body['id'] as string;
}

async function create(body: object): Promise<Body> {
  const { status, body: task } = await user.post('/tasks', body);
  expect(task).toMatchObject({ id: expect.any(String) as string });
  expect(status).toBe(201);
  return task;
}

/** The oldest first. */
async function fires({ id }: Body): Promise<Fire[]> {
  const { body } = await user.get(`/tasks/${String(id)}/fires?limit=100`);
  return (body['items'] as Fire[]).toReversed();
}

async function untilFires(task: Body, count: number): Promise<Fire[]> {
  return vi.waitFor(
    async () => {
      const found = await fires(task);
      expect(found.length).toBeGreaterThanOrEqual(count);
      return found;
    },
    { timeout: 10_000, interval: 50 },
  );
}

/** Undefined: there is none. */
async function untilRuns(found: readonly Fire[], statuses: readonly (string | undefined)[]): Promise<void> {
  await vi.waitFor(
    async () => {
      const runs = found.map(async ({ run_id }) => run_id && (await user.get(`/runs/${run_id}`)).body['status']);
      expect(await Promise.all(runs)).toEqual(statuses);
    },
    { timeout: 10_000, interval: 50 },
  );
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();

/** As if nobody had been there since then. */
async function fallBehind({ id }: Body, due: string): Promise<void> {
  const times = `next_due_at = '${due}', next_fire_at = '${due}'`;
  await executeSql(app.config.database.url, `UPDATE tasks SET ${times} WHERE id = '${String(id)}'`);
}

// Side by side: most of the time they wait for an instant.
describe.concurrent('tasks', () => {
  it('starts at once when it is ad hoc', async () => {
    const task = await create({ target: flow });
    expect(task).toMatchObject({ type: 'adhoc', status: 'completed', timezone: 'UTC', overlap: 'skip' });
    const [fire] = await fires(task);
    expect(fire).toMatchObject({ status: 'fired', run_id: task['run_id'] });
    const run = await vi.waitFor(async () => {
      const { body } = await user.get(`/runs/${String(task['run_id'])}`);
      expect(body['status']).toBe('completed');
      return body;
    });
    expect(run).toMatchObject({ kind: 'flow', flow_id: flow.flow_id, task_id: task['id'] });
  });

  it('starts agents and tools as well', async () => {
    const agent = await create({ prompt: 'Say hello', system_prompt: 'Be brief' });
    const tool = await create({ target: { kind: 'tool', name: 'calculator', arguments: { expression: '6 * 7' } } });
    const outputs = await vi.waitFor(
      async () => {
        const runs = await Promise.all([agent, tool].map((task) => user.get(`/runs/${String(task['run_id'])}`)));
        expect(runs.map(({ body }) => body['status'])).toEqual(['completed', 'completed']);
        return runs.map(({ body }) => [body['kind'], body['output']]);
      },
      { timeout: 10_000 },
    );
    expect(outputs).toEqual([
      ['agent', expect.any(String)],
      ['tool', expect.objectContaining({ number: 42 })],
    ]);
  });

  it.each([
    [{ kind: 'agent', agent: { temperature: 9 }, instruction: 'x' }, '/target/agent/temperature', 400],
    [{ kind: 'agent' }, '/target/instruction', 400],
    [{ kind: 'tool', name: 'calculator', arguments: {} }, '/target/arguments/expression', 400],
    [{ kind: 'tool', name: 'no-such-tool', arguments: {} }, undefined, 404],
  ])('refuses the target %j', async (target, path, expected) => {
    const { status, body } = await user.post('/tasks', { target });
    expect(status).toBe(expected);
    const [fault] = (body['errors'] ?? []) as { path: string }[];
    expect(fault?.path).toBe(path);
  });

  it('says something in a room, of which the turn is the run', async () => {
    const group = (await user.post('/groups', { name: 'Room' })).body['id'] as string;
    const target = { kind: 'group', group_id: group, content: 'Good morning' };
    const task = await create({ plan: [inSeconds(1)], target, overlap: 'queue_all' });
    const [fire] = await untilFires(task, 1);
    expect(fire).toMatchObject({ status: 'fired', run_id: expect.any(String) as string });
    await vi.waitFor(
      async () => {
        const { body } = await user.get(`/groups/${group}/messages?order=asc`);
        const said = body['items'] as { content: string; run_id: string; sender: { kind: string } }[];
        expect(said.map(({ sender, run_id }) => [sender.kind, run_id])).toEqual([
          ['user', fire?.run_id],
          ['agent', fire?.run_id],
        ]);
        expect(said[0]?.content).toBe('Good morning');
      },
      { timeout: 10_000 },
    );
    await user.patch(`/groups/${group}`, { ai_mode: 'off' });
    expect((await user.post('/tasks', { target })).body['code']).toBe('GROUP_SILENT');
  });

  it('fires each planned instant within a second, once, and is done', async () => {
    const last = inSeconds(2.1);
    const plan = [last, inSeconds(1.5), last];
    const task = await create({ plan, target: flow, overlap: 'allow' });
    expect(task).toMatchObject({ type: 'planned', status: 'active' });
    const found = await untilFires(task, 2);
    expect(found.map(({ status, due_at }) => [status, due_at])).toEqual([
      ['fired', plan[1]],
      ['fired', plan[0]],
    ]);
    for (const { due_at, fired_at } of found) {
      const lateMs = Date.parse(fired_at ?? '') - Date.parse(due_at);
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThan(1_000);
    }
    expect((await user.get(`/tasks/${String(task['id'])}`)).body).toMatchObject({
      status: 'completed',
      fire_count: 2,
      next_due_at: null,
      next_fires: [],
    });
  });

  it('streams what happens to it, to its subscribers and its owner', async () => {
    const socket = await SocketReader.connect(app.url, user.token);
    const task = await create({ plan: [inSeconds(1.5)], target: flow });
    const stream = `task:${String(task['id'])}`;
    const isOwn = (event: { stream?: string }) => event.stream === stream;
    await socket.subscribe(stream, { after: 0 });
    // What its owner's room brought before comes again with the replay.
    const told = () => [
      ...new Map(
        socket
          .of('task.update')
          .filter(isOwn)
          .map((event) => [event.seq, event]),
      ).values(),
    ];
    await vi.waitFor(() => expect(told()).toHaveLength(3), { timeout: 10_000 });
    expect(told().map(({ data, seq }) => [seq, data['change'], data['status']])).toEqual([
      [1, 'created', 'active'],
      [2, 'fire', 'completed'],
      [3, 'settled', 'completed'],
    ]);
    socket.close();
  });

  it('repeats by a schedule until it has run often enough', async () => {
    const task = await create({ cron: '* * * * * *', max_runs: 2, target: flow, overlap: 'allow' });
    const found = await untilFires(task, 2);
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(await fires(task)).toHaveLength(2);
    expect(Date.parse(found[1]?.due_at ?? '') - Date.parse(found[0]?.due_at ?? '')).toBe(1_000);
  });

  it.each([
    ['skip', ['fired', 'skipped', 'skipped'], ['waiting', undefined, undefined]],
    ['queue_one', ['fired', 'fired', 'skipped'], ['waiting', 'queued', undefined]],
    ['queue_all', ['fired', 'fired', 'fired'], ['waiting', 'queued', 'queued']],
    ['allow', ['fired', 'fired', 'fired'], ['waiting', 'waiting', 'waiting']],
    ['cancel_previous', ['fired', 'fired', 'fired'], ['cancelled', 'cancelled', 'waiting']],
  ])('obeys the overlap policy %s', async (overlap, expected, statuses) => {
    const task = await create({ plan: [inSeconds(1.5), inSeconds(2.1), inSeconds(2.7)], target: endless, overlap });
    const found = await untilFires(task, 3);
    expect(found.map(({ status }) => status)).toEqual(expected);
    await untilRuns(found, statuses);
    for (const { run_id } of found) if (run_id) await user.post(`/runs/${run_id}/cancel`);
  });

  it.each([
    ['none', ['missed:server_down', 'missed:server_down', 'missed:server_down']],
    ['latest', ['missed:superseded', 'missed:superseded', 'fired']],
    ['all', ['missed:window_passed', 'fired', 'fired']],
  ])('obeys the misfire policy %s after nobody was there', async (misfire, expected) => {
    const plan = [inSeconds(-3 * 3_600), inSeconds(-2 * 3_600), inSeconds(-3_600)];
    const task = await create({ plan, target: flow, misfire, misfire_window_seconds: 9_000, overlap: 'allow' });
    await fallBehind(task, plan[0] ?? '');
    const found = await untilFires(task, 3);
    expect(found.map(({ status, reason }) => (reason ? `${status}:${reason}` : status))).toEqual(expected);
  });

  it('leaves a record of what was due while it was paused', async () => {
    const task = await create({ plan: [inSeconds(1.5), inSeconds(3)], target: flow, enabled: false });
    expect(task).toMatchObject({ status: 'paused', enabled: false });
    expect(await untilFires(task, 1)).toMatchObject([{ status: 'skipped', reason: 'paused' }]);
    expect((await user.post(`/tasks/${String(task['id'])}/resume`)).body).toMatchObject({ status: 'active' });
    expect(await untilFires(task, 2)).toMatchObject([{}, { status: 'fired' }]);
  });

  it('cancels all but the last of what piled up', async () => {
    const plan = [inSeconds(-3 * 3_600), inSeconds(-2 * 3_600), inSeconds(-3_600)];
    const policy = { misfire: 'all', misfire_window_seconds: 9_000, overlap: 'cancel_previous' };
    const task = await create({ plan, target: endless, ...policy });
    await fallBehind(task, plan[0] ?? '');
    const found = await untilFires(task, 3);
    expect(found.map(({ status }) => status)).toEqual(['missed', 'fired', 'fired']);
    await untilRuns(found.slice(1), ['cancelled', 'waiting']);
    await user.post(`/runs/${String(found[2]?.run_id)}/cancel`);
  });

  it('goes on with one conversation when it has a context of its own', async () => {
    const plan = [inSeconds(1.5), inSeconds(1.8)];
    const task = await create({ plan, prompt: 'Count on', dedicated_context: true, overlap: 'queue_all' });
    const found = await untilFires(task, 2);
    await untilRuns(found, ['completed', 'completed']);
    const runs = await Promise.all(found.map(({ run_id }) => user.get(`/runs/${String(run_id)}`)));
    const sessions = new Set(runs.map(({ body }) => body['session_id']));
    expect(sessions.size).toBe(1);
    const { body } = await user.get(`/agent-sessions/${String([...sessions][0])}/messages`);
    expect(body).toMatchObject({ items: Array(4).fill({ role: expect.any(String) as string }) });
    await vi.waitFor(async () => {
      const { body: remembered } = await user.get('/memory/query?tags=task');
      const items = (remembered['items'] as { item: Body }[]).map(({ item }) => item['metadata']);
      const expected = found.map(({ run_id }) => expect.objectContaining({ task_id: task['id'], run_id }) as unknown);
      expect(items).toHaveLength(2);
      expect(items).toEqual(expect.arrayContaining(expected));
    });
  });

  it('tells a stored agent what the prompt of the task says, unless the target says it', async () => {
    const { body: agent } = await user.post('/agents', { name: 'Reckoner' });
    const target = { kind: 'agent', agent_id: agent['id'] };
    const tasks = [
      await create({ target, prompt: 'Count the sheep' }),
      await create({ target: { ...target, instruction: 'Count the goats' }, prompt: 'Count the sheep' }),
    ];
    const found = (await Promise.all(tasks.map(fires))).flat();
    const runs = await Promise.all(found.map(({ run_id }) => user.get(`/runs/${String(run_id)}`)));
    expect(runs.map(({ body }) => body['input'])).toMatchObject([
      { instruction: 'Count the sheep', agent_id: agent['id'] },
      { instruction: 'Count the goats', agent_id: agent['id'] },
    ]);
  });

  it('hands attachments to the agent, and refuses such as it could not take', async () => {
    const attachments = [{ name: 'notes.md', text: 'Remember the milk' }];
    const task = await create({ prompt: 'Read it', attachments });
    await untilRuns(await fires(task), ['completed']);
    const { status, body } = await user.post('/tasks', { prompt: 'Read it', attachments: [{ words: 'none' }] });
    expect([status, (body['errors'] as Body[])[0]?.['path']]).toEqual([400, '/target/attachments/0/words']);
  });

  it('says why a run could not be started', async () => {
    const gone = await stored(TEXT);
    const task = await create({ plan: [inSeconds(1.5)], target: { kind: 'flow', flow_id: gone } });
    await user.delete(`/flows/${gone}`);
    const [fire] = await untilFires(task, 1);
    expect(fire).toMatchObject({ status: 'failed', reason: expect.stringContaining('FLOW_NOT_FOUND') as string });
  });

  it('tries again what failed, later each time', async () => {
    const forbidden = { id: 'a', type: 'httpRequest', data: { url: 'http://127.0.0.1:1/' } };
    const failing = await stored({ nodes: [forbidden], edges: [] });
    const retry = { max_attempts: 2, delay_seconds: 1 };
    const task = await create({ target: { kind: 'flow', flow_id: failing }, retry });
    await vi.waitFor(async () => expect((await fires(task))[0]).toMatchObject({ attempt: 2 }), { timeout: 5_000 });
    const [fire] = await fires(task);
    expect(fire?.run_id).not.toBe(task['run_id']);
  });

  it('runs now when told to, and makes up for the past', async () => {
    const task = await create({ cron: '0 0 1 1 *', target: flow, start_at: '2020-01-01T00:00:00Z' });
    const path = `/tasks/${String(task['id'])}`;
    const { status, body } = await user.post(`${path}/run`, { wait_seconds: 10 });
    expect([status, body['status']]).toEqual([200, 'completed']);
    const span = { from: '2024-01-01T00:00:00Z', to: '2026-06-01T00:00:00Z' };
    const made = (await user.post(`${path}/backfill`, span)).body['items'] as Fire[];
    expect(made.map(({ due_at, status: fired }) => [due_at, fired])).toEqual([
      ['2024-01-01T00:00:00.000Z', 'fired'],
      ['2025-01-01T00:00:00.000Z', 'fired'],
      ['2026-01-01T00:00:00.000Z', 'fired'],
    ]);
    expect((await user.post(`${path}/backfill`, span)).body['items']).toEqual([]);
  });

  it('previews with local times', async () => {
    const schedule = { minute: '30', hour: '2' };
    const start_at = '2027-03-27T12:00:00Z';
    const { body } = await user.post('/tasks/preview', { schedule, timezone: 'Europe/Berlin', start_at, count: 2 });
    expect(body).toEqual({
      items: [
        { due_at: '2027-03-28T01:00:00.000Z', local: '2027-03-28T03:00:00+02:00' },
        { due_at: '2027-03-29T00:30:00.000Z', local: '2027-03-29T02:30:00+02:00' },
      ],
    });
  });

  it.each([
    [{ cron: '0 0 30 2 *' }, '/cron', 'SCHEDULE_NEVER_FIRES'],
    [{ cron: 'every day' }, '/cron', 'SCHEDULE_MALFORMED'],
    [{ schedule: { minute: '61' } }, '/schedule', 'SCHEDULE_MALFORMED'],
    [{ cron: '* * * * *', timezone: 'Mars/Olympus' }, '/timezone', 'TIMEZONE_UNKNOWN'],
    [{ cron: '* * * * *', timezone: '+02:00' }, '/timezone', 'TIMEZONE_UNKNOWN'],
    [{ cron: '* * * * *', schedule: {} }, '', 'SCHEDULE_AMBIGUOUS'],
    [{ type: 'planned' }, '/type', 'SCHEDULE_MISMATCH'],
    [{ plan: ['2026-W10-1'] }, '/plan', 'IS_INSTANT'],
    [{ plan: ['2026-12-01T09:00:00'] }, '/plan', 'IS_INSTANT'],
    [{ cron: '* * * * *', start_at: '2026-02-30T00:00:00Z' }, '/start_at', 'IS_INSTANT'],
    [{ cron: '* * * * *', target: { kind: 'spaceship' } }, '/target/kind', 'TARGET_KIND_UNKNOWN'],
    [
      { cron: '* * * * *', start_at: '2027-01-02T00:00:00Z', end_at: '2027-01-01T00:00:00Z' },
      '/end_at',
      'BEFORE_START',
    ],
  ])('refuses %j', async (body, path, code) => {
    const { status, body: problem } = await user.post('/tasks', { target: flow, ...body });
    expect(status).toBe(400);
    expect(problem['errors']).toMatchObject([{ path, code }]);
  });

  it('is not there for others', async () => {
    const task = await create({ cron: '0 0 1 1 *', target: flow });
    const other = await SignedInClient.signUp(app.url);
    for (const path of ['', '/fires', '/preview']) {
      expect((await other.get(`/tasks/${String(task['id'])}${path}`)).status).toBe(404);
    }
    expect((await other.post('/tasks', { target: flow })).status).toBe(404);
  });
});
