import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlowClient, graphOf, type NodeData } from '../support/flow-client.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { SocketReader } from '../support/socket-reader.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let user: SignedInClient;
let flows: FlowClient;
let site: Server;
let siteUrl: string;

/** Says what it was asked; `/to?…` redirects, `/big` has two megabytes, `/down` is down. */
function startSite(): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site');
    if (pathname === '/to') return response.writeHead(302, { location: searchParams.get('where') ?? '' }).end();
    if (pathname === '/big') return response.end('x'.repeat(2 * 1024 * 1024));
    if (pathname === '/down') return response.writeHead(400).end('no');
    if (pathname === '/slow') return undefined;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      response.end(JSON.stringify({ method, url, token: headers['x-token'], body: Buffer.concat(chunks).toString() }));
    });
    return undefined;
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

beforeAll(async () => {
  site = await startSite();
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  app = await createTestApp({ network: { allowedAddresses: ['127.0.0.1'] } });
  user = await SignedInClient.signUp(app.url);
  flows = new FlowClient(user);
});
afterAll(async () => {
  site?.closeAllConnections();
  site?.close();
  await app?.close();
});

const failures = (body: Readonly<Record<string, unknown>>) =>
  (body['failed_nodes'] as Array<{ node_id: string; error: { code: string } }>).map(
    ({ node_id: id, error }) => `${id} ${error.code}`,
  );

describe('approval', () => {
  const graph = (data: NodeData = {}) =>
    graphOf('prompt>ask ask>out prompt>side', {
      prompt: ['initialPrompt', { text: 'A lighthouse' }],
      ask: ['approval', { prompt: 'May it go out?', ...data }],
      out: ['textOutput'],
      side: ['textOutput'],
    });

  async function asked(data: NodeData = {}): Promise<string> {
    const { body } = await flows.run(graph(data), { wait_seconds: 0 });
    await flows.untilEvent(body['run_id'], 'approval.requested');
    return String(body['run_id']);
  }

  const signal = (runId: string, body: object) => user.post(`/runs/${runId}/signals/approval:ask`, body);

  it('waits without holding the run, and goes on when a person approves', async () => {
    const runId = await asked();
    const { data } = await flows.untilEvent(runId, 'approval.requested');
    expect(data).toMatchObject({
      run_id: runId,
      key: 'approval:ask',
      prompt: 'May it go out?',
      options: ['approve', 'reject'],
      node_id: 'ask',
      text: 'A lighthouse',
    });
    await expect.poll(async () => (await user.get(`/runs/${runId}`)).body['status']).toBe('waiting');
    expect((await signal(runId, { decision: 'approve' })).status).toBe(202);
    const { data: ended } = await flows.untilEvent(runId, 'execution.completed');
    expect(ended).toMatchObject({ outputs: { out: { text: 'A lighthouse' } }, failed_nodes: [] });
    expect((await flows.untilEvent(runId, 'approval.resolved')).data).toMatchObject({ decision: 'approve' });
    expect((await signal(runId, { decision: 'approve' })).status).toBe(409);
  });

  it('passes on what the person wrote instead', async () => {
    const runId = await asked();
    await signal(runId, { decision: 'approve', data: { text: 'A tower' } });
    const { data } = await flows.untilEvent(runId, 'execution.completed');
    expect(data).toMatchObject({ outputs: { out: { text: 'A tower' }, side: { text: 'A lighthouse' } } });
  });

  it('fails the node when it is rejected, and goes on elsewhere', async () => {
    const runId = await asked();
    await signal(runId, { decision: 'reject', data: { why: 'too dark' } });
    const { data } = await flows.untilEvent(runId, 'execution.completed');
    expect(failures(data)).toEqual(['ask APPROVAL_REJECTED']);
    expect(data).toMatchObject({ outputs: { side: { text: 'A lighthouse' } } });
    const failed = await flows.untilEvent(runId, 'execution.node.failed');
    expect(failed.data).toMatchObject({ node_id: 'ask', error: { details: { data: { why: 'too dark' } } } });
  });

  it('does not take a misspelt decision for a refusal', async () => {
    const runId = await asked();
    const misspelt = await signal(runId, { decision: 'approved' });
    expect(misspelt).toMatchObject({ status: 400, body: { errors: [{ path: '/decision' }] } });
    expect((await signal(runId, { decision: 'approve' })).status).toBe(202);
    await flows.untilEvent(runId, 'execution.completed');
  });

  it('gives up after its time', async () => {
    const { body } = await flows.run(graph({ timeout_ms: 300 }));
    expect(failures(body)).toEqual(['ask WAIT_TIMED_OUT']);
    const { data } = await flows.untilEvent(body['run_id'], 'approval.requested');
    expect(Date.parse(String(data['expires_at']))).toBeGreaterThan(0);
  });

  it('is asked and answered over a socket that follows the run, once, and by its owner alone', async () => {
    const reader = await SocketReader.connect(app.url, user.token);
    const { run_id } = (await reader.send('execution.start', graph())) as unknown as { run_id: string };
    await reader.until(() => reader.of('approval.requested').length === 1);
    const { key } = reader.of('approval.requested')[0]?.data ?? {};
    const other = await SocketReader.connect(app.url, (await SignedInClient.signUp(app.url)).token);
    const signalOf = { run_id, key, decision: 'approve' };
    expect(await other.send('execution.signal', signalOf)).toMatchObject({ error: { code: 'RUN_NOT_FOUND' } });
    expect(await reader.send('execution.signal', signalOf)).toMatchObject({ ok: true, run_id });
    await reader.until(() => reader.of('execution.completed').length === 1);
    const types = reader.envelopes.map(({ type }) => type).filter((type) => /approval|completed$/.test(type));
    expect(types.filter((type) => type.startsWith('approval'))).toEqual(['approval.requested', 'approval.resolved']);
    expect(await reader.send('execution.signal', signalOf)).toMatchObject({ error: { code: 'RUN_ENDED' } });
    reader.socket.close();
    other.socket.close();
  });
});

