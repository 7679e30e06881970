import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataSource } from 'typeorm';
import { MemoryErasure } from '../../src/modules/memory/memory-erasure.js';
import { MemoryRetention } from '../../src/modules/memory/upkeep/memory-retention.js';
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

  it('is a node of flows', async () => {
    await save({ content: 'Dione is a moon of Saturn.' });
    const nodes = [
      { id: 'a', type: 'initialPrompt', data: { text: 'Dione' } },
      { id: 'b', type: 'memoryRecall', data: { query: 'What is {{text}}?', limit: 1 } },
    ];
    const flow = { nodes, edges: [{ source: 'a', target: 'b' }], wait_seconds: 20 };
    const { body } = await user.post('/execution/run', flow);
    const text = expect.stringMatching(/^\[[\d-]{10}; user\] Dione is a moon of Saturn\.$/) as string;
    expect(body['outputs']).toMatchObject({ b: { text } });
    const again = async () => (await user.post('/execution/run', { ...flow, from_run_id: body['run_id'] })).body;
    expect((await again())['reused']).toMatchObject([{ node_id: 'a' }, { node_id: 'b' }]);
    await save({ content: 'Rhea is a moon as well.' });
    expect((await again())['reused']).toMatchObject([{ node_id: 'a' }]);
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
    await tell('I have moved to Bergen.', fact('The user lives in Bergen.', { replaces: [1, 2, 3, 4, 5, 6] }));
    await kept('lives', 'The user lives in Bergen.');
    const others = Array.from({ length: 13 }, (_, at) => save({ content: `Screw ${at}.`, kind: 'fragment' }));
    await Promise.all(others);
    await tell('I am no more in the east.', fact('the user lives in BERGEN'));
    await vi.waitFor(async () => {
      const { body: runs } = await user.get('/runs?kind=system');
      expect((runs['items'] as Body[]).map(({ status }) => status)).not.toContain('running');
      expect((runs['items'] as Body[]).filter(({ status }) => status === 'completed')).toHaveLength(4);
    }, 10_000);
    await kept('Bergen', 'The user lives in Bergen.');
    const before = (await user.get(`/memory/items/${old}`)).body;
    expect(before).toMatchObject({ links: [{ type: 'replaced_by' }], expires_at: expect.any(String) as string });
  });

  it('keep the turns themselves when no model tells what matters in them', async () => {
    const { body } = await site.execute({ instruction: 'The gate code is secret.', agent });
    expect(body).toMatchObject({ status: 'completed' });
    await kept('gate', 'The gate code is secret.', 'Answer to: The gate code is secret.');
  });

  it('recall for those who delegate to them as well', async () => {
    await save({ content: 'The lantern hangs in the attic.' });
    const stored = { name: 'Finder', system_prompt: 'ROLE-Finder', memory: { recall: true, write: false } };
    const { body: finder } = await user.post('/agents', stored);
    const order = { agent: 'Finder', instruction: 'Where is the lantern?' };
    site.models.setScript(
      { content: 'ROLE-Finder', answer: { text: 'In the attic.' } },
      { after: 'tool', answer: { text: 'Done.' } },
      { answer: { toolCalls: [{ name: 'delegate', arguments: JSON.stringify(order) }] } },
    );
    await site.execute({ instruction: 'Find it.', agent: { delegates: [finder['id']] } });
    expect(site.messages(2)[0]?.['content']).toMatch(/ROLE-Finder[^]*The lantern hangs in the attic\./);
    expect(site.messages(1)[0]?.['content']).not.toContain('lantern');
  });

  it('recall nothing of a person alone in a project, where others read', async () => {
    await save({ content: 'The password hint is a walrus.' });
    const project_id = String((await user.post('/projects', { name: 'Open' })).body['id']);
    await save({ content: 'The walrus is our mascot.', namespace: { scope: 'project', id: project_id } });
    const walter = { content: 'Walter is the walrus.', pii: ['name'], namespace: { scope: 'project', id: project_id } };
    await save(walter);
    await site.execute({ instruction: 'What of the walrus?', agent, project_id });
    const [system] = site.messages(1);
    expect(system?.['content']).toContain('our mascot');
    expect(system?.['content']).not.toContain('password hint');
    await kept('walrus', 'What of the walrus?', 'Answer to: What of the walrus?');
    const [, extraction] = site.models.log.list().map(({ body }) => JSON.stringify(body['messages']));
    expect(extraction).toContain('our mascot');
    expect(site.models.log.list().filter(({ body }) => JSON.stringify(body).includes('Walter'))).toEqual([]);
  });
});

