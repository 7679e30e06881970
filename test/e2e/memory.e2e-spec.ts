import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AgentSite } from '../support/agent-site.js';
import { ApiClient } from '../support/api-client.js';
import { SignedInClient } from '../support/signed-in-client.js';
import type { TestApp } from '../support/test-app.js';

type Body = Readonly<Record<string, unknown>>;

let site: AgentSite;
let app: TestApp;
let user: SignedInClient;
let other: SignedInClient;

beforeAll(async () => {
  site = await AgentSite.open();
  ({ app, user } = site);
  other = await SignedInClient.signUp(app.url);
});
afterAll(() => site?.close());
beforeEach(() => {
  site.models.setScript();
  site.models.log.clear();
});

async function save(body: object, client = user): Promise<Body> {
  const { status, body: item } = await client.post('/memory/save', body);
  expect([status, item]).toEqual([201, expect.objectContaining({ id: expect.any(String) as string })]);
  return item;
}

async function query(text: string, client = user): Promise<string[]> {
  const { status, body } = await client.get(`/memory/query?${text}`);
  expect([status, body]).toEqual([200, expect.objectContaining({ items: expect.any(Array) as unknown[] })]);
  return (body['items'] as { item: Body }[]).map(({ item }) => String(item['content']));
}

describe('memory', () => {
  it('remembers, finds, changes and forgets, for oneself alone', async () => {
    const item = await save({
      content: 'Bertil keeps bees.',
      tags: ['pets'],
      metadata: { colour: 'red' },
      pii: ['name'],
    });
    expect(item).toMatchObject({
      kind: 'user_data',
      importance: 0.5,
      pinned: false,
      stale: false,
      use_count: 0,
      links: [],
    });
    const { body } = await user.get('/memory/query?q=Does+Bertil+keep+a+bee%3F&metadata[colour]=red&tags=pets');
    const hit = (body['items'] as Body[])[0];
    expect(hit).toMatchObject({ item: { id: item['id'] }, scores: { importance: 0.5 } });
    expect(hit).toHaveProperty(
      'scores.text',
      expect.toSatisfy((score: number) => score > 0.2),
    );
    expect(await query('q=bees&metadata[colour]=blue')).toEqual([]);
    expect(await query('q=bees', other)).toEqual([]);
    const path = `/memory/items/${String(item['id'])}`;
    expect((await other.get(path)).body).toMatchObject({ status: 404, code: 'MEMORY_ITEM_NOT_FOUND' });
    const changed = await user.patch(path, { content: 'Bertil keeps goats.', expires_at: null });
    expect(changed.body).toMatchObject({ content: 'Bertil keeps goats.', tags: ['pets'], metadata: { colour: 'red' } });
    expect(await query('q=bees')).toEqual([]);
    expect(await query('q=goats')).toEqual(['Bertil keeps goats.']);
    expect((await user.delete(path)).status).toBe(204);
    expect(await query('q=goats')).toEqual([]);
  });

  it('shares what is of a project with its members, and leaves out what is over', async () => {
    const id = String((await user.post('/projects', { name: 'Shared' })).body['id']);
    const namespace = { scope: 'project', id };
    await save({ content: 'The launch is in Oslo.', namespace });
    await save({ content: 'The launch was in Rome.', namespace, expires_at: '2020-01-01T00:00:00Z' });
    expect(await query('q=launch')).toEqual(['The launch is in Oslo.']);
    expect(await query(`q=launch&namespace=project:${id}`)).toEqual(['The launch is in Oslo.']);
    const foreign = await other.get(`/memory/query?q=launch&namespace=project:${id}`);
    expect(foreign.body).toMatchObject({ status: 404, code: 'NAMESPACE_NOT_FOUND' });
    const mine = await other.post('/memory/save', { content: 'x', namespace });
    expect(mine.body).toMatchObject({ status: 404, code: 'NAMESPACE_NOT_FOUND' });
  });

  it('is there for tools, once for each key', async () => {
    const api = new ApiClient(app.url);
    const body = { arguments: { content: 'Ceres is a dwarf planet.' } };
    const headers = { 'idempotency-key': 'ceres' };
    const [first, again] = [
      await api.request('POST', '/tools/memory_save/invoke', { body, headers, token: user.token }),
      await api.request('POST', '/tools/memory_save/invoke', { body, headers, token: user.token }),
    ];
    expect(first.body).toMatchObject({ ok: true, output: { id: expect.any(String) as string } });
    expect(again.body['output']).toEqual(first.body['output']);
    const found = await user.post('/tools/memory_search/invoke', { arguments: { query: 'Which planets are dwarfs?' } });
    const item = { content: 'Ceres is a dwarf planet.', kind: 'user_data', speaker: null };
    expect(found.body).toMatchObject({ ok: true, output: { items: [item] } });
  });

  it('refuses what is not as it should be', async () => {
    for (const text of ['kind=x', 'namespace=x', 'limit=0', 'unknown=1', 'metadata=x', 'from=x', 'q=']) {
      expect([text, (await user.get(`/memory/query?${text}`)).status]).toEqual([text, 400]);
    }
    expect((await user.post('/memory/save', { content: '', kind: 'x', tags: 'a', importance: 2 })).status).toBe(400);
  });
});

