import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROVIDER_NAMES } from '../../src/config/provider-names.js';
import { FlowClient, graphOf, type NodeData } from '../support/flow-client.js';
import { ModelServer } from '../support/model-server/model-server.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

let models: ModelServer;
let app: TestApp;
let user: SignedInClient;
let flows: FlowClient;

beforeAll(async () => {
  models = await ModelServer.start();
  const none = Object.fromEntries(
    PROVIDER_NAMES.map((name) => [name, {}]),
  ) as TestApp['config']['providers']['credentials'];
  app = await createTestApp({ providers: { credentials: { ...none, openai: { baseUrl: models.baseUrl } } } });
  user = await SignedInClient.signUp(app.url);
  flows = new FlowClient(user);
});
afterAll(async () => {
  await app?.close();
  await models?.close();
});
beforeEach(() => {
  models.setScript();
  models.log.clear();
});

//  prompt -> german -> polite -> out
//  prompt -> french -----------> out
function graph(german: NodeData = {}, prompt = 'A lighthouse') {
  return graphOf('prompt>german prompt>french german>polite polite>out french>out', {
    prompt: ['initialPrompt', { text: prompt }],
    german: ['translator', { language: 'de', ...german }],
    french: ['translator', { language: 'fr' }],
    polite: ['grammarFix', { style: 'formal' }],
    out: ['textOutput'],
  });
}

const reusedIn = (body: Readonly<Record<string, unknown>>) =>
  (body['reused'] as Array<{ node_id: string }>).map(({ node_id: id }) => id).toSorted();

describe('from_run_id', () => {
  it('runs nothing again that would do the same, and says where each output is from', async () => {
    const { body: first } = await flows.run(graph());
    models.log.clear();
    const { body } = await flows.run(graph(), { from_run_id: first['run_id'] });
    expect(body).toMatchObject({ status: 'completed', outputs: first['outputs'] });
    expect(reusedIn(body)).toEqual(['french', 'german', 'out', 'polite', 'prompt']);
    expect(body['reused']).toContainEqual({ node_id: 'german', from_run_id: first['run_id'] });
    expect(models.counts.total).toBe(0);
    const events = await flows.events(body['run_id']);
    const cached = events.filter(({ data }) => data['cached'] === true);
    expect(cached).toHaveLength(5);
    expect(cached[0]?.data).toMatchObject({ from_run_id: first['run_id'] });
    expect(events.filter(({ data }) => data['status'] === 'running')).toEqual([]);
  });

  it.each([
    ['a field', { data: { language: 'sv' } }],
    ['the model', { data: { model: 'another' } }],
    ['the temperature', { data: { temperature: 0.1 } }],
  ])('runs what changed by %s, and what depends on it', async (_, { data }) => {
    const { body: first } = await flows.run(graph());
    models.log.clear();
    const { body } = await flows.run(graph(data), { from_run_id: first['run_id'] });
    expect(body['status']).toBe('completed');
    expect(reusedIn(body)).toEqual(['french', 'prompt']);
    expect(models.counts.total).toBe(2);
  });

  it('runs all of it when the first node changed, whether by its data or by inputs', async () => {
    const { body: first } = await flows.run(graph());
    for (const changed of [
      [graph({}, 'A ship'), {}],
      [graph(), { inputs: { prompt: { text: 'A ship' } } }],
    ] as const) {
      const { body } = await flows.run(changed[0], { ...changed[1], from_run_id: first['run_id'] });
      expect(body['reused']).toEqual([]);
    }
  });

  it('is not moved by a label, a place on the canvas, or how often a node is tried', async () => {
    const { body: first } = await flows.run(graph());
    const moved = graph({ label: 'Deutsch', retry: { attempts: 2 } });
    const { body } = await flows.run(moved, { from_run_id: first['run_id'] });
    expect(reusedIn(body)).toHaveLength(5);
  });

  it('goes on behind what failed', async () => {
    models.setScript({ content: 'formal', answer: { fault: { kind: 'status', status: 401 } } });
    const { body: first } = await flows.run(graph());
    expect(first).toMatchObject({ status: 'failed', failed_nodes: [{ node_id: 'polite' }] });
    models.setScript();
    const { body } = await flows.run(graph(), { from_run_id: first['run_id'] });
    expect(body['status']).toBe('completed');
    expect(reusedIn(body)).toEqual(['french', 'german', 'prompt']);
    const again = await flows.run(graph(), { from_run_id: body['run_id'] });
    expect(reusedIn(again.body)).toHaveLength(5);
  });

  it('has outputs whole that were too large for an event', async () => {
    const large = 'word '.repeat(40_000).trim();
    const small = graphOf('prompt>out', { prompt: ['initialPrompt', { text: large }], out: ['textOutput'] });
    const { body: first } = await flows.run(small);
    const { body } = await flows.run(small, { from_run_id: first['run_id'] });
    expect(reusedIn(body)).toEqual(['out', 'prompt']);
    expect(body).toMatchObject({ outputs: { out: { text: large } } });
    const told = (await flows.events(body['run_id'])).find(({ data }) => data['node_id'] === 'prompt');
    expect(JSON.stringify(told).length).toBeLessThan(2_000);
    const third = await flows.run(small, { from_run_id: body['run_id'] });
    expect(third.body).toMatchObject({ outputs: { out: { text: large } } });
  });

  it("answers 404 for another's run", async () => {
    const { body: first } = await flows.run(graph());
    const other = await SignedInClient.signUp(app.url);
    const answer = await new FlowClient(other).run(graph(), { from_run_id: first['run_id'] });
    expect(answer).toMatchObject({ status: 404, body: { code: 'RUN_NOT_FOUND' } });
  });
});

