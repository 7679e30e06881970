import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PROVIDER_NAMES } from '../../src/config/provider-names.js';
import { ModelCallsService } from '../../src/modules/providers/model-calls.service.js';
import { Canaries } from '../support/chaos/canaries.js';
import { executeSql } from '../support/execute-sql.js';
import { ModelServer } from '../support/model-server/model-server.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

type Credentials = TestApp['config']['providers']['credentials'];
const NONE = Object.fromEntries(PROVIDER_NAMES.map((name) => [name, {}])) as Credentials;

let models: ModelServer;
let app: TestApp;
/** Another process of the same installation. */
let other: TestApp;
let owner: SignedInClient;
let viewer: SignedInClient;
let projectId: string;

beforeAll(async () => {
  models = await ModelServer.start();
  const network = { allowedAddresses: ['127.0.0.1'] };
  // Where the installation has its providers; it has a key for one of them alone.
  const providers = { credentials: { ...NONE, openai: { apiKey: 'installation-key', baseUrl: models.baseUrl } } };
  app = await createTestApp({ network, providers });
  other = await createTestApp({ network, providers, database: app.config.database, auth: app.config.auth });
  [owner, viewer] = await Promise.all([SignedInClient.signUp(app.url), SignedInClient.signUp(app.url)]);
  projectId = String((await owner.post('/projects', { name: 'Ours' })).body['id']);
  await owner.put(`/projects/${projectId}/members/${viewer.userId}`, { role: 'editor' });
});

afterAll(async () => {
  await other?.close();
  await app?.close();
  await models?.close();
});

beforeEach(() => {
  models.setScript();
  models.log.clear();
  models.refusedKeys.clear();
});

const nodesWith = (data: object) => [
  { id: 'prompt', type: 'initialPrompt', data: { text: 'Hello' } },
  { id: 'german', type: 'translator', data: { language: 'de', ...data } },
];
const edges = [{ source: 'prompt', target: 'german' }];

function translate(user: SignedInClient, provider: string, more: object = {}) {
  const nodes = nodesWith({ provider_id: provider, model: 'mine' });
  return user.post('/execution/run', { nodes, edges, wait_seconds: 20, ...more });
}

const keysUsed = () => models.calls.map(({ authorization }) => authorization);

describe('a key of a user', () => {
  it('is used for the calls of that user, and of nobody else', async () => {
    const user = await SignedInClient.signUp(app.url);
    const key = { provider_id: 'openai', api_key: 'key-of-user-1234' };
    const created = await user.post('/provider-credentials', key);
    expect(created).toMatchObject({ status: 201, body: { last_four: '1234', version: 1, is_readable: true } });
    expect(created.body['checked_at']).not.toBeNull();
    expect(await translate(user, 'openai')).toMatchObject({ body: { status: 'completed' } });
    expect(await translate(owner, 'openai')).toMatchObject({ body: { status: 'completed' } });
    expect(keysUsed()).toEqual(['Bearer key-of-user-1234', 'Bearer installation-key']);
    expect((await owner.get(`/provider-credentials/${created.body['id'] as string}`)).status).toBe(404);
    expect(await user.post('/provider-credentials', key)).toMatchObject({
      status: 409,
      body: { code: 'PROVIDER_CREDENTIAL_EXISTS' },
    });
  });

  it.each([
    ['anthropic', 'claude', '', 'Bearer key-of-anthropic'],
    ['gemini', 'gemini', '', 'key-of-gemini'],
    ['mistral', 'mistral', '/v1', 'Bearer key-of-mistral'],
  ])('makes %s usable, at an address of its own', async (id, alias, path, sent) => {
    const user = await SignedInClient.signUp(app.url);
    expect(await user.get(`/providers/${id}/models`)).toMatchObject({ status: 404 });
    const key = { provider_id: alias, api_key: `key-of-${id}`, base_url: `${models.url}${path}` };
    expect(await user.post('/provider-credentials', key)).toMatchObject({ status: 201, body: { provider_id: id } });
    const usable = (await user.get('/providers')).body['items'] as { id: string }[];
    expect(usable.map((one) => one.id)).toContain(id);
    const listed = (await user.get(`/providers/${id}/models`)).body['items'] as { id: string }[];
    expect(listed.map((model) => model.id)).toEqual(['model-small', 'model-large']);
    expect(await translate(user, id)).toMatchObject({ body: { status: 'completed' } });
    expect(keysUsed()).toEqual([sent]);
  });

  it('is refused when the provider refuses it, and when the address is not to be called', async () => {
    models.refusedKeys.add('key-that-is-wrong');
    const wrong = { provider_id: 'openai', api_key: 'key-that-is-wrong' };
    const refused = await viewer.post('/provider-credentials', wrong);
    expect(refused).toMatchObject({ status: 400, body: { code: 'PROVIDER_CREDENTIAL_REFUSED' } });
    for (const base_url of ['http://169.254.169.254/v1', 'http://[::1]/v1', 'http://10.1.2.3/v1']) {
      const answer = await viewer.post('/provider-credentials', { ...wrong, base_url });
      expect(answer).toMatchObject({
        status: 400,
        body: { errors: [{ path: '/base_url', code: 'ADDRESS_NOT_ALLOWED' }] },
      });
    }
    const unknown = await viewer.post('/provider-credentials', { ...wrong, provider_id: 'offline' });
    expect(unknown).toMatchObject({ status: 400, body: { errors: [{ code: 'PROVIDER_UNKNOWN' }] } });
    expect((await viewer.get('/provider-credentials')).body['items']).toEqual([]);
  });

  it('is taken unchecked while the provider is away', async () => {
    const away = { provider_id: 'mistral', api_key: 'key-for-later', base_url: 'http://127.0.0.1:1024/v1' };
    expect(await viewer.post('/provider-credentials', away)).toMatchObject({ status: 201, body: { checked_at: null } });
  });

  it('that stops working fails a run at once, and tells whose it was', async () => {
    const user = await SignedInClient.signUp(app.url);
    await user.post('/provider-credentials', { provider_id: 'openai', api_key: 'key-to-be-withdrawn' });
    models.refusedKeys.add('key-to-be-withdrawn');
    const { body } = await translate(user, 'openai');
    expect(body['error']).toMatchObject({ code: 'FLOW_FAILED' });
    expect(JSON.stringify(body)).toContain('MODEL_CREDENTIALS_REFUSED');
    expect(JSON.stringify(body)).not.toContain('key-to-be-withdrawn');
    expect(models.calls).toHaveLength(0);
  });
});

