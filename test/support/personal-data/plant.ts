import { expect, vi } from 'vitest';
import type { AgentSite } from '../agent-site.js';
import type { SignedInClient } from '../signed-in-client.js';
import { MARKER } from './marker.js';

/** A marker in every place where a person can put one. */
export async function plant(site: AgentSite, person: SignedInClient, project: string, shared: string): Promise<string> {
  const graph = { nodes: [{ id: MARKER, type: 'initialPrompt', data: { text: MARKER } }], edges: [] };
  const made = [
    await person.post('/flows', { name: MARKER, description: MARKER, ...graph }),
    await person.post('/flows', { name: MARKER, project_id: shared, ...graph }),
    await person.post('/agents', { name: MARKER, system_prompt: MARKER }),
    await person.post('/characters', { name: MARKER, description: MARKER }),
    await person.post('/api-keys', { name: MARKER, scopes: ['read'] }),
    await person.post('/tasks', { name: MARKER, prompt: MARKER, cron: '0 0 1 1 *' }),
    await person.post('/behavior/adjust', { add: [{ text: MARKER, key: MARKER, tags: [MARKER] }] }),
    await person.post('/budgets', { scope: 'user', hard_cost_usd: 5 }),
    await person.post('/execution/run', { ...graph, wait_seconds: 10 }),
  ];
  expect(made.map(({ status }) => status).filter((status) => status >= 300)).toEqual([]);
  await plantTools(person, shared);
  await plantKnowledge(person, shared);
  await plantMemory(site, person, shared);
  for (const place of [project, shared]) {
    const path = `${person.url}/api/v1/projects/${place}/files/${MARKER}.txt`;
    const headers = { authorization: `Bearer ${person.token}`, 'user-agent': MARKER };
    expect((await fetch(path, { method: 'PUT', headers, body: MARKER })).status).toBeLessThan(300);
  }
  const wish = { name: 'base64', arguments: JSON.stringify({ text: MARKER, action: 'encode' }) };
  site.models.setScript({ times: 1, answer: { text: MARKER, toolCalls: [wish] } }, { answer: { text: MARKER } });
  const run = await person.post('/agents/execute', {
    instruction: MARKER,
    agent: { name: MARKER, system_prompt: MARKER, tools: ['base64'] },
    project_id: shared,
    attachments: [{ name: MARKER, text: MARKER }],
    wait_seconds: 20,
  });
  expect(run.body['status']).toBe('completed');
  const swarm = await person.post(`/projects/${shared}/start`, { prompt: MARKER, wait_seconds: 20 });
  expect(swarm.body).toMatchObject({ status: 'failed', error: { code: 'SWARM_PLAN_INVALID' } });
  return String(run.body['run_id']);
}

/** Things of another in a project: as they are before anybody else writes into them. */
export async function makeThings(other: SignedInClient, shared: string) {
  const graph = { nodes: [{ id: 'a', type: 'initialPrompt', data: { text: 'Whole.' } }], edges: [] };
  const document = { title: 'Whole', content: 'Whole.', mime_type: 'text/plain', metadata: { a: 1 } };
  const bodies = {
    flows: { name: 'Whole', ...graph },
    agents: { name: 'Whole', system_prompt: 'Whole.' },
    characters: { name: 'Whole', description: 'Whole.' },
    tasks: { name: 'Whole', prompt: 'Whole.', cron: '0 0 1 1 *' },
    'knowledge/documents': document,
  };
  const ids: Record<string, string> = {};
  for (const [kind, body] of Object.entries(bodies)) {
    const made = await other.post(`/${kind}`, { ...body, project_id: shared });
    expect(made.status).toBeLessThan(300);
    ids[kind] = String(made.body['id']);
  }
  return ids;
}

