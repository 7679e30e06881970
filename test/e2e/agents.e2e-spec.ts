import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AgentSite } from '../support/agent-site.js';
import { SocketReader } from '../support/socket-reader.js';

type Body = Readonly<Record<string, unknown>>;

let site: AgentSite;

beforeAll(async () => {
  site = await AgentSite.open({ agents: { contextTokens: 1_000 } });
});
afterAll(() => site?.close());
beforeEach(() => {
  site.models.setScript();
  site.models.log.clear();
});

async function save(body: object): Promise<Body> {
  const { status, body: agent } = await site.user.post('/agents', body);
  expect(status).toBe(201);
  return agent;
}

describe('definitions', () => {
  it('have defaults, and a version for each change', async () => {
    const { id, ...agent } = await save({ name: 'Ada' });
    expect(agent).toMatchObject({ version: 1, tools: [], max_iterations: 20, memory: { recall: false, write: false } });
    const changed = await site.user.patch(`/agents/${String(id)}`, { system_prompt: 'Be kind.', temperature: 0.3 });
    expect(changed.body).toMatchObject({ version: 2, name: 'Ada', system_prompt: 'Be kind.', temperature: 0.3 });
    expect((await site.user.patch(`/agents/${String(id)}`, { temperature: 0.3 })).body['version']).toBe(2);
    await site.user.patch(`/agents/${String(id)}`, { system_prompt: 'Be brief.', temperature: null });
    const { body: versions } = await site.user.get(`/agents/${String(id)}/versions?limit=2`);
    expect((versions['items'] as Body[]).map(({ version }) => version)).toEqual([3, 2]);
    const { body: diff } = await site.user.get(`/agents/${String(id)}/versions/3/diff`);
    expect(diff).toMatchObject({
      from: 2,
      to: 3,
      changes: [
        { field: 'temperature', before: 0.3, after: null },
        { field: 'system_prompt', patch: expect.stringContaining('-Be kind.\n+Be brief.\n') as string },
      ],
    });
    const restored = await site.user.post(`/agents/${String(id)}/versions/1/restore`);
    expect(restored.body).toMatchObject({ version: 4, system_prompt: '', temperature: null });
    expect((await site.user.get(`/agents/${String(id)}/versions/9`)).body['code']).toBe('AGENT_VERSION_NOT_FOUND');
  });

  it('name no two delegates alike', async () => {
    const delegates = [(await save({ name: 'Look up' }))['id'], (await save({ name: 'look-UP' }))['id']];
    const { status, body } = await site.user.post('/agents', { name: 'Boss', delegates });
    expect([status, (body['errors'] as Body[])[0]]).toMatchObject([
      400,
      { path: '/delegates/1', code: 'DELEGATE_NAME_TAKEN' },
    ]);
  });

  it('are pinned by a run', async () => {
    const { id } = await save({ name: 'Ada', system_prompt: 'First.' });
    site.models.setScript({ answer: { text: 'Well', delayMs: 300 } });
    const { body } = await site.execute({ instruction: 'Go', agent_id: id, wait_seconds: 0 });
    await site.user.patch(`/agents/${String(id)}`, { system_prompt: 'Second.' });
    await site.runs.untilEvent(body['run_id'], 'execution.completed');
    expect(String(site.messages(1)[0]?.['content'])).toMatch(/^First\./);
    const run = (await site.user.get(`/runs/${String(body['run_id'])}`)).body;
    expect(run).toMatchObject({ agent_id: id, agent_version: 1 });
  });
});

describe('conversations', () => {
  it('go on where they were, one run after another', async () => {
    const { body: first } = await site.execute({ instruction: 'My name is Ada.', wait_seconds: 0 });
    const { body: second } = await site.execute({ instruction: 'What is my name?', session_id: first['session_id'] });
    expect(second).toMatchObject({ status: 'completed', session_id: first['session_id'] });
    expect(site.messages(2).slice(1)).toEqual([
      { role: 'user', content: 'My name is Ada.' },
      { role: 'assistant', content: 'Answer to: My name is Ada.' },
      { role: 'user', content: 'What is my name?' },
    ]);
    const path = `/agent-sessions/${String(first['session_id'])}`;
    expect((await site.user.get(path)).body).toMatchObject({ title: 'My name is Ada.', message_count: 4 });
    const { body: said } = await site.user.get(`${path}/messages`);
    expect((said['items'] as Body[]).map(({ seq, role, run_id }) => [seq, role, run_id])).toEqual([
      [1, 'user', first['run_id']],
      [2, 'assistant', first['run_id']],
      [3, 'user', second['run_id']],
      [4, 'assistant', second['run_id']],
    ]);
    expect((await site.user.delete(path)).status).toBe(204);
    expect((await site.user.get(`${path}/messages`)).status).toBe(404);
    const gone = await site.execute({ instruction: 'Hello?', session_id: first['session_id'] });
    expect([gone.status, gone.body['code']]).toEqual([404, 'AGENT_SESSION_NOT_FOUND']);
  });

  it('replace what no longer fits by a summary, which is kept', async () => {
    site.models.setScript({ content: 'Summarise the beginning', answer: { text: 'Ada likes fog.' } });
    const agent = { max_output_tokens: 200 };
    const { body } = await site.execute({ instruction: `I like fog. ${'a long story '.repeat(60)}`, agent });
    const more = { session_id: body['session_id'], agent };
    await site.execute({ instruction: `And rain. ${'another long story '.repeat(60)}`, ...more });
    site.models.log.clear();
    expect((await site.execute({ instruction: 'What do I like?', ...more })).body['status']).toBe('completed');
    expect(site.models.counts.total).toBe(2);
    expect(String(site.messages(2)[0]?.['content'])).toContain('\nAda likes fog.\n</data');
    expect(
      site
        .messages(2)
        .map(({ content }) => String(content))
        .join(),
    ).not.toContain('I like fog');
    const { body: session } = await site.user.get(`/agent-sessions/${String(body['session_id'])}`);
    expect(session).toMatchObject({ message_count: 6, summary: 'Ada likes fog.' });
  });
});

