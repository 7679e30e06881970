import { randomUUID } from 'node:crypto';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ToolCalls } from '../../src/modules/tools/tool-calls.js';
import { ToolCatalogue } from '../../src/modules/tools/tool-catalogue.js';
import { type CallableTool, type ToolAnswer, ToolFailure } from '../../src/modules/tools/tool.js';
import { FaultServer } from '../support/mcp/fault-server.js';
import { MORTAL_SERVER } from '../support/mcp/mortal-server.js';
import { programOf, type ReferenceServer, startEverything } from '../support/mcp/reference-servers.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let me: SignedInClient;
let faults: FaultServer;
let everything: ReferenceServer;
let folder: string;

beforeAll(async () => {
  const setup = { server: { mcpStdioEnabled: true }, network: { allowedAddresses: ['127.0.0.1'] } };
  [app, faults, everything] = await Promise.all([createTestApp(setup), FaultServer.start(), startEverything()]);
  me = await SignedInClient.signUp(app.url);
  folder = await realpath(await mkdtemp(join(tmpdir(), 'troupe-mcp-')));
});

afterAll(async () => {
  await app.close();
  faults.close();
  everything.close();
  await rm(folder, { recursive: true });
});

type Server = Readonly<Record<string, unknown>>;

async function register(name: string, settings: object): Promise<Server> {
  const { status, body } = await me.post('/mcp-servers', { name, ...settings });
  expect([status, body['code']]).toEqual([201, undefined]);
  return body;
}

async function registered(name: string, settings: object): Promise<Server> {
  const { id } = await register(name, settings);
  return (await me.post(`/mcp-servers/${String(id)}/refresh`)).body;
}

const stdio = (name: 'everything' | 'filesystem' | 'memory', ...args: string[]) => ({
  transport: 'stdio',
  command: process.execPath,
  args: [programOf(name), ...args],
});

async function toolNamed(name: string): Promise<CallableTool> {
  const tool = await app.app.get(ToolCatalogue).find(name, { ownerId: me.userId, projectId: null });
  if (!tool || !('call' in tool)) throw new Error(`There is no tool ${name}`);
  return tool;
}

async function call(name: string, args: object = {}, signal = new AbortController().signal): Promise<ToolAnswer> {
  const tool = await toolNamed(name);
  const calls = app.app.get(ToolCalls);
  const checked = calls.checkArguments(tool, args);
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
  const owner = { ownerId: me.userId, projectId: null, runId: null };
  const permissions = new Set(tool.manifest.permissions);
  const context = { ...owner, traceId: '0'.repeat(32), idempotencyKey: randomUUID(), signal, permissions };
  return calls.call(tool, checked.args, context);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(() => undefined).catch((caught: unknown) => caught);
  return error instanceof ToolFailure ? `${error.code}: ${error.message}` : String(error);
}

