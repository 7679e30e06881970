import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AgentSite } from '../support/agent-site.js';
import type { ScriptRule } from '../support/model-server/script.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { SocketReader } from '../support/socket-reader.js';

type Body = Readonly<Record<string, unknown>>;

let site: AgentSite;

beforeAll(async () => {
  site = await AgentSite.open();
});
afterAll(() => site?.close());
beforeEach(() => {
  site.models.setScript();
  site.models.log.clear();
});

const task = (id: string, more: object = {}) => ({ id, title: `The ${id}`, type: 'frontend', ...more });
const call = (name: string, args: object) => ({ name, arguments: JSON.stringify(args) });
const says = (content: string, toolCalls: ReturnType<typeof call>[], times = 1): ScriptRule => ({
  content,
  after: 'user',
  times,
  answer: { toolCalls },
});
const DONE: ScriptRule = { after: 'tool', answer: { text: 'Done.' } };

const plans = (...tasks: object[]) => says('Plan this project', [call('submit_plan', { tasks })]);
const writes = (id: string, path = `${id}.html`, content = id) =>
  says(`Your task is ${id}`, [
    call('write_file', { path, content }),
    call('complete_task', { task_id: id, summary: `${id} is there` }),
  ]);
const judges = (id: string, passed: boolean, times = 1) =>
  says(`Review task ${id}`, [call('submit_review', { task_id: id, passed, findings: findingsOf(passed) })], times);
const findingsOf = (passed: boolean) => (passed ? [] : [{ path: 'a.html', severity: 'high', message: 'No heading' }]);
const tests = (id: string) => says('Test the project', [call('submit_review', { task_id: id, passed: true })]);

async function begin(prompt = 'Build a shop', more: object = {}): Promise<{ id: string; runId: string }> {
  const { status, body } = await site.user.post('/projects', { prompt, ...more });
  expect(status).toBe(201);
  return { id: String(body['id']), runId: String(body['run_id']) };
}

async function stateAt(id: string, status: string): Promise<Body> {
  await expect.poll(async () => (await stateOf(id))['status'], { timeout: 15_000 }).toBe(status);
  return stateOf(id);
}

async function stateOf(id: string): Promise<Body> {
  return (await site.user.get(`/projects/${id}/state`)).body;
}

async function statuses(id: string): Promise<string[]> {
  const { items } = (await site.user.get(`/projects/${id}/tasks`)).body as unknown as { items: Body[] };
  return items.map((one) => `${String(one['id'])} ${String(one['status'])}`);
}

describe('a swarm', () => {
  it('plans, does independent tasks side by side, reviews, corrects, and tests', async () => {
    site.models.setScript(
      plans(task('a', { priority: 90 }), task('b', { type: 'backend' }), task('c', { depends_on: ['a', 'b'] })),
      { ...writes('a'), answer: { ...writes('a').answer, delayMs: 150 } },
      { ...writes('b'), answer: { ...writes('b').answer, delayMs: 150 } },
      judges('a', false),
      judges('a', true),
      judges('b', true),
      writes('a', 'a.html', 'with a heading'),
      writes('c'),
      judges('c', true),
      tests('c'),
      DONE,
    );
    const { id, runId } = await begin();
    const reader = await SocketReader.connect(site.app.url, site.user.token);
    await reader.subscribe(`project:${id}`);
    const state = await stateAt(id, 'completed');
    expect(await statuses(id)).toEqual(['a completed', 'b completed', 'c completed']);
    const typed = reader.of('agent.token').filter(({ stream }) => stream === `project:${id}`);
    const byWriter = (writer: object) => typed.filter(({ data }) => isDeepStrictEqual({ ...data, ...writer }, data));
    for (const role of ['frontend_engineer', 'code_reviewer'])
      expect(byWriter({ role, task_id: 'c' }).map(({ data }) => data['text'])).toEqual(['Done.']);
    expect(byWriter({ role: 'qa_engineer', task_id: null })).toHaveLength(1);
    reader.close();
    expect(state).toMatchObject({ run_id: runId, active_agent: null, iteration: 10, error: null, handoffs: [] });
    const plan = state['plan'] as Body[];
    expect(plan[0]).toMatchObject({ role: 'frontend_engineer', reviews: 2, summary: 'a is there' });
    const artifacts = (await site.user.get(`/projects/${id}/artifacts?limit=2`)).body;
    expect(artifacts).toMatchObject({ next_cursor: expect.any(String) as string });
    expect(state['artifacts']).toEqual(
      expect.arrayContaining([
        { path: 'a.html', version: 2 },
        { path: 'b.html', version: 1 },
        { path: 'c.html', version: 1 },
      ]),
    );
    const asked = site.models.log.list().map(({ body }) => JSON.stringify(body['messages']));
    const first = (words: string) => asked.findIndex((messages) => messages.includes(words));
    expect(first('Your task is c')).toBeGreaterThan(Math.max(first('Review task a'), first('Review task b')));
    expect(first('Your task is b')).toBeLessThan(first('Review task a'));
    expect(asked.find((messages) => messages.includes('mend what the findings say'))).toContain('No heading');
    const { body: log } = await site.user.get(`/projects/${id}/logs?limit=100`);
    expect((log['items'] as Body[]).map(({ role }) => role)).toHaveLength(10);
    const events = await projectEvents(id);
    expect(events.slice(0, 2).map(({ type }) => type)).toEqual(['project.created', 'project.state']);
    const seen = new Set(events.filter(({ type }) => type === 'project.state').map(({ data }) => data['status']));
    expect([...seen]).toEqual(['initializing', 'planning', 'executing', 'testing', 'completed']);
    expect(events.filter(({ type }) => type === 'project.artifact')).toHaveLength(4);
    expect((await site.user.get(`/runs/${runId}`)).body).toMatchObject({
      kind: 'swarm',
      status: 'completed',
      output: { iterations: 10 },
    });
  });

  it('needs no model to show what it does', async () => {
    const { id } = await begin('A page on <moons>', { provider_id: 'offline' });
    const state = await stateAt(id, 'completed');
    expect(state['artifacts']).toEqual([
      { path: 'index.html', version: 1 },
      { path: 'README.md', version: 1 },
    ]);
    const page = await site.user.get(`/projects/${id}/files/index.html`);
    expect(JSON.stringify(page.body)).toContain('A page on &lt;moons&gt;');
    expect(site.models.counts.total).toBe(0);
  });
});