describe('agents with memory', () => {
  const agent = { memory: { recall: true, write: true } };
  const fact = (content: string, more: object = {}) => ({ content, turn: 1, tags: ['home'], pii: [], ...more });

  /** Says something to the agent; the model that keeps its memory takes these facts out of it. */
  async function tell(instruction: string, ...facts: object[]): Promise<Body> {
    site.models.setScript(
      { content: 'You keep the memory', answer: { text: JSON.stringify({ facts }) } },
      { answer: { text: 'Noted.' } },
    );
    const { body } = await site.execute({ instruction, agent });
    expect(body).toMatchObject({ status: 'completed', output: 'Noted.' });
    return body;
  }

  const kept = (words: string, ...contents: string[]) =>
    vi.waitFor(
      async () => expect((await query(`q=${words}&kind=fragment`)).toSorted()).toEqual(contents.toSorted()),
      10_000,
    );

  it('remember what was said beyond the conversation, and recall it', async () => {
    const told = await tell('I live in Oslo, by the way.', fact('The user lives in Oslo.'));
    await kept('Oslo', 'The user lives in Oslo.');
    const { body } = await user.get('/memory/query?q=Oslo&kind=fragment');
    const { item } = (body['items'] as { item: Body }[])[0] ?? { item: {} };
    const { run_id, session_id } = told;
    expect(item).toMatchObject({
      tags: ['home'],
      metadata: { run_id, session_id, turn: 1, speaker: 'user', at: expect.any(String) as string },
    });
    site.models.log.clear();
    const asked = await tell('In which town do I live?');
    expect(site.messages(1)[0]?.['content']).toMatch(
      /<data id="\w+" source="memory">\n\[.*\] The user lives in Oslo\.\n/,
    );
    expect(await site.eventsOf(asked['run_id'], 'memory.recalled')).toMatchObject([
      { items: [{ id: item['id'], scores: { text: expect.any(Number) as number, importance: 0.5 } }] },
    ]);
    const old = String(item['id']);
    await tell('I have moved to Bergen.', fact('The user lives in Bergen.', { replaces: [1] }));
    await kept('lives', 'The user lives in Bergen.');
    const before = (await user.get(`/memory/items/${old}`)).body;
    expect(before).toMatchObject({ links: [{ type: 'replaced_by' }], expires_at: expect.any(String) as string });
  });

  it('keep the turns themselves when no model tells what matters in them', async () => {
    await site.execute({ instruction: 'The gate code is secret.', agent });
    await kept('gate', 'The gate code is secret.', 'Answer to: The gate code is secret.');
  });

  it('recall nothing of a person alone in a project, where others read', async () => {
    await save({ content: 'The password hint is a walrus.' });
    const project_id = String((await user.post('/projects', { name: 'Open' })).body['id']);
    await save({ content: 'The walrus is our mascot.', namespace: { scope: 'project', id: project_id } });
    await site.execute({ instruction: 'What of the walrus?', agent: { memory: { recall: true } }, project_id });
    const [system] = site.messages(1);
    expect(system?.['content']).toContain('our mascot');
    expect(system?.['content']).not.toContain('password hint');
  });
});
