import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids/id.js';
import { type Answer, ApiClient, newAccount } from '../support/api-client.js';
import { until } from '../support/chaos/until.js';
import { signUpOperator } from '../support/operator.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { SocketReader } from '../support/socket-reader.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const TEXT_FLOW = { nodes: [{ id: 'a', type: 'initialPrompt', data: { text: 'hello' } }], edges: [] };

let app: TestApp;
let other: TestApp;
let api: ApiClient;
let operator: string;

beforeAll(async () => {
  app = await createTestApp();
  other = await createTestApp({ database: app.config.database, auth: app.config.auth });
  api = new ApiClient(app.url);
  operator = (await signUpOperator(app)).access_token;
});

afterAll(async () => {
  await other.close();
  await app.close();
});

function outcome({ status, body }: Answer<Record<string, unknown>>): [number, unknown] {
  return [status, body['code']];
}

describe('the first operator', () => {
  it('comes by the set-up token: none 401, wrong 403, one of several at once, then spent', async () => {
    const fresh = await createTestApp();
    const client = new ApiClient(fresh.url);
    const setup_token = fresh.config.auth.backofficeSetupToken;
    const path = '/auth/backoffice/create';
    expect(outcome(await client.post(path, newAccount()))).toEqual([401, 'UNAUTHORIZED']);
    const wrong = { ...newAccount(), setup_token: 'wrong' };
    expect(outcome(await client.post(path, wrong))).toEqual([403, 'SETUP_TOKEN_REFUSED']);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => client.post(path, { ...newAccount(), setup_token })),
    );
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['201', '403', '403', '403']);
    await fresh.close();
  });

  it('makes others, who make others', async () => {
    const account = newAccount();
    const made = await api.post('/auth/backoffice/create', account, { token: operator });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ username: account.username, email: account.email });
    const again = await api.post('/auth/backoffice/create', { ...account, username: 'another' }, { token: operator });
    expect(outcome(again)).toEqual([409, 'EMAIL_TAKEN']);
    const login = await api.post('/auth/backoffice/login', { identifier: account.email, password: account.password });
    expect([login.status, login.headers.getSetCookie()]).toEqual([200, []]);
    const user = await SignedInClient.signUp(app.url);
    const byUser = await api.post('/auth/backoffice/create', newAccount(), { token: user.token });
    expect(outcome(byUser)).toEqual([401, 'WRONG_REALM']);
  });

  it('refreshes and signs out as users do, and cannot sign in among them', async () => {
    const account = newAccount();
    await api.post('/auth/backoffice/create', account, { token: operator });
    const credentials = { identifier: account.username, password: account.password };
    expect(outcome(await api.post('/auth/login', credentials))).toEqual([401, 'INVALID_CREDENTIALS']);
    const login = await api.post('/auth/backoffice/login', credentials);
    const refreshed = await api.post('/auth/refresh', { refresh_token: login.body['refresh_token'] });
    expect(refreshed.body['user']).toMatchObject({ username: account.username });
    const token = refreshed.body['access_token'] as string;
    expect((await api.get('/backoffice/system', { token })).status).toBe(200);
    await api.post('/auth/logout', { refresh_token: refreshed.body['refresh_token'] });
    expect(outcome(await api.get('/backoffice/system', { token }))).toEqual([401, 'SESSION_ENDED']);
  });
});

describe('the two realms', () => {
  it('refuse each other’s tokens', async () => {
    const user = await SignedInClient.signUp(app.url);
    for (const path of ['/backoffice/users', '/backoffice/runs', '/backoffice/audit', '/backoffice/system']) {
      expect(outcome(await api.get(path, { token: user.token }))).toEqual([401, 'WRONG_REALM']);
      expect((await api.get(path, { token: operator })).status).toBe(200);
    }
    for (const path of ['/auth/me', '/flows', '/projects', '/api-keys', '/runs', `/runs/${newId()}/events`]) {
      expect(outcome(await api.get(path, { token: operator }))).toEqual([401, 'WRONG_REALM']);
    }
  });

  it('share the routes whose row names both', async () => {
    const user = await SignedInClient.signUp(app.url);
    await user.post('/projects', { name: 'mine' });
    expect((await api.get(`/users/${user.userId}`, { token: operator })).body['id']).toBe(user.userId);
    const projects = await api.post('/projects/select', { user_id: user.userId }, { token: operator });
    expect(projects.body['items']).toMatchObject([{ name: 'mine' }]);
    expect((await api.request('DELETE', `/users/${user.userId}`, { token: operator })).status).toBe(204);
    expect(outcome(await api.get(`/users/${user.userId}`, { token: operator }))).toEqual([404, 'USER_NOT_FOUND']);
  });
});

