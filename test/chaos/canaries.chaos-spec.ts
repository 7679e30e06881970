import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type Answer, type RequestOptions } from '../support/api-client.js';
import { Canaries } from '../support/chaos/canaries.js';
import { Site, type SiteServer } from '../support/chaos/site.js';
import { executeSql } from '../support/execute-sql.js';
import { SocketReader } from '../support/socket-reader.js';
import { SseReader } from '../support/sse-reader.js';

const canaries = new Canaries();
const providerKey = canaries.plant('provider-key');
const jwtSecret = canaries.plant('jwt-secret');
const metricsToken = canaries.plant('metrics-token');
const encryptionKey = canaries.add('encryption-key', randomBytes(32).toString('hex'));
const setupToken = canaries.plant('setup-token');
const password = canaries.plant('password');

let site: Site;
let server: SiteServer;
let api: ApiClient;
/** All that was answered, but for answers whose purpose is to hand a secret out. */
const answers: string[] = [];

beforeAll(async () => {
  site = await Site.start({
    env: {
      LOG_LEVEL: 'trace',
      OPENAI_API_KEY: encodeURIComponent(providerKey),
      JWT_SECRET: jwtSecret,
      ENCRYPTION_KEY: encryptionKey,
      BACKOFFICE_SETUP_TOKEN: setupToken,
      METRICS_TOKEN: encodeURIComponent(metricsToken),
    },
  });
  server = await site.startServer('api');
  api = new ApiClient(server.url);
});

afterAll(() => site.stop());

async function ask(method: string, path: string, options?: RequestOptions): Promise<Answer<Record<string, unknown>>> {
  const answer = await api.request(method, path, options);
  answers.push(JSON.stringify([answer.body, [...answer.headers]]));
  return answer;
}

/** In every way in which a flow, a run and the model could hand a secret on. */
async function sendThroughFlows(token: string): Promise<void> {
  const key = encodeURIComponent(providerKey);
  const forms = [key, encodeURIComponent(key), Buffer.from(`a${key}`).toString('base64'), jwtSecret, encryptionKey];
  const text = forms.join(' and ');
  const nodes = [
    { id: 'a', type: 'initialPrompt', data: { text } },
    { id: 'b', type: 'translator', data: { language: 'fr' } },
    { id: 'c', type: 'textOutput', data: {} },
  ];
  const edges = [
    { source: 'a', target: 'b' },
    { source: 'b', target: 'c' },
  ];
  const flow = await ask('POST', '/flows', {
    token,
    body: { name: text.slice(0, 150), description: text, nodes, edges },
  });
  await ask('POST', '/characters', { token, body: { name: 'Ada', description: text } });
  const run = await ask('POST', `/flows/${String(flow.body['id'])}/run`, { token, body: { wait_seconds: 20 } });
  await ask('GET', `/flows/${String(flow.body['id'])}`, { token });
  await ask('GET', `/runs/${String(run.body['run_id'])}`, { token });
  await ask('GET', `/runs/${String(run.body['run_id'])}/events`, { token });
  const failing = await ask('POST', '/execution/run', {
    token,
    body: {
      nodes: nodes.map((node) => ({ ...node, data: { ...node.data, text: 'refuse me' } })),
      edges,
      wait_seconds: 20,
    },
  });
  await ask('GET', `/runs/${String(failing.body['run_id'])}/events`, { token });
}

async function signInInEveryWay(account: { username: string; email: string }): Promise<string> {
  await ask('POST', '/auth/register', { body: { ...account, password } });
  // Typed into the wrong field, sent to the wrong route, misspelt, cut off.
  await ask('POST', '/auth/login', { body: { identifier: password, password: canaries.plant('wrong-password') } });
  await ask('POST', '/auth/login', { body: { identifier: account.username, password: `${password}x` } });
  await ask('POST', '/auth/login', { body: { identifier: account.username, pasword: password } });
  await ask('POST', '/auth/login', {
    body: `{"password":"${password}"`,
    headers: { 'content-type': 'application/json' },
  });
  await ask('POST', '/auth/backoffice/login', { body: { identifier: account.username, password } });
  const body = { username: 'op', email: 'op@example.org', password, setup_token: canaries.plant('wrong-setup-token') };
  await ask('POST', '/auth/backoffice/create', { body });
  await ask('POST', '/auth/backoffice/create', { body: { ...body, setup_token: setupToken } });
  const tokens = (await api.login(account.username, password)).body;
  canaries.add('access-token', tokens.access_token);
  canaries.add('refresh-token', tokens.refresh_token);
  const form = new URLSearchParams({ username: account.username, password });
  canaries.add('form-token', (await api.post<{ access_token: string }>('/auth/token', form)).body.access_token);
  return tokens.access_token;
}

