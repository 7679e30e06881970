import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DocumentIndex } from '../../src/modules/knowledge/indexing/document-index.js';
import { type ExportedDocument, KnowledgeErasure } from '../../src/modules/knowledge/knowledge-erasure.js';
import { DataSource } from 'typeorm';
import { SignedInClient } from '../support/signed-in-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const PDF = readFileSync(new URL('../fixtures/knowledge/handbook.pdf', import.meta.url));
const HANDBOOK = { name: 'handbook.pdf', type: 'application/pdf', content: new Uint8Array(PDF) };
const LAMPS = '# Lamps\n\nThe lamp is lit at dusk.\n\n# Weather\n\nThe keeper was writing down each storm.';

interface Found {
  readonly document_id: string;
  readonly title: string;
  readonly position: { readonly start: number; readonly end: number };
  readonly text: string;
  readonly page: number | null;
}

let app: TestApp;
let ada: SignedInClient;
let eve: SignedInClient;

beforeAll(async () => {
  app = await createTestApp({ knowledge: { maxDocuments: 8 } });
  [ada, eve] = await Promise.all([SignedInClient.signUp(app.url), SignedInClient.signUp(app.url)]);
});
afterAll(() => app.close());

async function ended(id: string): Promise<Record<string, unknown>> {
  for (;;) {
    const { body } = await ada.get(`/knowledge/documents/${id}`);
    if (body['status'] === 'ready' || body['status'] === 'failed') return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function add(body: object): Promise<string> {
  const answer = await ada.post('/knowledge/documents', body);
  expect(answer.status).toBe(202);
  return answer.body['id'] as string;
}

async function search(client: SignedInClient, query: string): Promise<Found[]> {
  const { status, body } = await client.get(`/knowledge/search?${query}`);
  expect(status).toBe(200);
  return body['items'] as Found[];
}

interface Upload {
  readonly name: string;
  readonly type: string;
  readonly content: Uint8Array<ArrayBuffer>;
  readonly fields?: Readonly<Record<string, string>>;
}

function send(method: 'POST' | 'PUT', path: string, { name, type, content, fields = {} }: Upload): Promise<Response> {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.set(key, value);
  form.set('file', new Blob([content], { type }), name);
  const headers = { authorization: `Bearer ${ada.token}` };
  return fetch(`${app.url}/api/v1/knowledge/documents${path}`, { method, headers, body: form });
}

describe('knowledge', () => {
  it('finds a document by any word of a question, and says where it stands', async () => {
    const id = await add({ title: 'Handbook', content: LAMPS, mime_type: 'text/markdown', metadata: { a: 1 } });
    expect(await ended(id)).toMatchObject({ status: 'ready', language: 'english', chunk_count: 2, metadata: { a: 1 } });
    const [best] = await search(ada, 'q=Does+anybody+write+about+storms+on+the+moon%3F');
    expect(best).toMatchObject({ document_id: id, title: 'Handbook', headings: ['Weather'] });
    const { body } = await ada.get(`/knowledge/documents/${id}/text?start=${best?.position.start ?? 0}&length=10`);
    expect(body).toMatchObject({ text: best?.text.slice(0, 10), total: LAMPS.length });
    expect(LAMPS.slice(best?.position.start, best?.position.end)).toBe(best?.text);
    expect(await search(eve, 'q=storm')).toEqual([]);
    expect((await eve.get(`/knowledge/documents/${id}`)).body).toMatchObject({ code: 'DOCUMENT_NOT_FOUND' });
    expect(await search(ada, 'q=the')).toEqual([]);
  });

  it('takes a file by a form, and tells of its pages', async () => {
    const answer = await send('POST', '', { ...HANDBOOK, fields: { metadata: '{"shelf":3}' } });
    const { id, run_id: runId } = (await answer.json()) as { id: string; run_id: string };
    expect(answer.status).toBe(202);
    expect(await ended(id)).toMatchObject({ status: 'ready', title: 'handbook.pdf', metadata: { shelf: 3 } });
    const [best] = await search(ada, 'q=spare+bulbs');
    expect(best).toMatchObject({ document_id: id, page: 2 });
    const { body: run } = await ada.get(`/runs/${runId}`);
    expect(run).toMatchObject({ kind: 'system', status: 'completed', output: { chunks: 2, indexed: 2, kept: 0 } });
    const { body: events } = await ada.get(`/runs/${runId}/events`);
    const told = (events['items'] as { type: string }[]).filter(({ type }) => type === 'knowledge.progress');
    expect(told).toHaveLength(2);
  });

  it('indexes again only what has changed, and finds the old text until then', async () => {
    const rows = Array.from({ length: 30 }, (_, n) => `## Part ${n}\n\nThe part of number ${n} is about ropes.`);
    const id = await add({ title: 'Parts.md', content: rows.join('\n\n') });
    await ended(id);
    const changed = rows.with(7, '## Part 7\n\nNow it is about anchors.');
    const { body } = await ada.put(`/knowledge/documents/${id}`, { content: changed.join('\n\n') });
    const same = { title: 'Parts.md', mime_type: 'text/markdown' };
    expect(await ended(id)).toMatchObject({ ...same, status: 'ready', chunk_count: 30 });
    const run = await ada.get(`/runs/${String(body['run_id'])}`);
    expect(run.body['output']).toMatchObject({ chunks: 30, indexed: 1, kept: 29 });
    const [anchors] = await search(ada, 'q=anchors');
    expect(changed.join('\n\n').slice(anchors?.position.start, anchors?.position.end)).toBe(anchors?.text);
    expect((await search(ada, 'q=ropes&limit=50')).filter(({ text }) => text.includes('number 7 '))).toEqual([]);
    // As a process would that was taken for dead: after all is done.
    const late = { text: '', language: 'english', chunks: [] };
    const counts = await app.app.get(DocumentIndex).stage({ documentId: id, revision: 2 }, late);
    expect(counts).toEqual({ chunks: 30, kept: 0, indexed: 30 });
    const bad = await send('PUT', `/${id}`, { ...HANDBOOK, content: new TextEncoder().encode('no') });
    expect(bad.status).toBe(200);
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'DOCUMENT_UNREADABLE' } });
    expect(await search(ada, 'q=anchors')).toHaveLength(1);
    await ada.delete(`/knowledge/documents/${id}`);
    expect(await search(ada, 'q=anchors')).toEqual([]);
  });

  it('takes files of a workspace, and keeps those of projects to their members', async () => {
    const projectId = (await ada.post('/projects', { name: 'Coast' })).body['id'] as string;
    const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'text/csv' };
    const file = `${app.url}/api/v1/projects/${projectId}/files/docs/ports.csv`;
    await fetch(file, { method: 'PUT', headers, body: 'port,depth\nBrest,12\n' });
    const id = await add({ project_id: projectId, path: 'docs/ports.csv' });
    expect(await ended(id)).toMatchObject({ title: 'ports.csv', path: 'docs/ports.csv', mime_type: 'text/csv' });
    expect(await search(ada, `q=Brest&project_id=${projectId}`)).toMatchObject([{ text: 'port: Brest\ndepth: 12' }]);
    expect((await eve.get(`/knowledge/search?q=Brest&project_id=${projectId}`)).status).toBe(404);
    const call = { arguments: { query: 'Brest' }, project_id: projectId };
    const answer = await ada.post('/tools/knowledge_search/invoke', call);
    expect(answer.body).toMatchObject({ ok: true, output: { items: [{ document_id: id }] } });
    const other = await ada.post('/tools/knowledge_search/invoke', { arguments: { query: 'depth' } });
    expect(other.body).toMatchObject({ ok: true, output: { items: [] } });
  });

  it('is a node of flows', async () => {
    const nodes = [
      { id: 'a', type: 'initialPrompt', data: { text: 'Who writes about the weather?' } },
      { id: 'b', type: 'knowledgeSearch', data: { limit: 1 } },
    ];
    const edges = [{ source: 'a', target: 'b' }];
    const { body } = await ada.post('/execution/run', { nodes, edges, wait_seconds: 20 });
    const { b } = body['outputs'] as Record<string, { text: string }>;
    expect(b?.text).toMatch(/^\[1\] \S.*\(document [\da-f-]{36}, \d+-\d+\)\n.*keeper/s);
  });

  it('refuses what it cannot take', async () => {
    const refused = async (body: object) => (await ada.post('/knowledge/documents', body)).body;
    expect(await refused({})).toMatchObject({
      code: 'INVALID_INPUT',
      errors: [{ path: '/content', code: 'REQUIRED' }],
    });
    expect(await refused({ content: 'x', path: 'y' })).toMatchObject({ errors: [{ code: 'NOT_ALLOWED' }] });
    const picture = { content: 'x', mime_type: 'image/png' };
    expect(await refused(picture)).toMatchObject({ errors: [{ code: 'DOCUMENT_TYPE_UNSUPPORTED' }] });
    const huge = await send('POST', '', { ...HANDBOOK, content: new Uint8Array(53 * 1024 * 1024) });
    expect(await huge.json()).toMatchObject({ status: 413, code: 'DOCUMENT_TOO_LARGE' });
    const form = await send('POST', '', { ...HANDBOOK, fields: { nonsense: '1' } });
    expect(await form.json()).toMatchObject({ errors: [{ path: '/nonsense', code: 'UNKNOWN_FIELD' }] });
    const added = await Promise.all(
      Array.from({ length: 8 }, () => ada.post('/knowledge/documents', { content: 'a' })),
    );
    expect(added.find(({ status }) => status !== 202)?.body).toMatchObject({ code: 'KNOWLEDGE_FULL' });
  });

  it('hands a person their documents, and erases them', async () => {
    const erasure = app.app.get(KnowledgeErasure);
    const exported: ExportedDocument[] = [];
    for await (const document of erasure.exportOf(ada.userId)) exported.push(document);
    expect(exported.find(({ title }) => title === 'Handbook')).toMatchObject({ text: LAMPS });
    const database = app.app.get(DataSource);
    expect(await database.transaction((manager) => erasure.eraseOf(ada.userId, manager))).toBe(exported.length);
    expect(await search(ada, 'q=lamp')).toEqual([]);
  });
});