describe('users', () => {
  it('are found and listed with their state', async () => {
    const account = newAccount();
    await api.signUp(account);
    const q = account.username.slice(-20).toUpperCase();
    const { body } = await api.get(`/backoffice/users?q=${q}`, { token: operator });
    expect(body['items']).toMatchObject([{ username: account.username, deactivated_at: null }]);
    expect((await api.get('/backoffice/users?q=%25', { token: operator })).body['items']).toEqual([]);
    const none = await api.get(`/backoffice/users?q=${q}&status=deactivated`, { token: operator });
    expect(none.body['items']).toEqual([]);
  });

  it('are shut out within a second everywhere, and let in again', async () => {
    const { account, access_token: token, refresh_token, user } = await api.signUp();
    const elsewhere = new ApiClient(other.url);
    const socket = await SocketReader.connect(other.url, token);
    const created = await api.post('/api-keys', { name: 'k', scopes: ['read'] }, { token });
    const secret = created.body['secret'] as string;
    for (const credential of [token, secret]) {
      expect((await elsewhere.get('/auth/me', { token: credential })).status).toBe(200);
    }

    const path = `/backoffice/users/${user.id}`;
    const since = performance.now();
    const shut = await api.post(`${path}/deactivate`, undefined, { token: operator });
    expect(shut.body).toMatchObject({ id: user.id, deactivated_at: expect.any(String) });
    for (const credential of [token, secret]) {
      await until('the credential is refused', 1_000, async () => {
        return (await elsewhere.get('/auth/me', { token: credential })).status === 401 || undefined;
      });
    }
    await socket.until(() => socket.of('auth.expired').length === 1, 1_000);
    expect(performance.now() - since).toBeLessThan(1_500);
    expect(outcome((await api.login(account.username, account.password)) as never)).toEqual([
      403,
      'ACCOUNT_DEACTIVATED',
    ]);
    expect(outcome((await api.login(account.username, 'wrong password')) as never)).toEqual([
      401,
      'INVALID_CREDENTIALS',
    ]);
    expect(outcome(await api.post('/auth/refresh', { refresh_token }))).toEqual([401, 'INVALID_REFRESH_TOKEN']);

    await api.post(`${path}/reactivate`, undefined, { token: operator });
    expect((await api.login(account.username, account.password)).status).toBe(200);
    await until('the key works again', 1_000, async () => {
      return (await api.get('/auth/me', { token: secret })).status === 200 || undefined;
    });
    expect((await api.get('/auth/me', { token })).status).toBe(401);
  });

  it('that do not exist are 404', async () => {
    const answer = await api.post(`/backoffice/users/${newId()}/deactivate`, undefined, { token: operator });
    expect(outcome(answer)).toEqual([404, 'USER_NOT_FOUND']);
  });
});

describe('operators', () => {
  it('look at any run, which the audit trail tells', async () => {
    const user = await SignedInClient.signUp(app.url);
    const started = await user.post('/execution/run', { ...TEXT_FLOW, wait_seconds: 10 });
    const id = started.body['run_id'] as string;
    const list = await api.get(`/backoffice/runs?user_id=${user.userId}`, { token: operator });
    expect(list.body['items']).toMatchObject([{ id, user_id: user.userId, status: 'completed' }]);
    const run = await api.get(`/backoffice/runs/${id}`, { token: operator });
    expect(run.body).toMatchObject({ id, user_id: user.userId, outputs: { a: { text: 'hello' } } });
    const audit = await api.get(`/backoffice/audit?target_id=${id}`, { token: operator });
    expect(audit.body['items']).toMatchObject([{ action: 'run.viewed', outcome: 'done', realm: 'backoffice' }]);
    const none = await api.get(`/backoffice/runs/${newId()}`, { token: operator });
    expect(outcome(none)).toEqual([404, 'RUN_NOT_FOUND']);
  });

  it('see queue, runs and workers', async () => {
    const { body } = await api.get('/backoffice/system', { token: operator });
    expect(body).toMatchObject({ queue: { depth: 0, oldest_seconds: null }, workers: [{ is_alive: true }, {}] });
  });

  it('tell something to one user or to all, once per key', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => SignedInClient.signUp(app.url)));
    const readers = await Promise.all([one!, two!].map(({ token }) => SocketReader.connect(other.url, token)));
    const options = { token: operator, headers: { 'idempotency-key': randomUUID() } };
    const toOne = { user_id: one!.userId, message: 'hello', level: 'warning' };
    const first = await api.post('/backoffice/notifications', toOne, options);
    expect([first.status, first.body['recipients']]).toEqual([201, 1]);
    expect((await api.post('/backoffice/notifications', toOne, options)).body).toEqual(first.body);
    const toAll = await api.post('/backoffice/notifications', { message: 'all' }, { token: operator });
    expect(toAll.body['recipients']).toBeGreaterThanOrEqual(2);
    await Promise.all(readers.map((reader) => reader.until(() => said(reader).includes('all'), 5_000)));
    expect(readers.map(said)).toEqual([['hello', 'all'], ['all']]);
    readers.forEach(({ socket }) => socket.disconnect());
    const nobody = await api.post('/backoffice/notifications', { user_id: newId(), message: 'x' }, { token: operator });
    expect(outcome(nobody)).toEqual([404, 'USER_NOT_FOUND']);
  });

  function said(reader: SocketReader): unknown[] {
    return reader.of('system.notification').map(({ data }) => data['message']);
  }
});