describe('delegation', () => {
  it('is followed live through the whole tree, and resumed by stream', async () => {
    const helper = await save({ name: 'Fog expert', description: 'Knows fog', system_prompt: 'You know fog.' });
    const boss = await save({ name: 'Boss', delegates: [helper['id']] });
    const ask = (question: string) => ({
      name: 'delegate',
      arguments: JSON.stringify({ agent: 'fog  EXPERT', instruction: question }),
    });
    site.models.setScript(
      { content: 'You know fog.', answer: { text: 'Fog is a cloud on the ground.', pieceDelayMs: 30 } },
      { times: 1, answer: { delayMs: 300, toolCalls: [ask('What is fog?'), ask('Where is fog?')] } },
      { answer: { text: 'It is a cloud.' } },
    );
    const { body } = await site.execute({ instruction: 'Explain fog', agent_id: boss['id'], wait_seconds: 0 });
    const root = `run:${String(body['run_id'])}`;
    const reader = await SocketReader.connect(site.app.url, site.user.token);
    await reader.subscribe(root, { tree: true, after: 0 });
    await reader.until(() => reader.of('execution.completed').some(({ stream }) => stream === root));
    const children = reader.of('agent.delegated').map(({ data }) => `run:${String(data['child_run_id'])}`);
    expect(reader.of('agent.delegated').map(({ data }) => data['agent'])).toEqual(['Fog expert', 'Fog expert']);
    for (const child of children) {
      expect(reader.seqs(child)).toEqual(reader.seqs(child).map((_, index) => index + 1));
      expect(reader.of('agent.message').filter(({ stream }) => stream === child)).toHaveLength(1);
    }
    const texts = reader.of('agent.token').filter(({ stream }) => stream === children[0]);
    expect(texts.map(({ data }) => data['text']).join('')).toBe('Fog is a cloud on the ground.');
    reader.close();

    const again = await SocketReader.connect(site.app.url, site.user.token);
    const last = reader.seqs(root).at(-1) ?? 0;
    await again.subscribe(root, { tree: true, after: { [root]: last - 1, [children[0] ?? '']: 2 } });
    await again.until(() => again.of('execution.completed').length === 3);
    expect(again.seqs(root)).toEqual([last]);
    expect(again.seqs(children[0] ?? '')[0]).toBe(3);
    expect(again.seqs(children[1] ?? '')[0]).toBe(1);
    again.close();
    const child = (await site.user.get(`/runs/${children[0]?.slice('run:'.length) ?? ''}`)).body;
    expect(child).toMatchObject({ parent_run_id: body['run_id'], agent_id: helper['id'], agent_version: 1 });
  });

  it('is cancelled with whoever delegated', async () => {
    const helper = await save({ name: 'Sleeper', system_prompt: 'You sleep.' });
    const args = JSON.stringify({ agent: 'Sleeper', instruction: 'Sleep' });
    site.models.setScript(
      { content: 'You sleep.', answer: { fault: { kind: 'hang' } } },
      { answer: { toolCalls: [{ name: 'delegate', arguments: args }] } },
    );
    const agent = { delegates: [helper['id']] };
    const { body } = await site.execute({ instruction: 'Go', agent, wait_seconds: 0 });
    const { data } = await site.runs.untilEvent(body['run_id'], 'agent.delegated');
    await site.user.post(`/runs/${String(body['run_id'])}/cancel`);
    await site.runs.untilEvent(data['child_run_id'], 'execution.cancelled');
    await site.runs.untilEvent(body['run_id'], 'execution.cancelled');
    expect((await site.user.get(`/runs/${String(data['child_run_id'])}`)).body['status']).toBe('cancelled');
  });
});

it('are changed by more at once than there are connections', async () => {
  const project = String((await site.user.post('/projects', { name: 'Busy' })).body['id']);
  const graph = { nodes: [{ id: 'a', type: 'initialPrompt', data: { text: 'Go' } }], edges: [] };
  const made = { name: 'Busy', project_id: project };
  const [agent, flow] = [await site.user.post('/agents', made), await site.user.post('/flows', { ...made, ...graph })];
  const paths = [`/agents/${String(agent.body['id'])}`, `/flows/${String(flow.body['id'])}`];
  const changes = Array.from({ length: 24 }, (_, n) =>
    site.user.patch(String(paths[n % 2]), { name: `Busy ${n}`, ...(n % 2 === 0 && { tools: ['base64'] }) }),
  );
  expect(new Set((await Promise.all(changes)).map(({ status }) => status))).toEqual(new Set([200]));
});
