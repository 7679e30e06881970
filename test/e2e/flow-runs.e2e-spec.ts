import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROVIDER_NAMES } from '../../src/config/provider-names.js';
import type { Answer } from '../support/api-client.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { ModelServer } from '../support/model-server/model-server.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

let models: ModelServer;
let app: TestApp;
let user: SignedInClient;

beforeAll(async () => {
  models = await ModelServer.start();
  const none = Object.fromEntries(
    PROVIDER_NAMES.map((name) => [name, {}]),
  ) as TestApp['config']['providers']['credentials'];
  const credentials = { ...none, openai: { baseUrl: models.baseUrl } };
  app = await createTestApp({ providers: { credentials } });
  user = await SignedInClient.signUp(app.url);
});
afterAll(async () => {
  await app?.close();
  await models?.close();
});
beforeEach(() => {
  models.setScript();
  models.log.clear();
});

//  prompt -> german -> out
//  prompt -> french -> out
const NODES = [
  { id: 'prompt', type: 'initialPrompt', data: { text: 'A lighthouse' } },
  { id: 'german', type: 'translator', data: { language: 'de', retry: { attempts: 3, backoff_ms: 10 } } },
  { id: 'french', type: 'translator', data: { language: 'fr' } },
  { id: 'out', type: 'textOutput' },
];
const EDGES = [
  { source: 'prompt', target: 'german' },
  { source: 'prompt', target: 'french' },
  { source: 'german', target: 'out' },
  { source: 'french', target: 'out' },
];

function runGraph(more: object = {}): Promise<Answer<Readonly<Record<string, unknown>>>> {
  return user.post('/execution/run', { nodes: NODES, edges: EDGES, wait_seconds: 20, ...more });
}

async function eventsOf(runId: unknown): Promise<Array<{ type: string; seq: number; data: Record<string, unknown> }>> {
  const { body } = await user.get(`/runs/${String(runId)}/events?limit=1000`);
  return body['items'] as Array<{ type: string; seq: number; data: Record<string, unknown> }>;
}

