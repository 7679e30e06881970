import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WorkspaceWriter } from '../../src/modules/projects/workspace/workspace-writer.js';
import { executeSql } from '../support/execute-sql.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';
import { modesIn, unzip } from '../support/unzip.js';

const MB = 1024 * 1024;
const MAX_FILES = 7;
const MAX_BYTES = 24 * MB;

let app: TestApp;
let owner: SignedInClient;
let project: string;

beforeAll(async () => {
  app = await createTestApp({ workspace: { maxFiles: MAX_FILES, maxBytes: MAX_BYTES } });
  owner = await SignedInClient.signUp(app.url);
});

afterAll(() => app.close());

beforeEach(async () => {
  project = (await owner.post('/projects')).body['id'] as string;
});

interface Init {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer<ArrayBuffer> | ReadableStream;
  readonly duplex?: 'half';
}

function call(method: string, path: string, { headers, ...init }: Init = {}): Promise<Response> {
  const url = `${app.url}/api/v1/projects/${project}/${path}`;
  return fetch(url, { method, headers: { authorization: `Bearer ${owner.token}`, ...headers }, ...init });
}

async function put(path: string, body: string | Buffer<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}) {
  const answer = await call('PUT', `files/${path}`, { body, headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function read(path: string): Promise<string> {
  return (await call('GET', `files/${path}`)).text();
}

async function paths(query = ''): Promise<unknown[]> {
  const { body } = await owner.get(`/projects/${project}/files${query}`);
  return (body['items'] as { path: string }[]).map(({ path }) => path);
}

function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('files of a project', () => {
  it('are written as raw bytes of any type, and read back as they are', async () => {
    const json = '{ "b": 1,\n  "a": 2 }';
    const written = await put('src/data.json', json, { 'content-type': 'application/json' });
    expect(written).toEqual({
      status: 200,
      body: { path: 'src/data.json', version: 1, size_bytes: json.length, sha256: sha256(json) },
    });
    for (const path of ['src/data.json', 'src%2Fdata.json']) {
      const answer = await call('GET', `files/${path}`);
      expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['application/json', json]);
    }
    for (const [type, body] of [
      ['application/x-www-form-urlencoded', 'a=1&b=%00'],
      ['text/plain; charset=utf-8', '\0'],
      ['multipart/form-data; boundary=x', 'no form'],
      ['not a type', 'x'],
      ['', ''],
    ] as const) {
      expect((await put('any', body, { 'content-type': type })).status).toBe(200);
      expect(await read('any')).toBe(body);
    }
    const names = ['a%20b', '%25.txt', '%252e', '%2e%2e%2e', 'a%3Fb%23c'];
    const answers = [];
    for (const name of names) answers.push((await put(name, name)).body['path']);
    expect(answers).toEqual(['a b', '%.txt', '%2e', '...', 'a?b#c']);
  });

  it('are listed by path, page by page, also by what their paths start with', async () => {
    for (const path of ['b', 'a/b/c', 'a-b', 'a/a', 'ab/c']) await put(path, path);
    expect(await paths()).toEqual(['a-b', 'a/a', 'a/b/c', 'ab/c', 'b']);
    expect(await paths('?prefix=a/')).toEqual(['a/a', 'a/b/c']);
    const first = await owner.get(`/projects/${project}/files?limit=2`);
    const cursor = String(first.body['next_cursor']);
    expect(await paths(`?limit=3&cursor=${cursor}`)).toEqual(['a/b/c', 'ab/c', 'b']);
    expect((await owner.get(`/projects/${project}/files?cursor=Li4vYQ`)).status).toBe(400);
  });

  it('keep every version, deletions included', async () => {
    await put('a.txt', 'one\ntwo\n');
    await put('a.txt', 'one\n2\n');
    expect((await call('DELETE', 'files/a.txt')).status).toBe(204);
    expect((await call('DELETE', 'files/a.txt')).status).toBe(404);
    expect([(await call('GET', 'files/a.txt')).status, await paths()]).toEqual([404, []]);
    expect(await read('a.txt?version=1')).toBe('one\ntwo\n');
    expect((await call('GET', 'files/a.txt?version=3')).status).toBe(404);
    expect((await put('a.txt', 'again')).body['version']).toBe(4);
    const versions = await owner.get(`/projects/${project}/file-versions?path=a.txt&limit=3`);
    expect(versions.body['items']).toMatchObject([
      { version: 4, deleted: false, user_id: owner.userId, run_id: null },
      { version: 3, deleted: true, sha256: null },
      { version: 2, sha256: sha256('one\n2\n') },
    ]);
    const rest = `&cursor=${String(versions.body['next_cursor'])}`;
    const older = await owner.get(`/projects/${project}/file-versions?path=a.txt${rest}`);
    expect(older.body).toMatchObject({ items: [{ version: 1 }], next_cursor: null });
    const diff = await owner.get(`/projects/${project}/file-diff?path=a.txt&from=1&to=2`);
    expect(diff.body).toMatchObject({ path: 'a.txt', from: 1, to: 2, is_binary: false });
    expect(diff.body['diff']).toContain('--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n');
  });

  it('are told apart by ETags', async () => {
    const etag = `"${sha256('1')}"`;
    await put('a', '1', { 'if-none-match': '*' });
    expect(await put('a', '2', { 'if-none-match': '*' })).toMatchObject({
      status: 409,
      body: { code: 'FILE_CHANGED' },
    });
    const answer = await call('GET', 'files/a');
    expect([answer.headers.get('etag'), await answer.text()]).toEqual([etag, '1']);
    expect((await call('GET', 'files/a', { headers: { 'if-none-match': `"x", W/${etag}` } })).status).toBe(304);
    const head = await call('HEAD', 'files/a');
    expect([head.status, head.headers.get('content-length'), head.headers.get('etag')]).toEqual([200, '1', etag]);
    expect((await put('a', '2', { 'if-match': etag })).body['version']).toBe(2);
    expect((await put('a', '3', { 'if-match': etag })).body['code']).toBe('FILE_CHANGED');
    expect((await call('DELETE', 'files/a', { headers: { 'if-match': etag } })).status).toBe(409);
    expect(await read('a')).toBe('2');
  });

  it('cannot act as pages of the server', async () => {
    await put('a/b"\u00fc.html', '<script>alert(1)</script>', { 'content-type': 'text/html' });
    const { headers } = await call('GET', 'files/a%2Fb%22%C3%BC.html');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*; sandbox$/);
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="b__.html"; filename*=UTF-8''b%22%C3%BC.html`,
    );
  });

  it('are told of on the stream of the project', async () => {
    await put('a', '1');
    await call('DELETE', 'files/a');
    const events = await owner.get(`/events?stream=project:${project}`);
    const written = { path: 'a', version: 1, deleted: false, size_bytes: 1, sha256: sha256('1'), run_id: null };
    expect(events.body['items']).toMatchObject([
      { type: 'project.created' },
      { type: 'project.artifact', data: { project_id: project, user_id: owner.userId, ...written } },
      { type: 'project.artifact', data: { path: 'a', version: 2, deleted: true, size_bytes: 0, sha256: null } },
    ]);
  });
});

describe('paths', () => {
  /** As typed, since clients tidy addresses up. */
  async function statusOf(target: string): Promise<number> {
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    const lines = [`PUT ${target} HTTP/1.1`, 'Host: x', `Authorization: Bearer ${owner.token}`, 'Connection: close'];
    socket.write(`${[...lines, 'Content-Length: 1'].join('\r\n')}\r\n\r\nx`);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    return Number(/^HTTP\/1.1 (\d{3})/.exec(answer)?.[1]);
  }

  it.each([
    '../x',
    'a/../../x',
    '%2e%2e/x',
    '..%2Fx',
    '%2e%2e%2fx',
    'a%2F..%2F..%2Fx',
    '/etc/passwd',
    '%2Fetc%2Fpasswd',
    '..%5Cx',
    'a%5C..%5Cx',
    'a%00b',
    '..%00',
    '%c0%ae%c0%ae/x',
    '.',
    './x',
    'a//b',
    'a/',
    'a%0Ab',
    'a%7Fb',
    '%EF%BC%8E%EF%BC%8E%5Cx',
  ])('refuses %s, and writes nothing', async (path) => {
    expect([400, 404]).toContain(await statusOf(`/api/v1/projects/${project}/files/${path}`));
    expect(await paths()).toEqual([]);
  });

  it('keep the projects of one start apart, and what only looks alike together', async () => {
    await put('u%CC%88', 'first');
    expect((await put('%C3%BC', 'second')).body).toMatchObject({ path: '\u00fc', version: 2 });
    expect(await paths('?prefix=u%CC%88')).toEqual(['\u00fc']);
  });

  it('lead to no links: what looks like one is the text of a file, also in a zip, whoever writes at once', async () => {
    await put('link', '../../../etc/passwd', { 'content-type': 'inode/symlink' });
    expect(await read('link')).toBe('../../../etc/passwd');
    expect((await put('link/x', 'through it')).status).toBe(409);
    for (const round of [1, 2, 3]) {
      const written = await Promise.all([put(`r${round}`, '/etc'), put(`r${round}/passwd`, 'through it')]);
      expect(written.map(({ status }) => status).filter((status) => status < 300)).toHaveLength(1);
    }
    const zip = Buffer.from(await (await call('GET', 'archive')).arrayBuffer());
    expect([...modesIn(zip).values()].map((mode) => (mode & 0o170000).toString(8))).toEqual(Array(4).fill('100000'));
    expect(unzip(zip).get('link')?.toString()).toBe('../../../etc/passwd');
  });

  it('cannot be a file and a folder', async () => {
    await put('a/b', '1');
    for (const path of ['a', 'a/b/c']) {
      expect(await put(path, '2')).toMatchObject({ status: 409, body: { code: 'FILE_PATH_TAKEN' } });
    }
    for (const path of ['a-', 'a/bc', 'a0']) expect((await put(path, '2')).status).toBe(200);
    await call('DELETE', 'files/a%2Fb');
    await call('DELETE', 'files/a%2Fbc');
    expect((await put('a', '2')).status).toBe(200);
  });
});

describe('writers at once', () => {
  it('each make a version, in some order, and none is lost', async () => {
    const bodies = Array.from({ length: 8 }, (_, index) => `text ${index}`);
    const answers = await Promise.all(bodies.map((body) => put('a', body)));
    const versions = answers.map(({ body }) => Number(body['version']));
    expect(versions.toSorted((left, right) => left - right)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const [index, version] of versions.entries()) expect(await read(`a?version=${version}`)).toBe(bodies[index]);
    expect(await read('a')).toBe(bodies[versions.indexOf(8)]);
  });

  it('of which only one replaces what both have seen', async () => {
    const etag = `"${String((await put('a', '0')).body['sha256'])}"`;
    const answers = await Promise.all(['1', '2', '3'].map((body) => put('a', body, { 'if-match': etag })));
    expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([200, 409, 409]);
  });

  it('and one who removes the project do not wait for each other', async () => {
    await put('a', '0');
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, (_, index) => put('a', String(index))),
      owner.delete(`/projects/${project}`),
    ]);
    expect(answers.filter(({ status }) => ![200, 204, 404].includes(status))).toEqual([]);
    const left = `SELECT (SELECT count(*) FROM workspace_versions WHERE project_id = '${project}')
      + (SELECT count(*) FROM workspace_blobs WHERE project_id = '${project}') AS rows`;
    expect(await executeSql(app.config.database.url, left)).toEqual([{ rows: '0' }]);
  });
});

describe('limits', () => {
  it('hold for the bytes of a file, sent with and without their number, and nothing of it stays', async () => {
    const large = Buffer.alloc(50 * MB + 1);
    expect(await put('a', large)).toMatchObject({ status: 413, body: { code: 'FILE_TOO_LARGE' } });
    const chunked = { body: new Blob([large]).stream(), duplex: 'half' } as const;
    expect((await call('PUT', 'files/a', chunked)).status).toBe(413);
    const parts = `SELECT count(*) AS parts FROM workspace_blob_parts p JOIN workspace_blobs b ON b.id = p.blob_id
      WHERE b.project_id = '${project}'`;
    expect(await executeSql(app.config.database.url, parts)).toEqual([{ parts: '0' }]);
    const json = { method: 'POST', headers: { 'content-type': 'application/vnd.troupe.raw' }, body: 'x' };
    expect((await fetch(`${app.url}/api/v1/projects`, json)).status).not.toBe(500);
  });

  it('hold for how many files there are, and for the bytes of all versions, each content once', async () => {
    for (let index = 0; index < MAX_FILES; index++) await put(`a${index}`, 'x');
    expect(await put('b', 'x')).toMatchObject({ status: 413, body: { code: 'WORKSPACE_FULL' } });
    await call('DELETE', 'files/a0');
    expect((await put('b', 'x')).status).toBe(200);
    const large = randomBytes(20 * MB);
    for (let time = 0; time < 2; time++) expect((await put('a1', large)).status).toBe(200);
    expect((await put('a2', Buffer.alloc(5 * MB))).body['code']).toBe('WORKSPACE_FULL');
    expect(await read('a2')).toBe('x');
    const blobs = `SELECT count(*) AS blobs FROM workspace_blobs WHERE project_id = '${project}'`;
    expect(await executeSql(app.config.database.url, blobs)).toEqual([{ blobs: '2' }]);
  });

  it('are not those of memory: 20 MB go in, come out and into a zip part by part', async () => {
    const large = randomBytes(20 * MB);
    await put('large.bin', large);
    await put('docs/\u00fc.txt', 'small');
    const answer = Buffer.from(await (await call('GET', 'files/large.bin')).arrayBuffer());
    expect(sha256(answer)).toBe(sha256(large));
    const zip = await call('GET', 'archive');
    expect(zip.headers.get('content-type')).toBe('application/zip');
    const files = unzip(Buffer.from(await zip.arrayBuffer()));
    expect([...files.keys()]).toEqual(['docs/\u00fc.txt', 'large.bin']);
    expect(files.get('docs/\u00fc.txt')?.toString()).toBe('small');
    expect(files.get('large.bin')?.equals(large)).toBe(true);
    const sizes = 'SELECT max(octet_length(content)) AS bytes FROM workspace_blob_parts';
    expect(await executeSql(app.config.database.url, sizes)).toEqual([{ bytes: MB }]);
  });
});

describe('tools for files', () => {
  async function invoke(name: string, args: object, inProject = true): Promise<Record<string, unknown>> {
    const body = { arguments: args, ...(inProject && { project_id: project }) };
    const { body: answer } = await owner.post(`/tools/${name}/invoke`, body);
    return (answer['output'] ?? answer['error']) as Record<string, unknown>;
  }

  it('write, and read by lines', async () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => `line ${index + 1}`);
    const written = await invoke('write_file', { path: 'docs/a.md', content: lines.join('\n') });
    expect(written).toMatchObject({ path: 'docs/a.md', version: 1 });
    expect((await call('GET', 'files/docs/a.md')).headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(await invoke('read_file', { path: 'docs/a.md', from_line: 2_999 })).toEqual({
      path: 'docs/a.md',
      version: 1,
      from_line: 2_999,
      lines: 2,
      text: 'line 2999\nline 3000',
      is_complete: true,
    });
    const some = await invoke('read_file', { path: 'docs/a.md', max_lines: 2 });
    expect(some).toMatchObject({ text: 'line 1\nline 2', is_complete: false });
    await put('picture', Buffer.from([0, 1, 2]));
    expect(await invoke('read_file', { path: 'picture' })).toMatchObject({ code: 'FILE_NOT_TEXT' });
  });

  it('list and search', async () => {
    for (const [path, text] of [
      ['ab/c.js', 'x(1)\ny = 2'],
      ['a/b.js', 'X(1)'],
      ['a/c', '\0x(1)'],
    ] as const) {
      await put(path, text);
    }
    const listed = await invoke('list_files', { folder: 'a/' });
    expect(listed).toMatchObject({ files: [{ path: 'a/b.js' }, { path: 'a/c' }], is_complete: true });
    expect(await invoke('list_files', { max_files: 1, after: 'a/b.js' })).toMatchObject({
      files: [{ path: 'a/c' }],
      is_complete: false,
    });
    const found = await invoke('search_files', { query: 'x(1)' });
    expect(found).toEqual({ matches: [{ path: 'ab/c.js', line: 1, text: 'x(1)' }], is_complete: true });
    const pattern = { query: '^x\\(\\d\\)|= 2', is_regex: true, ignore_case: true, max_matches: 2 };
    expect(await invoke('search_files', pattern)).toMatchObject({
      matches: [{ path: 'a/b.js' }, { path: 'ab/c.js', line: 1 }],
      is_complete: false,
    });
    expect(await invoke('search_files', { query: '(a+', is_regex: true })).toMatchObject({ code: 'PATTERN_INVALID' });
    await put('long.txt', 'a'.repeat(16_000));
    const slow = { query: '(x|a.*){900}b', is_regex: true };
    expect(await invoke('search_files', slow)).toMatchObject({ code: 'PATTERN_TOO_SLOW' });
  });

  it('run tests, whose files import one another and nothing else', async () => {
    for (const [path, text] of Object.entries({
      'src/sum.js': `export const sum = (a, b) => a + b;`,
      'src/old.js': `const { base } = require('../data'); module.exports = { base, half: (n) => n / 2 };`,
      'data.json': '{ "base": 8 }',
      'test/sum.js': `import test, { describe } from 'node:test'; import assert from 'node:assert/strict';
        import { sum } from '../src/sum'; import old from '../src/old.js';
        describe('sums', () => {
          test('add', () => assert.equal(sum(1, 2), 3));
          test('later', async () => { await null; assert.deepEqual({ a: [old.half(old.base)] }, { a: [5] }); });
        });
        console.log('loaded');`,
      'src/old.test.cjs': `const assert = require('assert'); const { base } = require('./old');
        it('throws', () => assert.throws(() => { throw new TypeError(String(base)); }, /TypeError: 8/));`,
      'test/out.js': `for (const name of ['../../outside.js', 'node:fs', 'file:///etc/passwd', '/etc/passwd'])
        it(name, () => import(name));`,
    }))
      await put(path, text);
    const { passed, failed, logs, tests } = await invoke('run_tests', {});
    const told = (tests as { file: string; name: string; message?: string }[]).map(
      ({ file, name, message = 'passed' }) => `${file} ${name}: ${message}`,
    );
    expect(told).toEqual([
      'src/old.test.cjs throws: passed',
      'test/out.js ../../outside.js: Error: ../../outside.js, imported by ./test/out.js, leads out of the project',
      ...['node:fs', 'file:///etc/passwd', '/etc/passwd'].map(
        (name) => `test/out.js ${name}: Error: There is no module ${name} here, which ./test/out.js imports`,
      ),
      'test/sum.js sums > add: passed',
      'test/sum.js sums > later: AssertionError: {"a":[4]} is not like {"a":[5]}',
    ]);
    expect([passed, failed, logs]).toEqual([2, 5, ['loaded']]);
    expect(await invoke('run_tests', { paths: ['test/sum.js'] })).toMatchObject({ passed: 1, failed: 1 });
    expect(await invoke('run_tests', { paths: ['../x.js'] })).toMatchObject({ code: 'FILE_PATH_INVALID' });
    expect(await invoke('run_tests', { paths: ['none.js'] })).toMatchObject({ code: 'FILE_NOT_FOUND' });
    await put('test/endless.js', 'while (true) {}');
    const endless = { paths: ['test/endless.js'], timeout_ms: 100 };
    expect(await invoke('run_tests', endless)).toMatchObject({ code: 'TOOL_TIMED_OUT' });
    await put('data.json', `"${'x'.repeat(1_000_000)}"`);
    expect(await invoke('run_tests', {})).toMatchObject({ code: 'PROJECT_TOO_LARGE' });
  });

  it('fail clearly', async () => {
    expect(await invoke('read_file', { path: 'none' })).toMatchObject({ code: 'FILE_NOT_FOUND' });
    expect(await invoke('write_file', { path: '../x', content: '' })).toMatchObject({ code: 'FILE_PATH_INVALID' });
    expect(await invoke('list_files', { folder: '/etc' })).toMatchObject({ code: 'FILE_PATH_INVALID' });
    expect(await invoke('list_files', {}, false)).toMatchObject({ code: 'NO_PROJECT' });
  });

  it('write once, however often a write is tried', async () => {
    const writer = app.app.get(WorkspaceWriter, { strict: false });
    const target = { path: 'a', contentType: 'text/plain', writeKey: 'call-1' };
    const write = (text: string) =>
      writer.write({ userId: owner.userId, runId: null }, project, target, [Buffer.from(text)]);
    const [first, again] = [await write('1'), await write('1')];
    expect([first.version, again.version, await read('a')]).toEqual([1, 1, '1']);
  });
});
