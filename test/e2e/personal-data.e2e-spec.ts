import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AgentSite } from '../support/agent-site.js';
import { executeSql } from '../support/execute-sql.js';
import { SignedInClient } from '../support/signed-in-client.js';

/** Long enough to be nowhere by chance. In base64 it begins at any of three places. */
const MARKER = 'zyxmarkerzyx7401';
const MARKS = [0, 1, 2].map((shift) => {
  const whole = Buffer.from(`${'.'.repeat(shift)}${MARKER}`).toString('base64');
  return whole.slice(shift === 0 ? 0 : 4, 4 * Math.floor((shift + MARKER.length) / 3));
});

let site: AgentSite;

beforeAll(async () => {
  site = await AgentSite.open();
});
afterAll(() => site?.close());

const url = (): string => site.app.config.database.url;

/** The tables that hold a marker anywhere, plain or in base64, also in bytes. */
async function tablesWithMarker(): Promise<string[]> {
  const tables = await executeSql<{ name: string }>(
    url(),
    `SELECT format('%I', c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1`,
  );
  const hex = Buffer.from(MARKER).toString('hex');
  const found: string[] = [];
  for (const { name } of tables) {
    const marks = [MARKER, hex, ...MARKS].map((mark) => `t::text ILIKE '%${mark}%'`).join(' OR ');
    const rows = await executeSql(url(), `SELECT 1 FROM ${name} t WHERE ${marks} LIMIT 1`);
    if (rows.length > 0) found.push(name);
  }
  return found;
}