/** What the person writes into things of others; some of it is changed, or taken over, by these since. */
export async function plantIntoThings(person: SignedInClient, other: SignedInClient, ids: Record<string, string>) {
  const graph = { nodes: [{ id: MARKER, type: 'initialPrompt', data: { text: MARKER } }], edges: [] };
  const changes = [
    person.patch(`/flows/${ids['flows']}`, { name: MARKER, description: MARKER, ...graph }),
    person.patch(`/agents/${ids['agents']}`, { system_prompt: MARKER }),
    person.patch(`/characters/${ids['characters']}`, { name: 'Whole', description: MARKER }),
    person.patch(`/tasks/${ids['tasks']}`, { name: MARKER }),
    person.patch(`/knowledge/documents/${ids['knowledge/documents']}`, { metadata: { b: MARKER } }),
  ];
  expect((await Promise.all(changes)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  // Tells of the task by its name; and a version of another that says what the person wrote.
  await other.post(`/tasks/${ids['tasks']}/pause`);
  expect((await other.patch(`/agents/${ids['agents']}`, { system_prompt: 'Whole again.' })).body['version']).toBe(3);
  expect((await other.post(`/agents/${ids['agents']}/versions/2/restore`)).body['version']).toBe(4);
}

export async function promoteOne(other: SignedInClient, shared: string): Promise<void> {
  const artifacts = [{ name: 'one.js', language: 'javascript', content: '1' }];
  const solution = { problem: 'One?', approach: 'One.', artifacts };
  const { body } = await other.post('/memory/save', { solution, namespace: { scope: 'project', id: shared } });
  const manifest = { domain: 'made', name: 'shared', description: 'One.', input_schema: { type: 'object' } };
  const examples = [{ input: {}, expected_output: 1 }];
  const made = await other.post(`/memory/solutions/${String(body['id'])}/promote`, { ...manifest, examples });
  expect(made.status).toBe(201);
}

/** Of the person alone, and of the project; another made a version of that before. */
async function plantTools(person: SignedInClient, shared: string): Promise<void> {
  const artifacts = [{ name: MARKER, language: 'javascript', content: `"${MARKER}"` }];
  const solution = { problem: MARKER, approach: MARKER, artifacts, outcome: MARKER };
  for (const namespace of [undefined, { scope: 'project', id: shared }]) {
    const name = namespace ? 'shared' : MARKER;
    const { body: item } = await person.post('/memory/save', { solution, ...(namespace && { namespace }) });
    const manifest = { domain: 'made', name, description: MARKER, input_schema: { type: 'object', title: MARKER } };
    const examples = [{ input: {}, expected_output: MARKER }];
    const made = await person.post(`/memory/solutions/${String(item['id'])}/promote`, { ...manifest, examples });
    expect([made.status, made.body['version']]).toEqual([201, namespace ? 2 : 1]);
  }
}

/** Documents, with what is searched of them, and rules. */
async function plantKnowledge(person: SignedInClient, shared: string): Promise<void> {
  for (const place of [{}, { project_id: shared }]) {
    const document = { title: MARKER, content: `# ${MARKER}`, mime_type: 'text/markdown', metadata: { a: MARKER } };
    const { body } = await person.post('/knowledge/documents', { ...document, ...place });
    const read = () => person.get(`/knowledge/documents/${String(body['id'])}`);
    await vi.waitFor(async () => expect((await read()).body['status']).toBe('ready'), 10_000);
    expect((await person.post('/behavior/adjust', { ...place, add: [{ text: MARKER }] })).status).toBe(200);
  }
}

/** What the person saved, what a run took out of a conversation, and what others keep that was made of these. */
async function plantMemory(site: AgentSite, person: SignedInClient, shared: string): Promise<void> {
  const namespace = { scope: 'project', id: shared };
  for (const place of [{ pii: [MARKER] }, { namespace }]) {
    const item = { content: `${MARKER} swims.`, tags: [MARKER], metadata: { speaker: MARKER } };
    const { status } = await person.post('/memory/save', { ...item, ...place });
    expect(status).toBe(201);
  }
  site.models.setScript({ answer: { text: `${MARKER} sings.` } });
  const agent = { memory: { recall: true, write: true } };
  const said = { instruction: `Sing, ${MARKER}!`, agent, project_id: shared, wait_seconds: 20 };
  expect((await person.post('/agents/execute', said)).body['status']).toBe('completed');
  const fragments = async () => (await person.get('/memory/query?kind=fragment')).body['items'] as object[];
  await vi.waitFor(async () => expect(await fragments()).toHaveLength(2), 10_000);
}

/** A room of another, where the person and an agent speak, and one of the person's own. */
export async function plantRooms(site: AgentSite, person: SignedInClient, other: SignedInClient): Promise<string> {
  const room = await other.post('/groups', { orchestrator: { role_prompt: 'Lead.' } });
  const member = { kind: 'user', user_id: person.userId, role: 'owner' };
  await other.post(`/groups/${String(room.body['id'])}/members`, member);
  const own = await person.post('/groups', { name: MARKER, orchestrator: { role_prompt: MARKER } });
  site.models.setScript({ answer: { text: 'Whole.' } });
  for (const { body } of [room, own]) {
    const said = await person.post(`/groups/${String(body['id'])}/messages`, { content: MARKER, wait_seconds: 20 });
    expect(said.body['status']).toBe('completed');
  }
  return String(room.body['id']);
}

/** Into a room of another, of which the person is an owner as well; and into one that is no longer there. */
export async function plantIntoRooms(
  site: AgentSite,
  person: SignedInClient,
  other: SignedInClient,
  room: string,
): Promise<void> {
  const members = `/groups/${room}/members`;
  const { body: agent } = await person.post(members, { alias: 'Given', role_prompt: 'Whole.' });
  site.models.setScript({ answer: { text: 'Whole.' } });
  const asked = await person.post(`/groups/${room}/messages`, { content: '@[Given] sings', wait_seconds: 20 });
  expect(asked.body['status']).toBe('completed');
  const texts = { role_prompt: MARKER };
  const { body: gone } = await person.post(members, { alias: `${MARKER} 2`, ...texts });
  const { body: kept } = await other.post(members, { alias: 'Kept', role_prompt: 'Kept.' });
  const { body: deleted } = await other.post('/groups', { ai_mode: 'off' });
  await other.post(`/groups/${String(deleted['id'])}/members`, { kind: 'user', user_id: person.userId });
  const changes = [
    await person.patch(`/groups/${room}`, { name: MARKER, orchestrator: texts }),
    await person.patch(`${members}/${String(agent['id'])}`, { alias: MARKER, ...texts }),
    await person.patch(`${members}/${String(kept['id'])}`, { alias: 'Kept', temperature: 0 }),
    await person.delete(`${members}/${String(gone['id'])}`),
    await person.post(`/groups/${String(deleted['id'])}/messages`, { content: MARKER }),
    await other.delete(`/groups/${String(deleted['id'])}`),
  ];
  expect(changes.map(({ status }) => status)).toEqual([200, 200, 200, 204, 202, 204]);
}

/** Into things of another's projects, one of which is gone since: by what others did to them, what the person wrote is told. */
export async function plantIntoProjects(person: SignedInClient, other: SignedInClient) {
  const ids: string[] = [];
  for (const name of ['Kept', 'Gone']) {
    const id = String((await other.post('/projects', { name })).body['id']);
    ids.push(id);
    await other.put(`/projects/${id}/members/${person.userId}`, { role: 'owner' });
    const path = `${person.url}/api/v1/projects/${id}/files/${MARKER}.txt`;
    for (const [method, { token }] of [['PUT', person] as const, ['DELETE', other] as const]) {
      const init = { method, headers: { authorization: `Bearer ${token}` } };
      expect((await fetch(path, method === 'PUT' ? { ...init, body: MARKER } : init)).status).toBeLessThan(300);
    }
    const place = { project_id: id, transport: 'http', url: 'https://example.org/mcp' };
    const [named, led] = [
      await other.post('/mcp-servers', { ...place, name: 'whole' }),
      await other.post('/mcp-servers', { ...place, name: 'led' }),
    ];
    const key = { project_id: id, provider_id: 'openai', name: 'Whole', api_key: 'sk-whole-0123456789' };
    const { body: credential } = await other.post('/provider-credentials', key);
    const changes = [
      await person.patch(`/mcp-servers/${String(named.body['id'])}`, { name: MARKER }),
      await other.patch(`/mcp-servers/${String(named.body['id'])}`, { enabled: false }),
      await person.patch(`/mcp-servers/${String(led.body['id'])}`, { url: `https://example.org/${MARKER}` }),
      await person.patch(`/provider-credentials/${String(credential['id'])}`, { name: MARKER }),
    ];
    expect(changes.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  }
  expect((await other.delete(`/projects/${String(ids[1])}`)).status).toBe(204);
  return String(ids[0]);
}