describe('POST /execution/run', () => {
  it('runs a graph to its end and answers the outputs', async () => {
    models.setScript(
      { content: 'German', answer: { text: 'Ein Leuchtturm' } },
      { content: 'French', answer: { text: 'Un phare' } },
    );
    const { status, headers, body } = await runGraph();
    expect(status).toBe(200);
    expect(headers.get('x-run-id')).toBe(body['run_id']);
    expect(body).toMatchObject({
      status: 'completed',
      reused: [],
      failed_nodes: [],
      outputs: { out: { text: 'Ein Leuchtturm\n\nUn phare' } },
    });
    expect(models.counts).toMatchObject({ total: 2, answered: 2 });
  });

  it('tells what happens as numbered events without a gap', async () => {
    const { body } = await runGraph();
    const events = await eventsOf(body['run_id']);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events[0]?.type).toBe('execution.started');
    expect(events.at(-1)).toMatchObject({ type: 'execution.completed', data: { failed_nodes: [] } });
    const completed = events
      .filter(({ type }) => type === 'execution.node.completed')
      .map(({ data }) => String(data['node_id']));
    expect(completed.toSorted()).toEqual(['french', 'german', 'out', 'prompt']);
    expect(events.filter(({ type }) => type === 'execution.started')).toHaveLength(1);
  });

  it('answers 202 at once when one does not wait', async () => {
    const { status, body, headers } = await runGraph({ wait_seconds: 0 });
    expect(status).toBe(202);
    expect(body).toEqual({
      run_id: headers.get('x-run-id'),
      status: expect.stringMatching(/queued|running/),
      reused: [],
    });
    await expect.poll(async () => (await eventsOf(body['run_id'])).at(-1)?.type).toBe('execution.completed');
  });

  it('tries again what a provider failed at, under the same idempotency key', async () => {
    const fault = { kind: 'status' as const, status: 503 };
    models.setScript({ content: 'German', times: 2, answer: { fault } });
    const { body } = await runGraph();
    expect(body).toMatchObject({ status: 'completed' });
    const german = models.calls.filter(({ body: asked }) => JSON.stringify(asked).includes('German'));
    expect(new Set(german.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(german).toHaveLength(3);
    const statuses = (await eventsOf(body['run_id'])).map(
      ({ data }) => `${String(data['node_id'])} ${String(data['status'])}`,
    );
    expect(statuses.filter((status) => status === 'german retrying')).toHaveLength(2);
  });

  it('ends failed, with the failed nodes, when no output was reached', async () => {
    models.setScript({ content: 'French', answer: { fault: { kind: 'status', status: 401 } } });
    const { status, body } = await runGraph();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'failed',
      error: { code: 'FLOW_FAILED' },
      failed_nodes: [{ node_id: 'french', error: { code: 'MODEL_CREDENTIALS_REFUSED' } }],
    });
  });

  it('refuses an invalid graph with every fault, and starts nothing', async () => {
    const nodes = [...NODES, { id: 'out', type: 'nonsense' }];
    const { status, body } = await runGraph({ nodes, inputs: { gone: {} } });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'FLOW_INVALID',
      errors: [{ path: '/nodes/4/id' }, { path: '/nodes/4/type' }, { path: '/inputs/gone' }],
    });
    expect(await user.post('/execution/run', {})).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/nodes' }] },
    });
    expect(models.counts.total).toBe(0);
  });

  it('ends a run that takes longer than it may, and stops asking', async () => {
    models.setScript({ answer: { fault: { kind: 'hang', after: 1 } } });
    const { body } = await runGraph({ timeout_ms: 400 });
    expect(body).toMatchObject({ status: 'failed', error: { code: 'RUN_TIMED_OUT' } });
    await expect.poll(() => models.counts.open, { timeout: 5_000 }).toBe(0);
  });

  it('stops asking the provider when the run is cancelled', async () => {
    models.setScript({ answer: { fault: { kind: 'hang', after: 1 } } });
    const { body } = await runGraph({ wait_seconds: 0 });
    await expect.poll(() => models.counts.open).toBe(2);
    expect((await user.post(`/runs/${String(body['run_id'])}/cancel`)).status).toBe(202);
    await expect.poll(() => models.counts.open, { timeout: 5_000 }).toBe(0);
    await expect.poll(async () => (await eventsOf(body['run_id'])).at(-1)?.type).toBe('execution.cancelled');
  });
});

describe('POST /flows/{id}/run', () => {
  it('runs the stored flow as a function of its inputs, and records flow and version', async () => {
    const { body: flow } = await user.post('/flows', { nodes: NODES, edges: EDGES });
    const inputs = { prompt: { text: 'A ship' } };
    const { status, body } = await user.post(`/flows/${String(flow['id'])}/run`, { inputs, wait_seconds: 20 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ outputs: { out: { text: 'Answer to: A ship\n\nAnswer to: A ship' } } });
    const run = await user.get(`/runs/${String(body['run_id'])}`);
    expect(run.body).toMatchObject({ kind: 'flow', status: 'completed', flow_id: flow['id'], flow_version: 1 });
  });

  it("runs nobody's flow but one's own, on either route", async () => {
    const { body: flow } = await user.post('/flows', { nodes: NODES, edges: EDGES });
    const other = await SignedInClient.signUp(app.url);
    const answers = [
      await other.post(`/flows/${String(flow['id'])}/run`),
      await other.post('/execution/run', { flow_id: flow['id'] }),
      await other.post('/execution/run', { flow_id: flow['id'], nodes: NODES, edges: EDGES }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it('runs a draft under its flow', async () => {
    const { body: flow } = await user.post('/flows', { name: 'empty' });
    const { body } = await runGraph({ flow_id: flow['id'] });
    const run = await user.get(`/runs/${String(body['run_id'])}`);
    expect(run.body).toMatchObject({ status: 'completed', flow_id: flow['id'] });
  });
});
