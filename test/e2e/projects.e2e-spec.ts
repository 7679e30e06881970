import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { newId } from '../../src/common/ids/id.js';
import { executeSql } from '../support/execute-sql.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { SocketReader } from '../support/socket-reader.js';
import { SseReader } from '../support/sse-reader.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const TEXT_FLOW = { nodes: [{ id: 'a', type: 'textOutput', data: { text: 'hello' } }], edges: [] };

let app: TestApp;
let owner: SignedInClient;
let editor: SignedInClient;
let viewer: SignedInClient;
let stranger: SignedInClient;
let projectId: string;

beforeAll(async () => {
  app = await createTestApp();
  [owner, editor, viewer, stranger] = (await Promise.all(
    Array.from({ length: 4 }, () => SignedInClient.signUp(app.url)),
  )) as [SignedInClient, SignedInClient, SignedInClient, SignedInClient];
});

afterAll(() => app.close());

beforeEach(async () => {
  projectId = idOf(await owner.post('/projects', { name: 'Website' }));
  await owner.put(`/projects/${projectId}/members/${editor.userId}`, { role: 'editor' });
  await owner.put(`/projects/${projectId}/members/${viewer.userId}`, { role: 'viewer' });
});

interface Result {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

function idOf({ status, body }: Result): string {
  expect(status).toBe(201);
  return body['id'] as string;
}

async function outcomes(work: (client: SignedInClient) => Promise<Result>): Promise<(string | number)[]> {
  const answers: (string | number)[] = [];
  for (const client of [owner, editor, viewer, stranger]) {
    const { status, body } = await work(client);
    answers.push(status < 400 ? status : (body['code'] as string));
  }
  return answers;
}

describe('projects', () => {
  it('creates with defaults, shows, changes, lists, removes', async () => {
    const id = idOf(await owner.post('/projects'));
    const made = await owner.get(`/projects/${id}`);
    expect(made.body).toMatchObject({
      id,
      name: 'Untitled project',
      description: '',
      provider_id: null,
      role: 'owner',
    });
    const changed = await owner.patch(`/projects/${id}`, { name: 'Shop', model: 'm-1' });
    expect(changed.body).toMatchObject({ name: 'Shop', model: 'm-1', description: '' });
    const list = await owner.get('/projects?limit=1');
    expect(list.body).toMatchObject({ items: [{ id, name: 'Shop' }], next_cursor: expect.any(String) });
    const next = await owner.get(`/projects?limit=1&cursor=${list.body['next_cursor'] as string}`);
    expect(next.body).toMatchObject({ items: [{ id: projectId }] });
    expect((await owner.delete(`/projects/${id}`)).status).toBe(204);
    expect((await owner.get(`/projects/${id}`)).body['code']).toBe('PROJECT_NOT_FOUND');
  });

  it('lets each role do what it may, and nobody else see anything', async () => {
    const path = `/projects/${projectId}`;
    const hidden = 'PROJECT_NOT_FOUND';
    expect(await outcomes((client) => client.get(path))).toEqual([200, 200, 200, hidden]);
    expect(await outcomes((client) => client.patch(path, { name: 'x' }))).toEqual([
      200,
      200,
      'ROLE_NOT_ALLOWED',
      hidden,
    ]);
    expect(await outcomes((client) => client.get(`${path}/members`))).toEqual([200, 200, 200, hidden]);
    const member = `${path}/members/${viewer.userId}`;
    expect(await outcomes((client) => client.get(member))).toEqual([200, 'ROLE_NOT_ALLOWED', 200, hidden]);
    const put = (client: SignedInClient) => client.put(member, { role: 'viewer' });
    expect(await outcomes(put)).toEqual([200, 'ROLE_NOT_ALLOWED', 'ROLE_NOT_ALLOWED', hidden]);
    const remove = (client: SignedInClient) => client.delete(member);
    expect(await outcomes(remove)).toEqual([204, 'ROLE_NOT_ALLOWED', hidden, hidden]);
    expect((await editor.delete(path)).body['code']).toBe('ROLE_NOT_ALLOWED');
  });

  it('answers a foreign project as an absent one', async () => {
    const absent = newId();
    const [foreign, none] = [await stranger.get(`/projects/${projectId}`), await stranger.get(`/projects/${absent}`)];
    const shape = ({ status, body }: Result, id: string) =>
      JSON.stringify({ status, ...body, trace_id: '' }).replaceAll(id, '<id>');
    expect(shape(foreign, projectId)).toBe(shape(none, absent));
  });

  it('selects by user id: one’s own', async () => {
    const mine = await viewer.post('/projects/select', { user_id: viewer.userId });
    expect((mine.body['items'] as unknown[])[0]).toMatchObject({ id: projectId, role: 'viewer' });
    const others = await viewer.post('/projects/select', { user_id: owner.userId });
    expect([others.status, others.body['code']]).toEqual([404, 'USER_NOT_FOUND']);
    expect((await viewer.post('/projects/select', {})).status).toBe(400);
  });
});

describe('members', () => {
  it('are listed with their roles, page by page', async () => {
    const first = await viewer.get(`/projects/${projectId}/members?limit=2`);
    const items = first.body['items'] as { user_id: string; role: string }[];
    expect(items.map(({ user_id, role }) => [user_id, role])).toEqual([
      [owner.userId, 'owner'],
      [editor.userId, 'editor'],
    ]);
    const rest = await viewer.get(
      `/projects/${projectId}/members?limit=2&cursor=${first.body['next_cursor'] as string}`,
    );
    expect(rest.body).toMatchObject({ items: [{ user_id: viewer.userId, role: 'viewer' }], next_cursor: null });
  });

  it('always have an owner among them, also when two owners demote each other at once', async () => {
    const path = (user: SignedInClient) => `/projects/${projectId}/members/${user.userId}`;
    expect((await owner.delete(path(owner))).body['code']).toBe('LAST_OWNER');
    expect((await owner.put(path(owner), { role: 'viewer' })).body['code']).toBe('LAST_OWNER');
    await owner.put(path(editor), { role: 'owner' });
    await Promise.all([owner.put(path(editor), { role: 'viewer' }), editor.put(path(owner), { role: 'viewer' })]);
    const { body } = await owner.get(`/projects/${projectId}/members`);
    const owners = (body['items'] as { role: string }[]).filter(({ role }) => role === 'owner');
    expect(owners).toHaveLength(1);
  });

  it('cannot delete their account while others would be left without an owner', async () => {
    const leaver = await SignedInClient.signUp(app.url);
    const [shared, alone] = [idOf(await leaver.post('/projects')), idOf(await leaver.post('/projects'))];
    await leaver.put(`/projects/${shared}/members/${viewer.userId}`, { role: 'viewer' });
    expect((await leaver.delete(`/users/${leaver.userId}`)).body['code']).toBe('LAST_OWNER');
    expect((await leaver.get(`/projects/${alone}`)).status).toBe(200);
    await leaver.put(`/projects/${shared}/members/${viewer.userId}`, { role: 'owner' });
    expect((await leaver.delete(`/users/${leaver.userId}`)).status).toBe(204);
    expect((await viewer.get(`/projects/${shared}`)).body['role']).toBe('owner');
  });

  it('leave what they made to the project when their accounts go, former members too', async () => {
    const [leaver, former] = [await SignedInClient.signUp(app.url), await SignedInClient.signUp(app.url)];
    const kept: string[] = [];
    for (const maker of [leaver, former]) {
      await owner.put(`/projects/${projectId}/members/${maker.userId}`, { role: 'editor' });
      kept.push(`/flows/${idOf(await maker.post('/flows', { ...TEXT_FLOW, project_id: projectId }))}`);
      kept.push(`/characters/${idOf(await maker.post('/characters', { name: 'Ada', project_id: projectId }))}`);
    }
    await owner.put(`/projects/${projectId}/members/${leaver.userId}`, { role: 'owner' });
    const key = { provider_id: 'openai', name: 'Ours', api_key: 'sk-ours-0123456789', project_id: projectId };
    kept.push(`/provider-credentials/${idOf(await leaver.post('/provider-credentials', key))}`);
    await owner.delete(`/projects/${projectId}/members/${former.userId}`);
    for (const maker of [leaver, former]) expect((await maker.delete(`/users/${maker.userId}`)).status).toBe(204);
    for (const path of kept) expect((await viewer.get(path)).status).toBe(200);
    expect((await editor.patch(kept[0]!, { name: 'Still here' })).status).toBe(200);
    expect((await owner.delete(kept[0]!)).status).toBe(204);
  });

  it('must exist, and have a role that exists', async () => {
    const members = `/projects/${projectId}/members`;
    expect((await owner.put(`${members}/${newId()}`, { role: 'editor' })).body['code']).toBe('USER_NOT_FOUND');
    expect((await owner.delete(`${members}/${stranger.userId}`)).body['code']).toBe('MEMBER_NOT_FOUND');
    expect((await owner.put(`${members}/${stranger.userId}`, { role: 'admin' })).status).toBe(400);
    expect((await owner.put(`${members}/nonsense`, { role: 'editor' })).status).toBe(400);
  });
});

describe('flows of a project', () => {
  it('are shared by its members as their roles say', async () => {
    const path = `/flows/${idOf(await editor.post('/flows', { ...TEXT_FLOW, project_id: projectId }))}`;
    const hidden = 'FLOW_NOT_FOUND';
    expect(await outcomes((client) => client.get(path))).toEqual([200, 200, 200, hidden]);
    const patch = (client: SignedInClient) => client.patch(path, { name: client.userId });
    expect(await outcomes(patch)).toEqual([200, 200, 'ROLE_NOT_ALLOWED', hidden]);
    const run = (client: SignedInClient) => client.post(`${path}/run`);
    expect(await outcomes(run)).toEqual([202, 202, 'ROLE_NOT_ALLOWED', hidden]);
    const list = (client: SignedInClient) => client.get(`/flows?project_id=${projectId}`);
    for (const client of [owner, editor, viewer]) expect((await list(client)).body['items']).toHaveLength(1);
    expect((await list(stranger)).body['items']).toEqual([]);
  });

  it('are put there by those who may write there', async () => {
    const create = (client: SignedInClient) => client.post('/flows', { project_id: projectId });
    expect(await outcomes(create)).toEqual([201, 201, 'ROLE_NOT_ALLOWED', 'PROJECT_NOT_FOUND']);
    const own = idOf(await stranger.post('/flows'));
    const moved = await stranger.patch(`/flows/${own}`, { project_id: projectId });
    expect(moved.body['code']).toBe('PROJECT_NOT_FOUND');
  });

  it('are removed by owners, and by editors when they made them', async () => {
    const [first, second] = [
      idOf(await owner.post('/flows', { project_id: projectId })),
      idOf(await editor.post('/flows', { project_id: projectId })),
    ];
    expect((await editor.delete(`/flows/${first}`)).body['code']).toBe('ROLE_NOT_ALLOWED');
    expect((await editor.delete(`/flows/${second}`)).status).toBe(204);
    expect((await owner.delete(`/flows/${first}`)).status).toBe(204);
  });

  it('are no longer the editor’s who made them and left, and go with the project', async () => {
    const flow = idOf(await editor.post('/flows', { project_id: projectId }));
    await owner.delete(`/projects/${projectId}/members/${editor.userId}`);
    expect((await editor.get(`/flows/${flow}`)).status).toBe(404);
    expect((await owner.delete(`/projects/${projectId}`)).status).toBe(204);
    expect((await owner.get(`/flows/${flow}`)).status).toBe(404);
  });
});

it('takes nothing that comes while it is being removed', async () => {
  const client = new Client({ connectionString: app.config.database.url });
  await client.connect();
  const place = { name: 'Late', project_id: projectId };
  const late: Promise<Result>[] = [];
  try {
    await client.query('BEGIN');
    await client.query('DELETE FROM projects WHERE id = $1', [projectId]);
    late.push(owner.post('/flows', { ...place, ...TEXT_FLOW }), owner.post('/groups', { ...place, ai_mode: 'off' }));
    const isWaiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    await vi.waitFor(async () => expect(await executeSql(app.config.database.url, isWaiting)).toHaveLength(2), 5_000);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
  const answers = (await Promise.all(late)).map(({ status, body }) => [status, body['code']]);
  expect(answers).toEqual([
    [409, 'REFERENCE_GONE'],
    [409, 'REFERENCE_GONE'],
  ]);
});

describe('runs of a project', () => {
  async function start(client: SignedInClient): Promise<string> {
    const body = { ...TEXT_FLOW, project_id: projectId, wait_seconds: 10 };
    return (await client.post('/execution/run', body)).body['run_id'] as string;
  }

  it('are read by its members and steered by its editors', async () => {
    const path = `/runs/${await start(editor)}`;
    expect(await outcomes((client) => client.get(path))).toEqual([200, 200, 200, 'RUN_NOT_FOUND']);
    expect(await outcomes((client) => client.get(`${path}/events`))).toEqual([200, 200, 200, 'STREAM_NOT_FOUND']);
    const retry = (client: SignedInClient) => client.post(`${path}/retry`);
    expect(await outcomes(retry)).toEqual([202, 202, 'ROLE_NOT_ALLOWED', 'RUN_NOT_FOUND']);
    const cancel = (client: SignedInClient) => client.post(`${path}/cancel`);
    expect(await outcomes(cancel)).toEqual(['RUN_ENDED', 'RUN_ENDED', 'ROLE_NOT_ALLOWED', 'RUN_NOT_FOUND']);
  });

  it('are listed for all members, newest first, each once', async () => {
    const runs = [await start(owner), await start(editor), await start(owner)];
    for (const client of [owner, editor, viewer]) {
      const pages: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const query = `project_id=${projectId}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
        const { body } = await client.get(`/runs?${query}`);
        pages.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
        cursor = body['next_cursor'] as string | null;
      }
      expect(pages).toEqual(runs.toReversed());
    }
    expect((await stranger.get(`/runs?project_id=${projectId}`)).body['items']).toEqual([]);
  });

  it('are started there by those who may run there', async () => {
    const run = (client: SignedInClient) => client.post('/execution/run', { ...TEXT_FLOW, project_id: projectId });
    expect(await outcomes(run)).toEqual([202, 202, 'ROLE_NOT_ALLOWED', 'PROJECT_NOT_FOUND']);
  });

  it('stay with who started them, but are not started again by who has left', async () => {
    const path = `/runs/${await start(editor)}`;
    await owner.delete(`/projects/${projectId}/members/${editor.userId}`);
    expect((await editor.get(path)).status).toBe(200);
    expect((await editor.post(`${path}/retry`)).body['code']).toBe('PROJECT_NOT_FOUND');
  });

  it('are cancelled when the project, or the account, is removed', async () => {
    const nodes = [{ id: 'a', type: 'initialPrompt', data: { text: 'x' } }];
    const idle = await createTestApp({ server: { roles: new Set(['api']) } });
    const user = await SignedInClient.signUp(idle.url);
    const project = idOf(await user.post('/projects'));
    const run = await user.post('/execution/run', { nodes, edges: [], project_id: project });
    await user.delete(`/projects/${project}`);
    const { body } = await user.get(`/runs/${run.body['run_id'] as string}`);
    expect(['cancelling', 'cancelled']).toContain(body['status']);
    const left = await user.post('/execution/run', { nodes, edges: [] });
    expect((await user.delete(`/users/${user.userId}`)).status).toBe(204);
    const state = `SELECT status FROM run_control WHERE run_id = '${left.body['run_id'] as string}'`;
    expect(await executeSql(idle.config.database.url, state)).toEqual([{ status: 'cancelling' }]);
    await idle.close();
  });
});

describe('the stream of a project', () => {
  it('is read by its members from its first event', async () => {
    const stream = `project:${projectId}`;
    const read = (client: SignedInClient) => client.get(`/events?stream=${stream}`);
    expect(await outcomes(read)).toEqual([200, 200, 200, 'STREAM_NOT_FOUND']);
    const { body } = await viewer.get(`/events?stream=${stream}`);
    expect(body['items']).toMatchObject([
      { type: 'project.created', seq: 1, stream, data: { project_id: projectId, name: 'Website' } },
    ]);
  });

  it('is joined by members only, and ends with its project', async () => {
    const [inside, outside] = await Promise.all(
      [viewer, stranger].map(({ token }) => SocketReader.connect(app.url, token)),
    );
    expect(await inside!.send('join_project', { project_id: projectId })).toMatchObject({ ok: true, seq: 1 });
    expect(await outside!.send('join_project', { project_id: projectId })).toMatchObject({
      ok: false,
      error: { code: 'STREAM_NOT_FOUND' },
    });
    await owner.delete(`/projects/${projectId}`);
    await inside!.until(() => inside!.of('stream.revoked').length === 1, 1_000);
    expect(inside!.envelopes.slice(-2).map(({ type }) => type)).toEqual(['project.deleted', 'stream.revoked']);
    for (const reader of [inside!, outside!]) reader.socket.disconnect();
  });

  it('is revoked from whoever is removed, within a second and in another process too', async () => {
    const other = await createTestApp({ database: app.config.database, auth: app.config.auth });
    const run = await owner.post('/execution/run', { ...TEXT_FLOW, project_id: projectId, wait_seconds: 10 });
    const readers = await Promise.all([app.url, other.url].map((url) => SocketReader.connect(url, viewer.token)));
    const streams = [`project:${projectId}`, `run:${run.body['run_id'] as string}`];
    for (const reader of readers)
      for (const stream of streams) expect(await reader.subscribe(stream)).toMatchObject({ ok: true });
    await owner.delete(`/projects/${projectId}/members/${viewer.userId}`);
    for (const reader of readers) {
      await reader.until(() => reader.of('stream.revoked').length === 2, 1_000);
      expect(reader.of('stream.revoked').map(({ data }) => data['stream'])).toEqual(streams);
      expect(await reader.subscribe(streams[0]!)).toMatchObject({ ok: false, error: { code: 'STREAM_NOT_FOUND' } });
      reader.socket.disconnect();
    }
    await other.close();
  });

  it('is revoked within a second although nobody said so: from sockets, from server-sent events, for each stream', async () => {
    const run = await owner.post('/execution/run', { ...TEXT_FLOW, project_id: projectId, wait_seconds: 10 });
    const stream = `project:${projectId}`;
    const [lost, kept] = await Promise.all([viewer, editor].map(({ token }) => SocketReader.connect(app.url, token)));
    const events = await SseReader.open(`${app.url}/api/v1/events?stream=${stream}`, viewer.token);
    for (const reader of [lost!, kept!])
      for (const each of [stream, `run:${run.body['run_id'] as string}`])
        expect(await reader.subscribe(each)).toMatchObject({ ok: true });
    // No service of ours, so no notice either.
    const remove = `DELETE FROM project_members WHERE project_id = '${projectId}' AND user_id = '${viewer.userId}'`;
    await executeSql(app.config.database.url, remove);
    await lost!.until(() => lost!.of('stream.revoked').length === 2, 1_000);
    await vi.waitFor(() => expect(events.events.at(-1)?.type).toBe('stream.revoked'), 1_000);
    expect(kept!.of('stream.revoked')).toEqual([]);
    for (const reader of [lost!, kept!]) reader.socket.disconnect();
  });
});
