import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AgentSite } from '../support/agent-site.js';
import { executeSql } from '../support/execute-sql.js';
import { MARKER, MARKS, tablesWithMarker } from '../support/personal-data/marker.js';
import {
  makeThings,
  plant,
  plantIntoProjects,
  plantIntoRooms,
  plantIntoThings,
  plantRooms,
  promoteOne,
} from '../support/personal-data/plant.js';
import { SignedInClient } from '../support/signed-in-client.js';

let site: AgentSite;

beforeAll(async () => {
  site = await AgentSite.open();
});
afterAll(() => site?.close());

const url = (): string => site.app.config.database.url;

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
    const room = await plantRooms(site, person, other);
    await plantIntoRooms(site, person, other, room);
    expect(await namesIn(room)).toContain('"Given"');
    await other.post('/behavior/adjust', { project_id: shared, add: [{ text: 'Be kind.' }] });
    const led = await plantIntoProjects(person, other);
    const runId = await plant(site, person, project, shared);
    site.models.setScript({ answer: { text: 'All of it.' } });
    const namespace = { scope: 'project', id: shared };
    const summary = (await other.post('/memory/summarize', { namespace, wait_seconds: 20 })).body;
    expect(summary['status']).toBe('completed');
    site.models.setScript({ answer: { text: 'Never said.', delayMs: 60_000 } });
    const hanging = await person.post('/agents/execute', { instruction: MARKER, wait_seconds: 0 });
    const before = await tablesWithMarker(url());

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
    expect(await tablesWithMarker(url())).toEqual([]);

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