describe.each(['stdio', 'http'])('server-everything over %s', (transport) => {
  const name = `everything-${transport}`;

  it('offers its tools, with what it says of them', async () => {
    const http = { transport: 'http', url: everything.url, headers: { Authorization: 'Bearer some-token-of-mine' } };
    const env = { SERVICE_TOKEN: 'a-secret-of-mine', PLAIN: 'in the open' };
    const server = await registered(name, transport === 'http' ? http : { ...stdio('everything'), env });
    expect(server['last_error']).toBeNull();
    expect(server['tools']).toContain(`${name}/echo`);
    const reason = 'it runs as a task only, which is not supported';
    expect(server['refused_tools']).toEqual([{ name: 'simulate-research-query', reason }]);
    const { manifest } = await toolNamed(`${name}/get-sum`);
    expect(manifest).toMatchObject({ permissions: [`mcp:${name}`], approval: 'never', timeoutSeconds: 3600 });
    const checked = app.app.get(ToolCalls).checkArguments(await toolNamed(`${name}/get-sum`), { a: 'one' });
    expect(checked).toMatchObject({ ok: false });
  });

  it('answers text, structured content, images, resources and links', async () => {
    expect((await call(`${name}/echo`, { message: 'hello' })).output).toBe('Echo: hello');
    const weather = await call(`${name}/get-structured-content`, { location: 'Chicago' });
    expect(weather.output).toMatchObject({ temperature: expect.any(Number) as number });
    const { output, artifacts } = await call(`${name}/get-tiny-image`);
    expect(artifacts).toEqual([{ artifactId: expect.any(String) as string, mediaType: 'image/png' }]);
    expect(output).toContainEqual({ type: 'image', artifact_id: artifacts?.[0]?.artifactId, media_type: 'image/png' });
    const image = await me.get(`/artifacts/${artifacts?.[0]?.artifactId}`);
    expect(image.status).toBe(200);
    const resource = await call(`${name}/get-resource-reference`, { resourceType: 'Text', resourceId: 1 });
    expect(resource.output).toContainEqual(expect.objectContaining({ type: 'resource' }));
    const links = await call(`${name}/get-resource-links`, { count: 2 });
    expect(links.output).toContainEqual(expect.objectContaining({ type: 'link' }));
  });

  it('may be slow while it reports progress', async () => {
    const { output } = await call(`${name}/trigger-long-running-operation`, { duration: 1, steps: 4 });
    expect(String(output)).toContain('Long running operation completed');
  });
});

describe('the names of tools', () => {
  it('are those of servers first: nobody makes a tool that stands before one of theirs', async () => {
    const artifacts = [{ name: 'echo.js', language: 'javascript', content: '1' }];
    const solution = { problem: 'Echo?', approach: 'One.', artifacts };
    const id = String((await me.post('/memory/save', { solution })).body['id']);
    const manifest = { name: 'echo', description: 'One.', input_schema: { type: 'object' } };
    const examples = [{ input: {}, expected_output: 1 }];
    const promote = async (domain: string) =>
      (await me.post(`/memory/solutions/${id}/promote`, { domain, ...manifest, examples })).body;
    expect(await promote('everything-http')).toMatchObject({ status: 409, code: 'TOOL_NAME_TAKEN' });
    expect(await promote('later')).toMatchObject({ name: 'later/echo', version: 1 });
    await registered('later', { transport: 'http', url: everything.url });
    expect((await toolNamed('later/echo')).manifest.permissions).toEqual(['mcp:later']);
    const listed = (await me.get('/tools')).body['items'] as Array<{ name: string; permissions: string[] }>;
    expect(listed.filter(({ name }) => name === 'later/echo')).toMatchObject([{ permissions: ['mcp:later'] }]);
  });
});