describe('summaries', () => {
  const shown = async (id: unknown) => (await user.get(`/memory/items/${String(id)}`)).body;
  let namespace: { scope: string; id: string };
  const saved = (...contents: string[]) =>
    Promise.all(contents.map((content) => save({ content, namespace, kind: 'fragment', tags: ['ships'] })));

  beforeEach(async () => {
    namespace = { scope: 'project', id: String((await user.post('/projects', { name: 'Ships' })).body['id']) };
  });

  function scriptSummary(text: string): void {
    site.models.setScript({ content: 'Summarise what is remembered', answer: { text } });
  }

  it('are linked with what they are made of, and made anew without what is forgotten', async () => {
    const [ark, tub, raft] = await saved('The Ark is red.', 'The Tub is blue.', 'The Raft is green.');
    scriptSummary('Three vessels: Ark, Tub and Raft.');
    const { status, body } = await user.post('/memory/summarize', { namespace, wait_seconds: 20 });
    expect([status, body]).toMatchObject([
      200,
      { status: 'completed', output: { made: 1, summarized: 3, left_out: 0 } },
    ]);
    const [id] = (body['output'] as { summaries: string[] }).summaries;
    const links = [ark, tub, raft].map((item) => ({ type: 'summarizes', id: item?.['id'] }));
    expect(await shown(id)).toMatchObject({
      kind: 'summary',
      content: 'Three vessels: Ark, Tub and Raft.',
      tags: ['ships'],
      links: expect.arrayContaining(links) as unknown[],
      metadata: { method: 'model', level: 1 },
    });
    expect(await shown(ark?.['id'])).toMatchObject({ links: [{ type: 'summarized_by', id }] });
    scriptSummary('Two vessels: Ark and Tub.');
    expect((await user.delete(`/memory/items/${String(raft?.['id'])}`)).status).toBe(204);
    expect((await shown(id))['content']).not.toContain('Raft');
    expect(await query('q=vessels+Raft&kind=summary')).toEqual([]);
    await vi.waitFor(async () => expect((await shown(id))['stale']).toBe(false), 10_000);
    expect(await shown(id)).toMatchObject({ content: 'Two vessels: Ark and Tub.', links: { length: 2 } });
    expect(String(site.models.log.list().at(-1)?.body['messages'])).not.toContain('Raft');
    await Promise.all([ark, tub].map((item) => user.delete(`/memory/items/${String(item?.['id'])}`)));
    await vi.waitFor(async () => expect(await shown(id)).toMatchObject({ status: 404 }), 10_000);
  });

  it('stand on several levels, and for what is old in prompts', async () => {
    const ships = Array.from({ length: 22 }, (_, at) => `Ship number ${at} carries ${at} barrels of tar.`);
    await saved(...ships);
    scriptSummary('Ships carry barrels of tar.');
    const older_than = new Date(Date.now() + 60_000).toISOString();
    const { body } = await user.post('/memory/compress', { namespace, older_than, wait_seconds: 20 });
    expect(body).toMatchObject({ output: { made: 3, summarized: 22 } });
    const [top] = (body['output'] as { summaries: string[] }).summaries;
    expect(await shown(top)).toMatchObject({ metadata: { level: 2 }, links: { length: 2 } });
    const again = await user.post('/memory/compress', { namespace, older_than, wait_seconds: 20 });
    expect(again.body).toMatchObject({ output: { summaries: [], made: 0 } });
    const agent = { memory: { recall: true } };
    const asked = await site.execute({ instruction: 'Which ships carry tar?', agent, project_id: namespace.id });
    const [{ items } = { items: [] }] = await site.eventsOf(asked.body['run_id'], 'memory.recalled');
    expect(new Set((items as Body[]).map(({ kind }) => kind))).toEqual(new Set(['summary']));
    expect(await query(`q=ship+number+7&namespace=project:${namespace.id}`)).toContain(ships[7]);
  });

  it('say nothing any more of a person who is erased, and are made anew without', async () => {
    await user.put(`/projects/${namespace.id}/members/${other.userId}`, { role: 'editor' });
    const [, tub] = await saved('The Ark is red.', 'The Tub is blue.');
    await save({ content: 'Zacharias steers the Ark.', namespace }, other);
    const reworded = `/memory/items/${String(tub?.['id'])}`;
    expect((await other.patch(reworded, { content: 'Zacharias sank the Tub.' })).status).toBe(200);
    scriptSummary('Zacharias steers the red Ark.');
    const { body } = await user.post('/memory/summarize', { namespace, wait_seconds: 20 });
    const [id] = (body['output'] as { summaries: string[] }).summaries;
    scriptSummary('The Ark is red.');
    const database = app.app.get(DataSource);
    await database.transaction((manager) => app.app.get(MemoryErasure).eraseOf(other.userId, manager));
    expect((await shown(id))['content']).not.toContain('Zacharias');
    expect((await user.get(reworded)).status).toBe(404);
    await vi.waitFor(
      async () => expect(await shown(id)).toMatchObject({ content: 'The Ark is red.', links: { length: 1 } }),
      10_000,
    );
  });

  it('are made of a conversation of which nothing was remembered', async () => {
    const { body } = await site.execute({ instruction: 'The mast is of oak.' });
    const session_id = String(body['session_id']);
    scriptSummary('They spoke of a mast.');
    const made = await user.post('/memory/summarize', { session_id, wait_seconds: 20 });
    expect(made.body).toMatchObject({ output: { made: 1, summarized: 2 } });
    expect(await query(`q=mast&namespace=session:${session_id}`)).toEqual(
      expect.arrayContaining(['They spoke of a mast.', 'The mast is of oak.']),
    );
  });

  it('are the beginnings of their originals where no model answers', async () => {
    const items = await saved('The Ark sails. It is slow.', 'The Tub floats! It is quick.');
    site.models.setScript({ answer: { fault: { kind: 'status', status: 400 } } });
    const ids = items.map(({ id }) => id);
    const { body } = await user.post('/memory/summarize', { ids, wait_seconds: 20 });
    const item = await shown((body['output'] as { summaries: string[] }).summaries[0]);
    expect(item).toMatchObject({ metadata: { method: 'extract' } });
    expect(item['content']).toMatch(/^\[[\d-]{10}\] The (Ark sails\.|Tub floats!)\n\[[\d-]{10}\] The \w+ \w+[.!]$/);
    const refused = async (wish: object) => (await user.post('/memory/summarize', wish)).body;
    expect(await refused({})).toMatchObject({ code: 'INVALID_INPUT', errors: [{ path: '/ids', code: 'REQUIRED' }] });
    expect(await refused({ ids, namespace })).toMatchObject({ errors: [{ path: '/namespace', code: 'TOO_MANY' }] });
    expect((await other.post('/memory/summarize', { ids })).body).toMatchObject({ code: 'MEMORY_ITEM_NOT_FOUND' });
    const session_id = namespace.id;
    expect(await refused({ session_id })).toMatchObject({ status: 404, code: 'NAMESPACE_NOT_FOUND' });
  });

  it('wait for a budget that is used up, and are made by the model when it was raised', async () => {
    await saved('The Ark sails. It is slow.', 'The Tub floats! It is quick.');
    scriptSummary('Two vessels.');
    const { body: budget } = await user.post('/budgets', { scope: 'user', hard_tokens: 1 });
    await site.execute({ instruction: 'Spend it.' });
    site.models.log.clear();
    const { body } = await user.post('/memory/summarize', { namespace, wait_seconds: 0 });
    const path = `/runs/${String(body['run_id'])}`;
    const isNow = (status: string) =>
      vi.waitFor(async () => expect((await user.get(path)).body['status']).toBe(status), 10_000);
    await isNow('paused');
    expect(site.models.log.list()).toEqual([]);
    expect((await user.delete(`/budgets/${String(budget['id'])}`)).status).toBe(204);
    expect((await user.post(`${path}/resume`)).status).toBe(202);
    await isNow('completed');
    expect(await query(`namespace=project:${namespace.id}&kind=summary`)).toEqual(['Two vessels.']);
  });

  it('outlive what is old and was not used: pinned items stay as well', async () => {
    const [old, used, pinned, tagged] = await Promise.all([
      save({ content: 'Old rope.', namespace, kind: 'fragment' }),
      save({ content: 'Used rope.', namespace, kind: 'fragment' }),
      save({ content: 'Pinned rope.', namespace, kind: 'fragment', pinned: true }),
      save({ content: 'Draft of a rope.', namespace, tags: ['draft'] }),
    ]);
    scriptSummary('Ropes.');
    const ids = [old['id'], used['id']];
    const { body } = await user.post('/memory/summarize', { ids, wait_seconds: 20 });
    const [summary] = (body['output'] as { summaries: string[] }).summaries;
    const database = app.app.get(DataSource);
    const every = [old, used, pinned, tagged].map(({ id }) => id);
    await database.query(`UPDATE memory_items SET created_at = now() - interval '9 days' WHERE id = ANY ($1)`, [every]);
    await database.query(`INSERT INTO memory_uses VALUES ($1, now(), 1)`, [used['id']]);
    const rules = [
      { of: { kind: 'fragment' }, days: 8 },
      { of: { tag: 'draft' }, days: 8 },
    ];
    scriptSummary('One rope.');
    expect(await app.app.get(MemoryRetention).apply(rules)).toBe(2);
    expect((await shown(summary))['content']).not.toBe('Ropes.');
    expect((await Promise.all(every.map(shown))).map(({ status }) => status ?? 200)).toEqual([404, 200, 200, 404]);
    await vi.waitFor(
      async () => expect(await shown(summary)).toMatchObject({ stale: false, links: { length: 1 } }),
      10_000,
    );
  });
});