describe('a plan', () => {
  it('that cannot be carried out goes back to the planner once', async () => {
    const broken = task('a', { depends_on: ['b', 'x'] });
    site.models.setScript(
      plans(broken, task('b', { type: 'documentation' })),
      plans(task('a', { type: 'documentation' })),
      writes('a'),
      tests('a'),
      DONE,
    );
    const { id } = await begin();
    expect((await stateAt(id, 'completed'))['iteration']).toBe(4);
    const again = site.models.log.list().map(({ body }) => JSON.stringify(body['messages']));
    expect(again.some((messages) => messages.includes('depends on x, which is no task'))).toBe(true);
  });

  it('that cannot be carried out twice fails the swarm', async () => {
    const cycle = [task('a', { depends_on: ['b'] }), task('b', { depends_on: ['a'] })];
    site.models.setScript(plans(...cycle), plans(...cycle), DONE);
    const { id } = await begin();
    expect(await stateAt(id, 'failed')).toMatchObject({ plan: [], error: { code: 'SWARM_PLAN_INVALID' } });
  });
});

describe('roles', () => {
  it('hand their tasks on, and stay inside of the workspace', async () => {
    site.models.setScript(
      plans(task('a', { type: 'other' })),
      says('Your task is a', [
        call('write_file', { path: '../../outside.txt', content: 'x' }),
        call('write_file', { path: '/etc/passwd', content: 'x' }),
        call('hand_off', { to: 'backend_engineer', reason: 'It needs a database' }),
      ]),
      writes('a'),
      tests('a'),
      DONE,
    );
    const { id } = await begin();
    const state = await stateAt(id, 'completed');
    expect(state['artifacts']).toEqual([{ path: 'a.html', version: 1 }]);
    expect(state['handoffs']).toMatchObject([
      { from: 'fullstack_engineer', to: 'backend_engineer', reason: 'It needs a database', task_id: 'a' },
    ]);
    expect((await site.user.get(`/projects/${id}/files`)).body).toMatchObject({ items: [{ path: 'a.html' }] });
  });

  it('run the tests that they have written', async () => {
    site.models.setScript(
      plans(task('a', { type: 'documentation' })),
      writes('a', 'sum.test.js', `test('sums', () => assert.equal(1 + 1, 2)); test('never', () => assert.ok(false));`),
      says('Test the project', [call('run_tests', {}), call('submit_review', { task_id: 'a', passed: true })]),
      DONE,
    );
    const { id } = await begin();
    const logs = (await stateAt(id, 'completed'))['agent_logs'] as Body[];
    const tester = logs.find(({ role }) => role === 'qa_engineer');
    const called = await site.eventsOf(tester?.['run_id'], 'agent.tool.completed');
    expect(called.find(({ tool }) => tool === 'run_tests')).toMatchObject({
      result: {
        ok: true,
        output: { passed: 1, failed: 1, tests: [{ name: 'sums' }, { name: 'never', passed: false }] },
      },
    });
  });

  it('can be replaced by the project', async () => {
    site.models.setScript(plans(task('a', { type: 'documentation' })), writes('a'), tests('a'), DONE);
    const { id } = await begin('Notes', { roles: { documentation_writer: { system_prompt: 'Write in verse.' } } });
    await stateAt(id, 'completed');
    const asked = site.models.log.list().map(({ body }) => JSON.stringify(body['messages']));
    expect(asked.find((messages) => messages.includes('Your task is a'))).toContain('Write in verse.');
  });
});