describe('condition', () => {
  const graph = (expression: string, text = 'A lighthouse by the sea') =>
    graphOf('prompt>if if.text-true>yes if.text-false>no', {
      prompt: ['initialPrompt', { text }],
      if: ['condition', { expression }],
      yes: ['textOutput'],
      no: ['textOutput'],
    });

  it.each([
    ['text.contains("sea")', 'yes'],
    ['size(text) > 100', 'no'],
    ['json == null && size(personas) == 0', 'yes'],
  ])('takes the way that %s says', async (expression, taken) => {
    const { body } = await flows.run(graph(expression));
    expect(body).toMatchObject({ status: 'completed', failed_nodes: [] });
    expect(Object.keys(body['outputs'] as object)).toEqual([taken]);
    const skipped = (await flows.events(body['run_id'])).filter(({ data }) => data['status'] === 'skipped');
    expect(skipped.map(({ data }) => data['node_id'])).toEqual([taken === 'yes' ? 'no' : 'yes']);
  });

  it('reads JSON, and fails on what is not there', async () => {
    const json = '{"score": 8}';
    expect((await flows.run(graph('json.score > 5', json))).body).toMatchObject({ outputs: { yes: { text: json } } });
    expect(failures((await flows.run(graph('json.missing > 5', json))).body)).toEqual(['if EXPRESSION_FAILED']);
  });

  it('is refused before the run when it is no condition', async () => {
    const { status, body } = await flows.run(graph('size(text)'));
    expect(status).toBe(400);
    expect(body).toMatchObject({
      errors: [{ path: '/nodes/1/data/expression', code: 'FIELD_INVALID', node_id: 'if' }],
    });
  });
});