async function useCredentials(token: string): Promise<string> {
  for (const [name, header] of [
    ['bearer', 'authorization'],
    ['cookie', 'cookie'],
    ['agent', 'x-api-key'],
  ] as const) {
    const secret = encodeURIComponent(canaries.plant(name));
    const values = { authorization: `Bearer ${secret}`, cookie: `access_token=${secret}`, 'x-api-key': secret };
    await ask('GET', '/auth/me', { headers: { [header]: values[header] } });
  }
  const created = { name: 'A key', scopes: ['read', 'run'] };
  const headers = { 'idempotency-key': 'once' };
  const { body } = await api.post<{ secret: string }>('/api-keys', created, { token, headers });
  canaries.add('api-key', body.secret);
  await ask('GET', '/api-keys', { token: token });
  await ask('GET', `/runs?token=${body.secret}&limit=x`, { token: body.secret });
  return body.secret;
}

async function listen(token: string, key: string): Promise<void> {
  const sse = await SseReader.open(`${server.url}/api/v1/events?stream=user:${await myId(token)}&token=${key}`, token);
  const socket = await SocketReader.connect(server.url, key, { query: { token: encodeURIComponent(key) } });
  await socket.send('subscribe', { stream: encodeURIComponent(providerKey) });
  await sendThroughFlows(token);
  await sleep(300);
  answers.push(JSON.stringify([socket.envelopes, sse.events]));
  sse.close();
  socket.close();
}

async function myId(token: string): Promise<string> {
  return String((await ask('GET', '/auth/me', { token })).body['id']);
}

/** Every row of every table, as text. */
async function tables(): Promise<Map<string, string>> {
  const { url } = site.database;
  const names = await executeSql<{ name: string }>(
    url,
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  const entries = names.map(async ({ name }) => {
    const rows = await executeSql<{ row: string }>(url, `SELECT t::text AS row FROM "${name}" t`);
    return [name, rows.map(({ row }) => row).join('\n')] as const;
  });
  return new Map(await Promise.all(entries));
}

describe('secrets that are planted wherever one can enter', () => {
  it('come up in no table, no log, no event, no answer and no metric', async () => {
    const body = `{"error":{"message":"Wrong key ${encodeURIComponent(providerKey)}"}}`;
    await site.models.setScript([{ content: 'refuse me', answer: { fault: { kind: 'status', status: 401, body } } }]);
    const account = { username: 'ada', email: 'ada@example.org' };
    const token = await signInInEveryWay(account);
    const key = await useCredentials(token);
    await listen(token, key);
    const change = { current_password: password, new_password: canaries.plant('new-password') };
    await ask('POST', '/auth/password', { token, body: change });
    const scraped = await ask('GET', '/metrics', {
      headers: { authorization: `Bearer ${encodeURIComponent(metricsToken)}` },
    });
    expect(scraped.status).toBe(200);
    await ask('GET', '/health/ready');

    const found: [place: string, secrets: string[]][] = [...(await tables())].map(([name, rows]) => {
      return [`table ${name}`, canaries.findIn(rows)];
    });
    found.push(['logs', canaries.findIn(server.process.output)], ['answers', canaries.findIn(answers.join('\n'))]);
    expect(found.filter(([, secrets]) => secrets.length > 0)).toEqual([]);
    // What was searched was there.
    expect(server.process.output).toContain('/api/v1/auth/login');
    expect(answers.join('\n')).toContain('[secret]');
  });
});