describe('a key of a project', () => {
  it('is used by members before their own, unseen, and rotates within a second in every process', async () => {
    const key = { provider_id: 'openai', api_key: 'key-of-project-aaaa', project_id: projectId };
    expect(await viewer.post('/provider-credentials', key)).toMatchObject({ status: 403 });
    const { body } = await owner.post('/provider-credentials', key);
    await viewer.post('/provider-credentials', { provider_id: 'openai', api_key: 'key-of-viewer' });
    const shown = (await viewer.get(`/provider-credentials?project_id=${projectId}`)).body['items'];
    expect(shown).toMatchObject([{ id: body['id'], last_four: 'aaaa', project_id: projectId }]);
    expect(JSON.stringify(shown)).not.toContain('key-of-project');
    const path = `/provider-credentials/${body['id'] as string}`;
    expect((await viewer.patch(path, { api_key: 'key-of-viewer' })).status).toBe(403);
    await translate(viewer, 'openai', { project_id: projectId });
    expect(keysUsed()).toEqual(['Bearer key-of-project-aaaa']);

    const elsewhere = await owner.patch(path, { base_url: models.baseUrl });
    expect(elsewhere).toMatchObject({ status: 400, body: { errors: [{ path: '/api_key', code: 'REQUIRED' }] } });
    const rotated = await owner.patch(path, { api_key: 'key-of-project-bbbb' });
    expect(rotated).toMatchObject({ status: 200, body: { version: 2, last_four: 'bbbb' } });
    const account = { ownerId: viewer.userId, projectId };
    await aSecond();
    for (const { app: process } of [app, other]) await call(process.get(ModelCallsService), account);
    expect(keysUsed().slice(1)).toEqual(['Bearer key-of-project-bbbb', 'Bearer key-of-project-bbbb']);

    expect((await owner.delete(path)).status).toBe(204);
    await aSecond();
    await call(other.app.get(ModelCallsService), account);
    expect(keysUsed().at(-1)).toBe('Bearer key-of-viewer');
    const audited = await executeSql<{ action: string }>(
      app.config.database.url,
      `SELECT action FROM audit_entries WHERE target_id = '${body['id'] as string}' ORDER BY id`,
    );
    expect(audited.map(({ action }) => action)).toEqual([
      'provider_credential.created',
      'provider_credential.rotated',
      'provider_credential.deleted',
    ]);
  });

  it('keeps what two change at once', async () => {
    const key = { provider_id: 'openai', api_key: 'key-of-project-dddd', project_id: projectId };
    const { body } = await owner.post('/provider-credentials', key);
    const id = String(body['id']);
    const namer = await SignedInClient.signUp(app.url);
    await owner.put(`/projects/${projectId}/members/${namer.userId}`, { role: 'owner' });
    const client = new Client({ connectionString: app.config.database.url });
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM provider_credentials WHERE id = $1 FOR UPDATE', [id]);
      const isWaiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
      const changes = [];
      for (const [who, change] of [
        [namer, { name: 'Theirs' }] as const,
        [owner, { api_key: 'key-of-project-eeee' }] as const,
      ]) {
        changes.push(who.patch(`/provider-credentials/${id}`, change));
        const waiting = changes.length;
        await vi.waitFor(
          async () => expect(await executeSql(app.config.database.url, isWaiting)).toHaveLength(waiting),
          5_000,
        );
      }
      await client.query('COMMIT');
      expect((await Promise.all(changes)).map(({ status }) => status)).toEqual([200, 200]);
    } finally {
      await client.end();
    }
    const stored = `SELECT name, last_four, version, owner_id, written_by FROM provider_credentials WHERE id = '${id}'`;
    expect(await executeSql(app.config.database.url, stored)).toEqual([
      { name: 'Theirs', last_four: 'eeee', version: 2, owner_id: owner.userId, written_by: { name: namer.userId } },
    ]);
    await owner.delete(`/projects/${projectId}/members/${namer.userId}`);
    expect((await owner.delete(`/provider-credentials/${id}`)).status).toBe(204);
  });

  it('is not used for whoever is no member', async () => {
    const key = { provider_id: 'openai', api_key: 'key-of-project-cccc', project_id: projectId };
    await owner.post('/provider-credentials', key);
    const stranger = await SignedInClient.signUp(app.url);
    await call(app.app.get(ModelCallsService), { ownerId: stranger.userId, projectId });
    expect(keysUsed()).toEqual(['Bearer installation-key']);
  });
});