describe('httpRequest', () => {
  const run = (data: NodeData, text = 'blue & red') =>
    flows.run(
      graphOf('prompt>call call>out', {
        prompt: ['initialPrompt', { text }],
        call: ['httpRequest', data],
        out: ['textOutput'],
      }),
    );

  it('calls with the text in address, headers and body, and gives the answer', async () => {
    const headers = 'X-Token: abc\n';
    const { body } = await run({ url: `${siteUrl}/say?q={{text}}`, method: 'POST', headers, body: 'Say {{text}}!' });
    const { out } = body['outputs'] as { out: { text: string } };
    expect(JSON.parse(out.text)).toEqual({
      method: 'POST',
      url: '/say?q=blue%20%26%20red',
      token: 'abc',
      body: 'Say blue & red!',
    });
  });

  it('yields text by every method that can be chosen', async () => {
    const { body: component } = await user.get('/components/httpRequest');
    const fields = component['fields'] as { key: string; options?: { value: string }[] }[];
    const methods = fields.find(({ key }) => key === 'method')?.options?.map(({ value }) => value) ?? [];
    expect(methods.length).toBeGreaterThan(1);
    const answers = await Promise.all(methods.map((method) => run({ url: `${siteUrl}/say`, method })));
    const texts = answers.map(({ body }) => (body['outputs'] as { out: { text: string } }).out.text);
    expect(texts.map((text) => (JSON.parse(text) as { method: string }).method)).toEqual(methods);
  });

  it.each([
    ['a status that is no success', '/down', 'HTTP_STATUS'],
    ['an answer that is too large', '/big', 'ANSWER_TOO_LARGE'],
    ['a redirect to an address that is not allowed', '/to?where=http://127.0.0.2/', 'ADDRESS_NOT_ALLOWED'],
    ['a redirect to metadata', '/to?where=http://169.254.169.254/latest', 'ADDRESS_NOT_ALLOWED'],
  ])('fails on %s', async (_, path, code) => {
    expect(failures((await run({ url: `${siteUrl}${path}` })).body)).toEqual([`call ${code}`]);
  });

  it('gives up after its time', async () => {
    const { body } = await run({ url: `${siteUrl}/slow`, timeout_ms: 200 });
    expect(failures(body)[0]).toMatch(/call (REQUEST|STEP)_TIMED_OUT/);
  });
});

