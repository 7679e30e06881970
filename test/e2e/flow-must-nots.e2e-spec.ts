import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlowClient, graphOf } from '../support/flow-client.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let app: TestApp;
let user: SignedInClient;
let flows: FlowClient;

const start = () =>
  createTestApp({ database: { url: database.url }, auth: { jwtSecret: 'the same in both processes, always' } });

beforeAll(async () => {
  database = await createTestDatabase();
  app = await start();
  user = await SignedInClient.signUp(app.url);
  flows = new FlowClient(user);
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

const times = (text: string, part: string) => text.split(part).length - 1;

/** What went wrong where these flows were run before. Each must not come back. */
describe('a flow must not', () => {
  it('give a consumer the text of an initial prompt and its version with characters, but that version alone', async () => {
    const graph = graphOf('ada>prompt:adapter-in prompt>out', {
      ada: ['consistentCharacter', { characterName: 'Ada', characterDescription: 'tall, red coat' }],
      prompt: ['initialPrompt', { text: 'A walk by the sea' }],
      out: ['textOutput'],
    });
    const { body } = await flows.run(graph);
    const { out } = body['outputs'] as { out: { text: string } };
    const written = (await flows.events(body['run_id'])).find(
      ({ type, data }) => type === 'execution.node.completed' && data['node_id'] === 'prompt',
    );
    expect(written?.data['output']).toMatchObject({ text: out.text });
    expect(out.text).not.toBe('');
  });

  it("give a consumer a character's text and description", async () => {
    const graph = graphOf('ada>out ada>out:adapter-in ada>plain', {
      ada: ['consistentCharacter', { characterName: 'Ada', characterDescription: 'tall, red coat' }],
      out: ['promptEnhancer', { notes: 'say it again' }],
      plain: ['textOutput'],
    });
    const { body } = await flows.run(graph);
    const { plain } = body['outputs'] as { plain: { text: string } };
    expect(times(plain.text, 'tall, red coat')).toBe(1);
    const told = (await flows.events(body['run_id'])).find(
      ({ type, data }) => type === 'execution.node.completed' && data['node_id'] === 'ada',
    );
    expect(told?.data['output']).not.toHaveProperty('text');
  });

  it('emit execution.started twice', async () => {
    const { body } = await flows.run(graphOf('a>b', { a: ['initialPrompt', { text: 'x' }], b: ['textOutput'] }));
    const types = (await flows.events(body['run_id'])).map(({ type }) => type);
    expect(types.filter((type) => type === 'execution.started')).toEqual(['execution.started']);
  });

  it("run a client's nodes under a flow that is not the caller's", async () => {
    const other = await SignedInClient.signUp(app.url);
    const { body: flow } = await other.post('/flows', { name: 'theirs' });
    const graph = graphOf('', { a: ['textOutput'] });
    expect(await flows.run(graph, { flow_id: flow['id'] })).toMatchObject({ status: 404 });
    expect((await other.get('/runs')).body['items']).toEqual([]);
  });

  it('report a run with failed nodes as plainly completed', async () => {
    const graph = graphOf('bad>lost fine>out', {
      bad: ['httpRequest', { url: 'http://127.0.0.1/' }],
      lost: ['textOutput'],
      fine: ['initialPrompt', { text: 'x' }],
      out: ['textOutput'],
    });
    const { body } = await flows.run(graph);
    expect(body).toMatchObject({ status: 'completed', failed_nodes: [{ node_id: 'bad' }] });
    expect(Object.keys(body['outputs'] as object)).toEqual(['out']);
    const run = await user.get(`/runs/${String(body['run_id'])}`);
    expect(run.body).toMatchObject({ status: 'completed', failed_nodes: [{ node_id: 'bad' }] });
    const last = (await flows.events(body['run_id'])).at(-1);
    expect(last).toMatchObject({ type: 'execution.completed', data: { failed_nodes: [{ node_id: 'bad' }] } });
  });

  it('tell what happens in another order than it happened', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `n${index}`);
    const line = ids.slice(1).map((id, index) => `n${Math.floor(index / 2)}>${id}`);
    const nodes = Object.fromEntries(ids.map((id) => [id, ['textOutput'] as const]));
    const graph = graphOf(line.join(' '), nodes);
    const { body } = await flows.run(graph);
    const events = await flows.events(body['run_id']);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const at = (id: unknown, what: string) =>
      events.findIndex(({ type, data }) => data['node_id'] === id && (type.endsWith(what) || data['status'] === what));
    for (const { source, target } of graph.edges) {
      expect(at(source, 'running')).toBeLessThan(at(source, 'completed'));
      expect(at(source, 'completed')).toBeLessThan(at(target, 'running'));
    }
  });

  it('lose a run at a restart', async () => {
    const graph = graphOf('a>ask ask>out', {
      a: ['initialPrompt', { text: 'x' }],
      ask: ['approval'],
      out: ['textOutput'],
    });
    const { body } = await flows.run(graph, { wait_seconds: 0 });
    const runId = String(body['run_id']);
    await flows.untilEvent(runId, 'approval.requested');
    await app.close();
    app = await start();
    const again = user.at(app.url);
    await again.post(`/runs/${runId}/signals/approval:ask`, { decision: 'approve' });
    flows = new FlowClient(again);
    const { data } = await flows.untilEvent(runId, 'execution.completed');
    expect(data).toMatchObject({ outputs: { out: { text: 'x' } } });
    expect(await flows.nodesOf(runId, 'execution.node.completed')).toEqual(['a', 'ask', 'out']);
  });
});