describe('a start', () => {
  it('is refused when nobody has a key for the provider that it names', async () => {
    const calls = app.app.get(ModelCallsService);
    const account = { ownerId: owner.userId, projectId: null };
    const wishes = { node: { providerId: 'mistral' } };
    await expect(calls.assertUsable({ wishes }, account)).rejects.toMatchObject({ code: 'PROVIDER_NOT_CONFIGURED' });
    await calls.assertUsable({ wishes, fallbacks: [{ providerId: 'openai' }] }, account);
    await calls.assertUsable({ wishes: {} }, account);
  });
});

describe('a key that is stored', () => {
  it('comes up in no table and no answer, though the provider repeats it', async () => {
    const canaries = new Canaries();
    const secret = canaries.add('provider-key', 'sk-canary+1f4d9b7c2a6e8f03/5d');
    const user = await SignedInClient.signUp(app.url);
    const body = { provider_id: 'openai', api_key: secret };
    const created = await user.post('/provider-credentials', body);
    models.setScript({ answer: { text: `Your key is ${secret}, is it not?`, pieceSize: 5 } });
    const answered = await translate(user, 'openai');
    expect(answered).toMatchObject({
      body: { status: 'completed', outputs: { german: { text: 'Your key is [secret], is it not?' } } },
    });
    models.refusedKeys.add(secret);
    const failed = await translate(user, 'openai');
    const answers = [created, answered, failed, await user.get('/provider-credentials')];
    expect(canaries.findIn(JSON.stringify(answers.map((answer) => answer.body)))).toEqual([]);
    const { url } = app.config.database;
    const names = await executeSql<{ name: string }>(
      url,
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    );
    for (const { name } of names) {
      const rows = await executeSql<{ row: string }>(url, `SELECT t::text AS row FROM "${name}" t`);
      expect([name, canaries.findIn(rows.map(({ row }) => row).join('\n'))]).toEqual([name, []]);
    }
  });

  it('cannot be read under another encryption key, and says so', async () => {
    const user = await SignedInClient.signUp(app.url);
    const { body } = await user.post('/provider-credentials', {
      provider_id: 'openai',
      api_key: 'key-sealed-elsewhere',
    });
    await executeSql(
      app.config.database.url,
      `UPDATE provider_credentials SET sealed_key = decode('00', 'hex') WHERE id = '${body['id'] as string}'`,
    );
    await aSecond();
    const path = `/provider-credentials/${body['id'] as string}`;
    expect((await user.get(path)).body).toMatchObject({ is_readable: false });
    expect(JSON.stringify((await translate(user, 'openai')).body)).toContain('PROVIDER_CREDENTIAL_UNREADABLE');
    expect(models.calls).toHaveLength(0);
    expect(await user.patch(path, { api_key: 'key-entered-again' })).toMatchObject({ body: { is_readable: true } });
  });
});

const aSecond = () => new Promise((resolve) => setTimeout(resolve, 1_000));

function call(calls: ModelCallsService, account: { ownerId: string; projectId: string | null }) {
  const request = { messages: [{ role: 'user' as const, content: 'Hello' }] };
  const options = { signal: new AbortController().signal, idempotencyKey: 'k' };
  const wishes = { node: { providerId: 'openai', model: 'mine' } };
  return calls.stream({ request, wishes, account }, options, () => undefined);
}