describe('a task that fails', () => {
  it('blocks what waits for it, and can be tried again', async () => {
    const plan = plans(task('a'), task('b', { depends_on: ['a'], type: 'documentation' }));
    const correction = { ...writes('a'), times: 3 };
    site.models.setScript(plan, correction, judges('a', false, 3), DONE);
    const { id } = await begin();
    expect(await stateAt(id, 'failed')).toMatchObject({ error: { code: 'SWARM_TASKS_FAILED' } });
    expect(await statuses(id)).toEqual(['a failed', 'b blocked']);
    expect((await site.user.post(`/projects/${id}/tasks/b/retry`)).body).toMatchObject({
      code: 'SWARM_TASK_NOT_FAILED',
    });
    expect((await site.user.post(`/projects/${id}/tasks/x/retry`)).body).toMatchObject({
      code: 'SWARM_TASK_NOT_FOUND',
    });
    site.models.setScript(writes('a'), judges('a', true), writes('b'), tests('b'), DONE);
    const { status, body } = await site.user.post(`/projects/${id}/tasks/a/retry`, { wait_seconds: 20 });
    expect([status, body]).toMatchObject([200, { status: 'completed' }]);
    expect(await statuses(id)).toEqual(['a completed', 'b completed']);
  });
});

describe('steering', () => {
  it('pauses, goes on, stops, and starts again with what is left', async () => {
    const planned = plans(task('a', { type: 'documentation' }));
    site.models.setScript({ ...planned, answer: { ...planned.answer, delayMs: 300 } }, DONE);
    const { id, runId } = await begin();
    await expect.poll(() => site.models.counts.total, { timeout: 10_000 }).toBe(1);
    expect(await stateOf(id)).toMatchObject({ status: 'planning', active_agent: 'product_manager' });
    expect((await site.user.post(`/projects/${id}/start`)).body).toMatchObject({ code: 'SWARM_RUNNING' });
    expect(await site.user.post(`/projects/${id}/pause`)).toMatchObject({ status: 202, body: { run_id: runId } });
    await stateAt(id, 'paused');
    await expect.poll(async () => (await site.user.get(`/runs/${runId}`)).body['status']).toBe('paused');
    site.models.setScript({ content: 'Your task is a', answer: { fault: { kind: 'hang' } } }, DONE);
    expect((await site.user.post(`/projects/${id}/resume`)).status).toBe(202);
    await stateAt(id, 'executing');
    expect((await site.user.post(`/projects/${id}/stop`)).status).toBe(202);
    expect(await stateAt(id, 'stopped')).toMatchObject({ active_agent: null });
    await site.runs.untilEvent(runId, 'execution.cancelled');
    expect((await site.user.post(`/projects/${id}/pause`)).body).toMatchObject({ code: 'RUN_ENDED' });
    site.models.setScript(writes('a'), tests('a'), DONE);
    const again = await site.user.post(`/projects/${id}/start`, { wait_seconds: 20 });
    expect(again).toMatchObject({ status: 200, body: { status: 'completed', output: { iterations: 2 } } });
    const types = (await projectEvents(id)).map(({ data }) => data['status']);
    expect(types).toEqual(expect.arrayContaining(['paused', 'stopped', 'completed']));
  });

  it('pauses at its budget, and goes on where it was once there is more', async () => {
    site.models.setScript(plans(task('a', { type: 'documentation' })), writes('a'), tests('a'), DONE);
    const { id, runId } = await begin('A poem', { budget: { max_tokens: 1 } });
    expect(await stateAt(id, 'paused')).toMatchObject({ plan: [], iteration: 1, error: null });
    expect(site.models.counts.total).toBe(1);
    const told = async () => (await projectEvents(id)).map(({ data }) => data['status']);
    await expect.poll(async () => (await told()).at(-1), { timeout: 3_000 }).toBe('paused');
    const { body } = await site.user.get(`/budgets?run_id=${runId}`);
    const [budget] = body['items'] as Body[];
    await site.user.patch(`/budgets/${String(budget?.['id'])}`, { hard_tokens: 1_000_000 });
    expect((await site.user.post(`/projects/${id}/resume`)).status).toBe(202);
    expect(await stateAt(id, 'completed')).toMatchObject({ run_id: runId, iteration: 3 });
    expect((await told()).filter((status) => status === 'paused' || status === 'completed')).toEqual([
      'paused',
      'completed',
    ]);
    expect(Math.max(...Object.values(site.models.counts.byKey))).toBe(1);
  });

  it('is not there for strangers, nor before anything was started', async () => {
    const { body } = await site.user.post('/projects', { name: 'Empty' });
    const id = String(body['id']);
    expect(body['run_id']).toBeNull();
    expect(await stateOf(id)).toMatchObject({ code: 'SWARM_NOT_FOUND' });
    expect((await site.user.get(`/projects/${id}/tasks`)).body).toEqual({ items: [], next_cursor: null });
    expect((await site.user.post(`/projects/${id}/start`)).body).toMatchObject({ code: 'INVALID_INPUT' });
    const stranger = await SignedInClient.signUp(site.app.url);
    expect((await stranger.post(`/projects/${id}/start`, { prompt: 'Mine' })).body).toMatchObject({
      code: 'PROJECT_NOT_FOUND',
    });
  });
});

async function projectEvents(id: string): Promise<Array<{ type: string; data: Body }>> {
  const { body } = await site.user.get(`/events?stream=project:${id}&limit=1000`);
  return body['items'] as Array<{ type: string; data: Body }>;
}
