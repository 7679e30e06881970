import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { until } from '../support/chaos/until.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { SocketReader } from '../support/socket-reader.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const TEXT_FLOW = { nodes: [{ id: 'a', type: 'initialPrompt', data: { text: 'hello' } }], edges: [] };

let app: TestApp;
let other: TestApp;
let api: ApiClient;
let user: SignedInClient;

beforeAll(async () => {
  app = await createTestApp();
  other = await createTestApp({ database: app.config.database, auth: app.config.auth });
  api = new ApiClient(app.url);
  user = await SignedInClient.signUp(app.url);
});

afterAll(async () => {
  await other.close();
  await app.close();
});

async function keyWith(scopes: string[], more: object = {}): Promise<{ id: string; secret: string }> {
  const { status, body } = await user.post('/api-keys', { name: scopes.join(' '), scopes, ...more });
  expect(status).toBe(201);
  return body as { id: string; secret: string };
}

async function codeOf(method: string, path: string, token: string, body?: unknown): Promise<unknown> {
  const answer = await api.request(method, path, { token, body });
  return answer.status < 400 ? answer.status : answer.body['code'];
}

describe('API keys', () => {
  it('show their secret once; only a hash is kept', async () => {
    const { secret, ...shown } = await keyWith(['read', 'run']);
    expect(secret).toMatch(/^trp_[\w-]{43}$/);
    expect(shown).toMatchObject({ name: 'read run', scopes: ['read', 'run'], prefix: secret.slice(0, 12) });
    const { body } = await user.get('/api-keys?limit=1');
    expect(body['items']).toEqual([shown]);
    const rows = await app.app.get(DataSource).query<unknown[]>('SELECT * FROM api_keys');
    expect(JSON.stringify(rows)).not.toContain(secret.slice(12));
  });

  it('may do what their scopes name, route by route', async () => {
    const { secret: read } = await keyWith(['read']);
    const { secret: run } = await keyWith(['run']);
    const { secret: write } = await keyWith(['write']);
    const codes = async (method: string, path: string, body?: unknown) => {
      const answers: unknown[] = [];
      for (const token of [read, run, write]) answers.push(await codeOf(method, path, token, body));
      return answers;
    };
    const no = 'SCOPE_MISSING';
    expect(await codes('GET', '/flows')).toEqual([200, no, no]);
    expect(await codes('GET', '/auth/me')).toEqual([200, no, no]);
    expect(await codes('POST', '/flows', {})).toEqual([no, no, 201]);
    expect(await codes('POST', '/execution/run', TEXT_FLOW)).toEqual([no, 202, no]);
    expect(await codes('POST', '/projects', { name: 'A project' })).toEqual([no, no, 201]);
    const built = { prompt: 'A page', provider_id: 'offline' };
    expect(await codes('POST', '/projects', built)).toEqual([no, no, no]);
    expect(await codeOf('POST', '/projects', (await keyWith(['run', 'write'])).secret, built)).toBe(201);
    expect(await codes('POST', '/flows/validate', TEXT_FLOW)).toEqual([200, no, no]);
    expect(await codes('POST', '/api-keys', { name: 'x', scopes: ['read'] })).toEqual([no, no, no]);
    expect(await codes('GET', '/api-keys')).toEqual([no, no, no]);
    expect(await codes('GET', '/auth/sessions')).toEqual([no, no, no]);
    expect(await codes('DELETE', `/users/${user.userId}`)).toEqual([no, no, no]);
    expect(await codes('GET', '/backoffice/users')).toEqual(['WRONG_REALM', 'WRONG_REALM', 'WRONG_REALM']);
  });

  it('open sockets, with the same scopes', async () => {
    const { secret: reading } = await keyWith(['read']);
    const { secret: running } = await keyWith(['read', 'run']);
    const { secret: writing } = await keyWith(['write']);
    const [reader, runner] = await Promise.all([reading, running].map((key) => SocketReader.connect(app.url, key)));
    const started = await runner!.send('execution.start', TEXT_FLOW);
    expect(started).toMatchObject({ ok: true });
    expect(await reader!.subscribe(started.stream!)).toMatchObject({ ok: true });
    expect(await reader!.send('execution.start', TEXT_FLOW)).toMatchObject({
      ok: false,
      error: { code: 'SCOPE_MISSING' },
    });
    const refused = new SocketReader(app.url, writing);
    const error = await new Promise<Error & { data?: unknown }>((resolve) => {
      refused.socket.on('connect_error', resolve);
    });
    expect(error.data).toEqual({ code: 'SCOPE_MISSING' });
    for (const { socket } of [reader!, runner!, refused]) socket.disconnect();
  });

  it('have no session that a logout could end', async () => {
    const { secret } = await keyWith(['read', 'run', 'write']);
    const answer = await api.post('/auth/logout', undefined, { token: secret });
    expect([answer.status, answer.body['code']]).toEqual([403, 'SCOPE_MISSING']);
    expect((await api.get('/auth/me', { token: secret })).status).toBe(200);
  });

  it('stop working everywhere within a second once revoked, sockets too', async () => {
    const { id, secret } = await keyWith(['read']);
    const elsewhere = new ApiClient(other.url);
    const socket = await SocketReader.connect(other.url, secret);
    expect((await elsewhere.get('/flows', { token: secret })).status).toBe(200);
    expect((await user.delete(`/api-keys/${id}`)).status).toBe(204);
    expect(await codeOf('GET', '/flows', secret)).toBe('UNAUTHORIZED');
    await until('the other process knows', 1_000, async () => {
      return (await elsewhere.get('/flows', { token: secret })).status === 401 || undefined;
    });
    await socket.until(() => socket.of('auth.expired').length === 1, 1_000);
    expect((await user.delete(`/api-keys/${id}`)).body['code']).toBe('API_KEY_NOT_FOUND');
  });

  it('expire', async () => {
    const { secret } = await keyWith(['read'], { expires_at: new Date(Date.now() + 1_500).toISOString() });
    expect(await codeOf('GET', '/flows', secret)).toBe(200);
    await until('it has expired', 3_000, async () => {
      return (await codeOf('GET', '/flows', secret)) === 'TOKEN_EXPIRED' || undefined;
    });
    const past = await user.post('/api-keys', { name: 'x', scopes: ['read'], expires_at: '2020-01-01T00:00:00Z' });
    expect(past.body).toMatchObject({ code: 'INVALID_INPUT', errors: [{ path: '/expires_at', code: 'IS_FUTURE' }] });
  });

  it('are one’s own', async () => {
    const { id } = await keyWith(['read']);
    const stranger = await SignedInClient.signUp(app.url);
    expect((await stranger.delete(`/api-keys/${id}`)).body['code']).toBe('API_KEY_NOT_FOUND');
    expect((await stranger.get('/api-keys')).body['items']).toEqual([]);
  });

  it.each([[{}], [{ name: 'x' }], [{ name: 'x', scopes: [] }], [{ name: 'x', scopes: ['admin'] }]])(
    'need a name and scopes that exist: %j',
    async (body) => {
      expect((await user.post('/api-keys', body)).status).toBe(400);
    },
  );

  it('that nobody made are refused', async () => {
    expect(await codeOf('GET', '/flows', `trp_${'x'.repeat(43)}`)).toBe('UNAUTHORIZED');
  });
});