describe('the audit trail', () => {
  async function actionsOn(query: string): Promise<string[]> {
    const { body } = await api.get(`/backoffice/audit?${query}`, { token: operator });
    return (body['items'] as { action: string; outcome: string }[]).map((item) => `${item.action} ${item.outcome}`);
  }

  it('records sign-ins, refusals, members, keys and passwords: who, what, from where, in which trace', async () => {
    const account = newAccount();
    const { access_token: token, user } = await api.signUp(account);
    await api.login(account.username, 'wrong password');
    const project = await api.post('/projects', {}, { token });
    const friend = await SignedInClient.signUp(app.url);
    const member = `/projects/${project.body['id'] as string}/members/${friend.userId}`;
    await api.request('PUT', member, { token, body: { role: 'viewer' } });
    await api.request('DELETE', member, { token });
    const key = await api.post('/api-keys', { name: 'k', scopes: ['read'] }, { token });
    await api.request('DELETE', `/api-keys/${key.body['id'] as string}`, { token });
    await api.post('/auth/password', { current_password: account.password, new_password: 'quite another' }, { token });
    await until('all of it is recorded', 2_000, async () => {
      return (await actionsOn(`actor_id=${user.id}`)).length === 8 || undefined;
    });
    expect((await actionsOn(`actor_id=${user.id}`)).toSorted()).toEqual([
      'api_key.created done',
      'api_key.deleted done',
      'member.put done',
      'member.removed done',
      'password.changed done',
      'sign_in done',
      'sign_in refused',
      'user.registered done',
    ]);
    const { body } = await api.get(`/backoffice/audit?actor_id=${user.id}&action=sign_in&outcome=done`, {
      token: operator,
    });
    expect(body['items']).toMatchObject([
      {
        realm: 'user',
        address: expect.stringMatching(/127\.0\.0\.1/),
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
  });

  it('records what somebody was not allowed to do', async () => {
    const [owner, viewer] = await Promise.all([1, 2].map(() => SignedInClient.signUp(app.url)));
    const project = `/projects/${(await owner!.post('/projects')).body['id'] as string}`;
    await owner!.put(`${project}/members/${viewer!.userId}`, { role: 'viewer' });
    expect((await viewer!.patch(project, { name: 'x' })).status).toBe(403);
    const query = `/backoffice/audit?actor_id=${viewer!.userId}&action=access&outcome=refused`;
    const [entry] = await until('it is recorded', 2_000, async () => {
      const { items } = (await api.get(query, { token: operator })).body as { items: { details: unknown }[] };
      return items.length > 0 ? items : undefined;
    });
    const details = { code: 'ROLE_NOT_ALLOWED', method: 'PATCH', route: '/api/v1/projects/:id' };
    expect(entry!.details).toEqual(details);
  });

  it('has nothing of what was rolled back', async () => {
    const user = await SignedInClient.signUp(app.url);
    const project = await user.post('/projects');
    const answer = await user.delete(`/projects/${project.body['id'] as string}/members/${user.userId}`);
    expect(answer.body['code']).toBe('LAST_OWNER');
    expect(await actionsOn(`actor_id=${user.userId}&action=member.removed`)).toEqual([]);
  });
});