/** A marker in every place where a person can put one. */
async function plant(person: SignedInClient, project: string, shared: string): Promise<string> {
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
  await plantMemory(person, shared);
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
async function makeThings(other: SignedInClient, shared: string) {
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
async function plantIntoThings(person: SignedInClient, other: SignedInClient, ids: Record<string, string>) {
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

async function promoteOne(other: SignedInClient, shared: string): Promise<void> {
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
async function plantMemory(person: SignedInClient, shared: string): Promise<void> {
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
async function plantRooms(person: SignedInClient, other: SignedInClient): Promise<string> {
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
async function plantIntoRooms(person: SignedInClient, other: SignedInClient, room: string): Promise<void> {
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
async function plantIntoProjects(person: SignedInClient, other: SignedInClient) {
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

/** What is told of a room, by the names of its members. */
async function namesIn(room: string): Promise<string> {
  const told = await executeSql<{ payload: object }>(
    url(),
    `SELECT e.payload FROM event_logs e JOIN streams s ON s.id = e.stream WHERE s.name = 'group:${room}' ORDER BY e.seq`,
  );
  return JSON.stringify(told);
}

describe('POST /users/{id}/erase', () => {
  it('leaves nothing of what a person owned and sent, and the runs of others whole', async () => {
    const other = await SignedInClient.signUp(site.app.url);
    const person = await SignedInClient.signUp(site.app.url);
    const project = String((await person.post('/projects', { name: MARKER, description: MARKER })).body['id']);
    const shared = String((await other.post('/projects', { name: 'Shared' })).body['id']);
    await other.put(`/projects/${shared}/members/${person.userId}`, { role: 'editor' });
    site.models.setScript({ answer: { text: 'Whole.' } });
    const theirs = { instruction: 'Say it', project_id: shared, wait_seconds: 20 };
    const { run_id: kept, session_id: conversation } = (await other.post('/agents/execute', theirs)).body;
    site.models.setScript({ answer: { text: MARKER } });
    const joined = { ...theirs, instruction: MARKER, session_id: conversation };
    expect((await person.post('/agents/execute', joined)).body['status']).toBe('completed');
    await promoteOne(other, shared);
    expect((await person.post(`/tools/made%2Fshared/rollback?project_id=${shared}`, { version: 1 })).status).toBe(200);
    const things = await makeThings(other, shared);
    await plantIntoThings(person, other, things);
    await person.patch(`/projects/${shared}`, { description: MARKER });
    const room = await plantRooms(person, other);
    await plantIntoRooms(person, other, room);
    expect(await namesIn(room)).toContain('"Given"');
    await other.post('/behavior/adjust', { project_id: shared, add: [{ text: 'Be kind.' }] });
    const led = await plantIntoProjects(person, other);
    const runId = await plant(person, project, shared);
    site.models.setScript({ answer: { text: 'All of it.' } });
    const namespace = { scope: 'project', id: shared };
    const summary = (await other.post('/memory/summarize', { namespace, wait_seconds: 20 })).body;
    expect(summary['status']).toBe('completed');
    site.models.setScript({ answer: { text: 'Never said.', delayMs: 60_000 } });
    const hanging = await person.post('/agents/execute', { instruction: MARKER, wait_seconds: 0 });
    const before = await tablesWithMarker();

    const exported = await person.post(`/users/${person.userId}/export`);
    expect(exported.status).toBe(200);
    const data = exported.body['data'] as Record<string, object[]>;
    const sections = Object.keys(data).filter((section) => {
      const text = JSON.stringify(data[section]);
      return [MARKER, ...MARKS].some((mark) => text.includes(mark));
    });
    expect(sections.toSorted()).toEqual(EXPORTED);
    expect(await other.post(`/users/${person.userId}/erase`)).toMatchObject({ status: 404 });

    site.models.setScript({ answer: { text: 'Whole.' } });
    const receipt = await person.post(`/users/${person.userId}/erase`, { keep_account: true });
    expect([receipt.status, receipt.body]).toMatchObject([
      200,
      {
        user_id: person.userId,
        account_kept: true,
        erased: { runs: expect.any(Number) as number, flows: 2, agents: 1 },
      },
    ]);
    expect(before).toEqual(
      expect.arrayContaining(['projects', 'swarms', 'event_logs', 'runs', 'flows', 'workspace_blob_parts']),
    );
    expect(await tablesWithMarker()).toEqual([]);

    expect((await person.get(`/runs/${String(hanging.body['run_id'])}`)).body['status']).toBe('cancelled');
    const erased = (await other.get(`/runs/${runId}`)).body;
    expect(erased).toMatchObject({ status: 'completed', input: { erased: true } });
    const events = (await other.get(`/runs/${runId}/events`)).body['items'] as Array<{ seq: number; data: object }>;
    expect(events.length).toBeGreaterThan(4);
    expect(events.every(({ seq, data: shown }, index) => seq === index + 1 && 'erased' in shown)).toBe(true);
    expect((await other.post(`/projects/${shared}/start`)).body['code']).toBe('INVALID_INPUT');
    const retry = await person.post(`/runs/${runId}/retry`);
    expect([retry.status, retry.body['code']]).toEqual([409, 'RUN_ERASED']);

    expect((await other.get(`/runs/${String(kept)}`)).body).toMatchObject({ status: 'completed', output: 'Whole.' });
    site.models.setScript({ answer: { text: 'Whole.' } });
    expect((await other.post(`/runs/${String(kept)}/retry`, { wait_seconds: 20 })).status).toBeLessThan(300);
    const ofOther = (await other.get(`/runs/${String(kept)}/events`)).body['items'] as Array<{ data: object }>;
    expect(ofOther.some(({ data: shown }) => 'erased' in shown)).toBe(false);

    expect((await other.get(`/agent-sessions/${String(conversation)}`)).body['title']).toBe('Say it');
    const rules = (await other.get(`/behavior?project_id=${shared}`)).body['rules'];
    expect(rules).toMatchObject([{ text: 'Be kind.' }]);
    const said = (await other.get(`/groups/${room}/messages`)).body['items'];
    const [lead, agent] = ['Orchestrator', 'Agent'].map((alias) => ({ content: 'Whole.', sender: { alias } }));
    const emptied = { content: '', sender: { alias: 'erased' } };
    expect(said).toMatchObject([lead, agent, emptied, lead, emptied]);
    expect((await other.get(`/groups/${room}`)).body).toMatchObject({
      name: 'Untitled group',
      members: [
        { alias: 'Orchestrator', role_prompt: '' },
        { kind: 'user' },
        { alias: 'Agent', role_prompt: '' },
        { alias: 'Kept', role_prompt: 'Kept.' },
      ],
    });
    expect(await namesIn(room)).not.toContain('"Given"');
    expect(await namesIn(room)).toContain('"actors":["Agent"]');

    const tool = `/tools/made%2Fshared`;
    expect((await other.get(`${tool}?project_id=${shared}`)).body).toMatchObject({ version: 1, description: 'One.' });

    const named = `SELECT 1 FROM audit_entries WHERE details->>'name' = 'made/shared' AND actor_id = '${other.userId}'`;
    expect(await executeSql(url(), named)).toHaveLength(1);

    const connected = async (kind: string) =>
      ((await other.get(`/${kind}`)).body['items'] as Array<Record<string, unknown>>).filter(
        (each) => each['project_id'] === led,
      );
    expect(await connected('mcp-servers')).toMatchObject([
      { name: expect.stringMatching(/^server-\w{32}$/) as string },
    ]);
    expect(await connected('provider-credentials')).toMatchObject([{ name: '', last_four: '6789' }]);

    const left = async (kind: string) => (await other.get(`/${kind}/${things[kind]}`)).body;
    expect(await left('flows')).toMatchObject({ name: 'Whole', version: 3, nodes: [{ id: 'a' }] });
    expect(await left('agents')).toMatchObject({ system_prompt: 'Whole again.', version: 5 });
    expect(await left('characters')).toMatchObject({ name: 'Whole', description: '' });
    expect(await left('tasks')).toMatchObject({ name: 'Untitled task', prompt: 'Whole.' });
    expect(await left('knowledge/documents')).toMatchObject({ title: 'Whole', metadata: {} });
    expect((await other.get(`/projects/${shared}`)).body).toMatchObject({ name: 'Shared', description: '' });
    const versions = (await other.get(`/agents/${things['agents']}/versions`)).body['items'];
    expect(versions).toMatchObject([{ version: 5, system_prompt: 'Whole again.' }, { version: 3 }, { version: 1 }]);
    const diff = (await other.get(`/agents/${things['agents']}/versions/3/diff`)).body;
    expect(diff).toMatchObject({ from: 1, to: 3, changes: [{ field: 'system_prompt' }] });
    const gone = await other.get(`/flows/${things['flows']}/versions/2`);
    expect([gone.status, gone.body['code']]).toEqual([404, 'FLOW_VERSION_NOT_FOUND']);
    const next = await other.patch(`/flows/${things['flows']}`, { name: 'Next' });
    expect(next.body['version']).toBe(4);

    expect((await person.get('/auth/me')).status).toBe(200);
    await other.delete(`/projects/${led}`);
    const last = await person.post(`/users/${person.userId}/erase`);
    expect([last.status, last.body['account_kept']]).toEqual([200, false]);
    expect((await person.get('/auth/me')).status).toBe(401);
    expect(await executeSql(url(), `SELECT 1 FROM users WHERE id = '${person.userId}'`)).toEqual([]);
  }, 60_000);

  it('ends nothing when the account may not go', async () => {
    const [person, guest] = [await SignedInClient.signUp(site.app.url), await SignedInClient.signUp(site.app.url)];
    const project = String((await person.post('/projects', { name: 'Shared' })).body['id']);
    await person.put(`/projects/${project}/members/${guest.userId}`, { role: 'viewer' });
    site.models.setScript({ answer: { text: 'Never said.', delayMs: 60_000 } });
    const { body: run } = await person.post('/agents/execute', { instruction: 'Wait', wait_seconds: 0 });
    const refused = await person.post(`/users/${person.userId}/erase`);
    expect([refused.status, refused.body['code']]).toEqual([409, 'LAST_OWNER']);
    expect((await person.get(`/runs/${String(run['run_id'])}`)).body['status']).not.toBe('cancelled');
    expect((await person.post(`/runs/${String(run['run_id'])}/cancel`)).status).toBeLessThan(300);
  });

  it('gives way to others who wait for what it has locked', async () => {
    const other = await SignedInClient.signUp(site.app.url);
    const person = await SignedInClient.signUp(site.app.url);
    const project = String((await other.post('/projects', { name: 'Shared' })).body['id']);
    await other.put(`/projects/${project}/members/${person.userId}`, { role: 'owner' });
    const { body: task } = await other.post('/tasks', { project_id: project, prompt: 'Whole.', cron: '0 0 1 1 *' });
    const { body: room } = await other.post('/groups', { project_id: project, ai_mode: 'off' });
    await person.patch(`/tasks/${String(task['id'])}`, { name: 'Mine' });
    await person.patch(`/groups/${String(room['id'])}`, { name: 'Mine' });
    const client = new Client({ connectionString: url() });
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM tasks WHERE id = $1 FOR UPDATE', [task['id']]);
      const erasing = person.post(`/users/${person.userId}/erase`);
      const isWaiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
      await vi.waitFor(async () => expect(await executeSql(url(), isWaiting)).toHaveLength(1), 5_000);
      await client.query('SELECT 1 FROM groups WHERE id = $1 FOR UPDATE', [room['id']]);
      await client.query('COMMIT');
      expect((await erasing).status).toBe(200);
    } finally {
      await client.end();
    }
    expect((await other.get(`/tasks/${String(task['id'])}`)).body['name']).toBe('Untitled task');
  });
});

const EXPORTED = [
  'agent_versions',
  'agents',
  'api_keys',
  'audit_trail',
  'behavior',
  'character_texts',
  'characters',
  'conversations',
  'credential_names',
  'document_texts',
  'documents',
  'events',
  'files',
  'flow_versions',
  'flows',
  'groups',
  'mcp_server_names',
  'mcp_servers',
  'memory',
  'project_texts',
  'projects',
  'promoted_tools',
  'room_texts',
  'runs',
  'swarms',
  'task_events',
  'task_texts',
  'tasks',
];