describe('trigger_node_id', () => {
  const cached = { prompt: 'A tower', german: { text: 'Ein Turm' }, french: { text: 'Une tour' }, out: 'stale' };

  it('runs the trigger and what is below it on the outputs that are sent', async () => {
    const { body } = await flows.run(graph(), { trigger_node_id: 'polite', cached_outputs: cached });
    expect(body).toMatchObject({ outputs: { out: { text: 'Answer to: Ein Turm\n\nUne tour' } } });
    expect(reusedIn(body)).toEqual(['french', 'german', 'prompt']);
    expect(body['reused']).toContainEqual({ node_id: 'german' });
    expect(models.counts.total).toBe(1);
    const made = (await flows.events(body['run_id'])).filter(({ data }) => data['status'] === 'running');
    expect(made.map(({ data }) => data['node_id'])).toEqual(['polite', 'out']);
  });

  it('ignores what is sent for the trigger and below it, and runs what is above without an output', async () => {
    const { body } = await flows.run(graph(), {
      trigger_node_id: 'german',
      cached_outputs: { german: 'stale', polite: 'stale', out: 'stale', french: 'Une tour', gone: 'whatever' },
    });
    expect(body).toMatchObject({ outputs: { out: { text: 'Answer to: Answer to: A lighthouse\n\nUne tour' } } });
    expect(reusedIn(body)).toEqual(['french']);
  });

  it('leaves out what has nothing to do with it', async () => {
    const two = graphOf('a>b x>y', {
      a: ['initialPrompt', { text: 'A' }],
      b: ['textOutput'],
      x: ['initialPrompt', { text: 'X' }],
      y: ['textOutput'],
    });
    const { body } = await flows.run(two, { trigger_node_id: 'b' });
    expect(body['outputs']).toEqual({ b: expect.objectContaining({ text: 'A' }) });
    expect(await flows.nodesOf(body['run_id'], 'execution.node.completed')).toEqual(['a', 'b']);
  });

  it('takes outputs from an earlier run', async () => {
    const { body: first } = await flows.run(graph());
    models.log.clear();
    const { body } = await flows.run(graph(), { trigger_node_id: 'polite', from_run_id: first['run_id'] });
    expect(reusedIn(body)).toEqual(['french', 'german', 'prompt']);
    expect(models.counts.total).toBe(1);
  });

  it('refuses a trigger that is not there and outputs that are none, all at once', async () => {
    const { status, body } = await flows.run(graph(), {
      trigger_node_id: 'gone',
      cached_outputs: { german: 7, french: { text: 7 } },
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'FLOW_INVALID' });
    const paths = (body['errors'] as Array<{ path: string }>).map(({ path }) => path);
    expect(paths).toEqual(['/trigger_node_id', '/cached_outputs/german', '/cached_outputs/french']);
  });
});