describe('subflow', () => {
  async function save(graph: object, name = 'inner'): Promise<string> {
    const { body } = await user.post('/flows', { name, ...graph });
    return String(body['id']);
  }
  const inner = graphOf('start>out', { start: ['initialPrompt', { text: 'default' }], out: ['textOutput'] });
  const outer = (flowId: string, data: NodeData = {}) =>
    graphOf('prompt>sub sub>out', {
      prompt: ['initialPrompt', { text: 'handed in' }],
      sub: ['subflow', { flow_id: flowId, ...data }],
      out: ['textOutput'],
    });

  it('runs as a run of its own, with the text, and gives its outputs', async () => {
    const id = await save(inner);
    const { body } = await flows.run(outer(id));
    expect(body).toMatchObject({ status: 'completed', outputs: { out: { text: 'handed in' } } });
    const { items } = (await user.get('/runs?kind=flow')).body as { items: Array<Record<string, unknown>> };
    const child = items.find((run) => run['parent_run_id'] === body['run_id']);
    expect(child).toMatchObject({ status: 'completed', flow_id: id, flow_version: 1 });
    const told = (await flows.events(body['run_id'])).filter(({ data }) => 'child_run_id' in data);
    expect(told.map(({ data }) => data['child_run_id'])).toEqual([child?.['id']]);
  });

  it('keeps to the version that is asked for, and runs again when the flow has changed', async () => {
    const id = await save(inner);
    const { body: first } = await flows.run(outer(id));
    const changed = graphOf('start>out other>out', {
      start: ['initialPrompt', {}],
      other: ['initialPrompt', { text: 'and more' }],
      out: ['textOutput'],
    });
    await user.patch(`/flows/${id}`, changed);
    const { body } = await flows.run(outer(id), { from_run_id: first['run_id'] });
    expect(body).toMatchObject({ outputs: { out: { text: 'handed in\n\nand more' } } });
    expect(body['reused']).toEqual([{ node_id: 'prompt', from_run_id: first['run_id'] }]);
    const old = await flows.run(outer(id, { flow_version: 1 }));
    expect(old.body).toMatchObject({ outputs: { out: { text: 'handed in' } } });
  });

  it('runs again when the flow around it has another provider, for its own nodes fall back to that', async () => {
    const id = await save(inner);
    const { body: first } = await flows.run(outer(id));
    const { body } = await flows.run(outer(id), { from_run_id: first['run_id'], provider_id: 'offline' });
    expect(body['reused']).not.toContainEqual(expect.objectContaining({ node_id: 'sub' }));
  });

  it("fails the node with the child's failure", async () => {
    const id = await save(graphOf('a>b', { a: ['initialPrompt'], b: ['httpRequest', { url: 'http://10.0.0.1/' }] }));
    const { body } = await flows.run(outer(id));
    expect(failures(body)).toEqual(['sub FLOW_FAILED']);
  });

  it('tells what failed inside of it where outputs were produced all the same', async () => {
    const partly = graphOf('start>out bad>lost', {
      start: ['initialPrompt'],
      out: ['textOutput'],
      bad: ['httpRequest', { url: 'http://10.0.0.1/' }],
      lost: ['textOutput'],
    });
    const { body } = await flows.run(outer(await save(partly)));
    expect(body).toMatchObject({ status: 'completed', outputs: { out: { text: 'handed in' } } });
    expect(failures(body)).toEqual(['sub SUBFLOW_INCOMPLETE']);
    expect(body).toMatchObject({ failed_nodes: [{ error: { details: { failed_nodes: [{ node_id: 'bad' }] } } }] });
  });

  it('refuses before the run what is not there, not yours, or goes round', async () => {
    const other = await SignedInClient.signUp(app.url);
    const { body: foreign } = await other.post('/flows', inner);
    const a = await save(inner, 'a');
    const b = await save(outer(a), 'b');
    await user.put(`/flows/${a}`, outer(b));
    const codes = await Promise.all(
      [foreign['id'], '0198f7d0-0000-7000-8000-000000000000', 'nonsense', a].map(async (id) => {
        const { status, body } = await flows.run(outer(String(id)));
        const [error] = body['errors'] as Array<{ path: string; code: string }>;
        return `${status} ${error?.path} ${error?.code}`;
      }),
    );
    expect(codes).toEqual([
      ...Array<string>(3).fill('400 /nodes/1/data/flow_id SUBFLOW_NOT_FOUND'),
      '400 /nodes/1/data/flow_id SUBFLOW_CYCLE',
    ]);
    expect((await user.post(`/flows/${a}/run`)).body).toMatchObject({ errors: [{ code: 'SUBFLOW_CYCLE' }] });
  });

  it('goes five deep and no deeper', async () => {
    let id = await save(inner, 'depth 1');
    for (let depth = 2; depth <= 5; depth += 1) id = await save(outer(id), `depth ${depth}`);
    expect((await flows.run(outer(id))).body).toMatchObject({ outputs: { out: { text: 'handed in' } } });
    const deeper = await save(outer(id), 'depth 6');
    expect((await flows.run(outer(deeper))).body).toMatchObject({ errors: [{ code: 'SUBFLOW_TOO_DEEP' }] });
  });

  it('is cancelled with its parent', async () => {
    const id = await save(graphOf('a>b b>c', { a: ['initialPrompt'], b: ['approval'], c: ['textOutput'] }));
    const { body } = await flows.run(outer(id), { wait_seconds: 0 });
    await expect
      .poll(async () => (await flows.events(body['run_id'])).some(({ data }) => 'child_run_id' in data))
      .toBe(true);
    const started = (await flows.events(body['run_id'])).find(({ data }) => 'child_run_id' in data);
    const childId = started?.data['child_run_id'];
    await flows.untilEvent(childId, 'approval.requested');
    await user.post(`/runs/${String(body['run_id'])}/cancel`);
    await flows.untilEvent(childId, 'execution.cancelled');
    await flows.untilEvent(body['run_id'], 'execution.cancelled');
  });
});