describe('a server that is a command', () => {
  it('sees PATH and what it was given, and does not tell its secrets', async () => {
    const { output } = await call('everything-stdio/get-env');
    const seen = JSON.parse(String(output)) as Record<string, string>;
    expect(
      Object.keys(seen)
        .filter((name) => name !== '__CF_USER_TEXT_ENCODING')
        .toSorted(),
    ).toEqual(['PATH', 'PLAIN', 'SERVICE_TOKEN']);
    expect(seen).toMatchObject({ PLAIN: 'in the open', SERVICE_TOKEN: '[secret]' });
  });

  it('is server-filesystem, whose refusals are failures of the tool', async () => {
    await writeFile(join(folder, 'a.txt'), 'what is in it');
    await registered('files', stdio('filesystem', folder));
    expect((await call('files/read_text_file', { path: join(folder, 'a.txt') })).output).toMatchObject({
      content: 'what is in it',
    });
    expect(await failureOf(call('files/read_text_file', { path: '/etc/passwd' }))).toMatch(
      /^MCP_TOOL_FAILED: .*denied/,
    );
    const [read, write] = [await toolNamed('files/read_text_file'), await toolNamed('files/write_file')];
    expect(read.manifest).toMatchObject({ isParallel: true, onInterrupted: 'retry' });
    expect(write.manifest).toMatchObject({ isParallel: false, onInterrupted: 'retry' });
    expect((await toolNamed('files/edit_file')).manifest).toMatchObject({ onInterrupted: 'ask' });
  });

  it('is server-memory, one process for all calls', async () => {
    await registered('memory', { ...stdio('memory'), env: { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') } });
    const entities = [{ name: 'Ada', entityType: 'person', observations: ['wrote programs'] }];
    await call('memory/create_entities', { entities });
    expect(JSON.stringify((await call('memory/read_graph')).output)).toContain('wrote programs');
  });

  it('dies: the call fails, the next one starts it again, and nothing of it is left behind', async () => {
    const { id } = await registered('mortal', {
      transport: 'stdio',
      command: process.execPath,
      args: ['-e', MORTAL_SERVER],
    });
    const pidsOf = async () => ((await call('mortal/pids')).output as { pids: number[] }).pids;
    const first = await pidsOf();
    expect(await failureOf(call('mortal/die'))).toMatch(
      /^MCP_CONNECTION_LOST: .*whether the tool has run is not known/,
    );
    const second = await pidsOf();
    expect(second).not.toEqual(first);
    await me.delete(`/mcp-servers/${String(id)}`);
    await expect.poll(() => [...first, ...second].filter(isAlive), { timeout: 5_000 }).toEqual([]);
  });

  it('that cannot start says why', async () => {
    const { last_error: error, tools } = await registered('broken', {
      transport: 'stdio',
      command: process.execPath,
      args: ['-e', 'console.error("no licence key"); process.exit(3)'],
    });
    expect(tools).toEqual([]);
    expect(error).toContain('no licence key');
    const absent = await registered('absent', { transport: 'stdio', command: '/no/such/program' });
    expect(absent['last_error']).toContain('ENOENT');
  });
});

describe('a server that misbehaves', () => {
  let server: Server;
  const path = () => `/mcp-servers/${String(server['id'])}`;

  beforeAll(async () => {
    const headers = { Authorization: 'Bearer some-token-of-mine' };
    server = await registered('faults', { transport: 'http', url: faults.url, headers, timeout_seconds: 1 });
  });

  it('has the tools that can be called; why others cannot is said', async () => {
    expect(server['tools']).toEqual(
      ['count', 'hang', 'progress', 'huge', 'cut', 'add_tool', 'sly'].map((name) => `faults/${name}`),
    );
    const refused = server['refused_tools'] as { name: string; reason: string }[];
    expect(refused.map(({ name }) => name)).toEqual([
      'no such name',
      'bad-schema',
      'listed',
      'count',
      '(without a name)',
    ]);
    expect(refused.every(({ reason }) => reason.length > 10)).toBe(true);
    expect((await toolNamed('faults/sly')).manifest.description).toMatch(/^Fine x{1994}…$/);
    expect((await toolNamed('faults/hang')).manifest).toMatchObject({ isParallel: false, onInterrupted: 'ask' });
    expect(faults.authorizations).toContain('Bearer some-token-of-mine');
  });

  it('loses its session: a new one is made, and the call that was refused is repeated', async () => {
    const { calls, sessions } = faults;
    expect((await call('faults/count')).output).toBe(String(calls + 1));
    faults.forgetSessions();
    expect((await call('faults/count')).output).toBe(String(calls + 2));
    expect(faults.sessions).toBe(sessions + 1);
  });

  it('hangs: the call ends at its limit of silence, and the server is told', async () => {
    const before = faults.cancelled.length;
    expect(await failureOf(call('faults/hang'))).toMatch(/^MCP_TIMED_OUT/);
    await expect.poll(() => faults.cancelled.length).toBe(before + 1);
    expect((await call('faults/count')).output).toBe(String(faults.calls));
  });

  it('is told when a call is given up', async () => {
    const before = faults.cancelled.length;
    const controller = new AbortController();
    const hanging = call('faults/hang', {}, controller.signal);
    setTimeout(() => controller.abort(new Error('enough')), 100);
    await expect(hanging).rejects.toThrow('enough');
    await expect.poll(() => faults.cancelled.length).toBe(before + 1);
  });

  it('is slow but alive: its progress begins the silence anew', async () => {
    expect((await call('faults/progress')).output).toBe('slow');
  });

  it('answers too much, or stops in the middle: the call fails, the next one works', async () => {
    expect(await failureOf(call('faults/huge'))).toMatch(/^MCP_ANSWER_TOO_LARGE/);
    expect(await failureOf(call('faults/cut'))).toMatch(/^MCP_CONNECTION_LOST/);
    expect((await call('faults/count')).output).toBe(String(faults.calls));
  });

  it('gets another tool, which is known at once', async () => {
    await call('faults/add_tool');
    await expect.poll(async () => (await me.get(path())).body['tools'], { timeout: 5_000 }).toContain('faults/added');
  });

  it('goes away: its tools stay known, calling one says so, and when it is back it is found', async () => {
    const gone = await FaultServer.start();
    const other = await registered('gone', { transport: 'http', url: gone.url });
    gone.close();
    expect(await failureOf(call('gone/count'))).toMatch(/^MCP_CONNECTION_LOST|^MCP_SERVER_UNAVAILABLE/);
    expect(await failureOf(call('gone/count'))).toMatch(/^MCP_SERVER_UNAVAILABLE: The server gone cannot be used now/);
    const known = (await me.get(`/mcp-servers/${String(other['id'])}`)).body;
    expect(known['tools']).toContain('gone/count');
    expect(known['last_error']).toContain('ECONNREFUSED');
    await me.patch(`/mcp-servers/${String(other['id'])}`, { url: faults.url });
    expect((await call('gone/count')).output).toBe(String(faults.calls));
  });
});

describe('an address of ours', () => {
  it.each(['http://169.254.169.254/mcp', 'http://10.0.0.1/mcp', 'http://[::1]:8001/mcp'])(
    '%s is refused',
    async (url) => {
      const name = `inside-${url.length}`;
      const { last_error: error, id } = await registered(name, { transport: 'http', url });
      expect(error).toContain('is not a public one');
      await me.delete(`/mcp-servers/${String(id)}`);
    },
  );

  it('is not reached through redirects; others are not left for another origin', async () => {
    const away = await registered('away', { transport: 'http', url: faults.url.replace('/mcp', '/away') });
    expect(away['last_error']).toContain('not followed');
    const near = await registered('near', { transport: 'http', url: faults.url.replace('/mcp', '/elsewhere') });
    expect(near['last_error']).toBeNull();
  });
});

describe('settings', () => {
  it('mask their secrets, keep them when the mask comes back, and never reach the database in the clear', async () => {
    const headers = { Authorization: 'Bearer very-secret-value', 'X-Other': 'other' };
    const { id, headers: shown } = await register('masked', { transport: 'http', url: faults.url, headers });
    expect(shown).toEqual({ Authorization: '********', 'X-Other': '********' });
    const path = `/mcp-servers/${String(id)}`;
    const changed = await me.patch(path, { headers: { Authorization: '********' } });
    expect(changed.body['headers']).toEqual({ Authorization: '********' });
    await me.post(`${path}/refresh`);
    expect(faults.authorizations.at(-1)).toBe('Bearer very-secret-value');
    const database = app.app.get(DataSource);
    const rows = await database.query<{ secrets: Buffer }[]>('SELECT secrets FROM mcp_servers WHERE id = $1', [id]);
    expect(rows[0]?.secrets.length).toBeGreaterThan(0);
    expect(rows[0]?.secrets.includes('very-secret')).toBe(false);
    const audited = 'SELECT action, details FROM audit_entries WHERE target_id = $1 ORDER BY created_at';
    const entries = await database.query<{ action: string }[]>(audited, [id]);
    expect(entries.map(({ action }) => action)).toEqual(['mcp_server.created', 'mcp_server.updated']);
    expect(JSON.stringify(entries)).not.toContain('very-secret');
  });

  it.each([
    [{ transport: 'http' }, '/url'],
    [{ transport: 'http', url: 'ftp://example.com' }, '/url'],
    [{ transport: 'http', url: 'https://user:pass@example.com' }, '/url'],
    [{ transport: 'http', url: 'https://example.com', headers: { Host: 'x' } }, '/headers/Host'],
    [{ transport: 'http', url: 'https://example.com', headers: { A: 'a\r\nB: b' } }, '/headers/A'],
    [{ transport: 'stdio' }, '/command'],
    [{ transport: 'stdio', command: 'x', env: { 'A=B': 'c' } }, '/env/A=B'],
  ])('%j are refused', async (settings, path) => {
    const { status, body } = await me.post('/mcp-servers', { name: 'wrong', ...settings });
    expect([status, (body['errors'] as { path: string }[])[0]?.path]).toEqual([400, path]);
  });

  it('of a project hold in it, before those of a person', async () => {
    const { id: projectId } = (await me.post('/projects', { name: 'A project' })).body;
    const settings = { name: 'same', transport: 'http', url: faults.url };
    await register('same', { ...settings, approval: 'always' });
    await register('same', { ...settings, project_id: projectId, approval: 'first_use' });
    const approvalIn = async (scope: string | null) => {
      const tool = await app.app.get(ToolCatalogue).find('same/count', { ownerId: me.userId, projectId: scope });
      return tool?.manifest.approval;
    };
    expect(await approvalIn(null)).toBe('always');
    expect(await approvalIn(String(projectId))).toBe('first_use');
  });

  it('have one name once; a server that is switched off or removed has no tools', async () => {
    const settings = { transport: 'http', url: faults.url };
    const { id } = await registered('twice', settings);
    expect((await me.post('/mcp-servers', { name: 'twice', ...settings })).body['code']).toBe('MCP_SERVER_NAME_TAKEN');
    const names = async () => {
      const tools = await app.app.get(ToolCatalogue).list({ ownerId: me.userId, projectId: null });
      return tools.map(({ manifest }) => manifest.name).filter((name) => name.startsWith('twice/'));
    };
    expect(await names()).toContain('twice/count');
    await me.patch(`/mcp-servers/${String(id)}`, { enabled: false });
    expect(await names()).toEqual([]);
    expect((await me.delete(`/mcp-servers/${String(id)}`)).status).toBe(204);
  });

  it.each([
    ['has left it', 'TOOL_UNKNOWN', (path: string) => me.delete(path)],
    ['only looks on by now', 'PERMISSION_DENIED', (path: string) => me.put(path, { role: 'viewer' })],
  ])('of a project are called in no run of whoever %s', async (_, code, loseRole) => {
    const { id: projectId } = (await me.post('/projects', { name: 'A team' })).body;
    const { id } = await register('theirs', {
      transport: 'http',
      url: faults.url,
      project_id: projectId,
      approval: 'always',
    });
    await me.post(`/mcp-servers/${String(id)}/refresh`);
    const other = await SignedInClient.signUp(app.url);
    const membership = `/projects/${String(projectId)}/members/${other.userId}`;
    await me.put(membership, { role: 'editor' });
    const agent = { provider_id: 'offline', tools: ['theirs/count'] };
    const start = { instruction: 'theirs/count {}', agent, project_id: projectId, wait_seconds: 0 };
    const run = `/runs/${String((await other.post('/agents/execute', start)).body['run_id'])}`;
    const status = async () => (await other.get(run)).body['status'];
    await expect.poll(status, { timeout: 8_000 }).toBe('waiting');
    await loseRole(membership);
    const calls = faults.calls;
    const items = (await other.get(`${run}/events`)).body['items'] as { type: string; data: { key: string } }[];
    const key = items.find(({ type }) => type === 'approval.requested')?.data.key ?? '';
    expect((await other.post(`${run}/signals/${key}`, { decision: 'approve' })).status).toBe(202);
    await expect.poll(status, { timeout: 8_000 }).toBe('completed');
    expect(JSON.stringify((await other.get(`${run}/events`)).body)).toContain(`"code":"${code}"`);
    expect(faults.calls).toBe(calls);
  });
});
