import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { VectorSweep } from '../../src/modules/embeddings/vector-sweep.js';
import { AgentSite } from '../support/agent-site.js';
import { SignedInClient } from '../support/signed-in-client.js';

interface Hit {
  readonly item: { readonly id: string; readonly content: string };
  readonly score: number;
  readonly scores: { readonly text: number; readonly vector?: number };
}

let site: AgentSite;
let user: SignedInClient;
let other: SignedInClient;
let database: DataSource;

beforeAll(async () => {
  site = await AgentSite.open({ providers: { embedding: { providerId: 'openai', model: 'embedder' } } });
  site.models.meanings = [['zorple', 'quindle']];
  ({ user } = site);
  other = await SignedInClient.signUp(site.app.url);
  database = site.app.app.get(DataSource);
});
afterAll(() => site?.close());
beforeEach(() => site.models.setScript());

async function save(content: string, client = user): Promise<string> {
  const { status, body } = await client.post('/memory/save', { content });
  expect(status).toBe(201);
  return String(body['id']);
}

async function ask(question: string): Promise<Hit[]> {
  const { status, body } = await user.get(`/memory/query?q=${encodeURIComponent(question)}`);
  expect(status).toBe(200);
  return body['items'] as Hit[];
}

const vectorsOf = async (id: string) =>
  (await database.query<unknown[]>('SELECT 1 FROM memory_vectors WHERE item_id = $1', [id])).length;
const untilVectorOf = (id: string) => vi.waitFor(async () => expect(await vectorsOf(id)).toBe(1), 10_000);

describe('vectors', () => {
  it('find what shares no word with the question, for oneself alone', async () => {
    const ripe = await save('The zorple tastes ripe.');
    const named = await save('Norway has a quindle.');
    const foreign = await save('My zorple is elsewhere.', other);
    await save('Trains leave at noon.');
    for (const id of [ripe, named, foreign]) await untilVectorOf(id);
    const hits = await ask('Which quindle?');
    expect(hits.map(({ item }) => item.id)).toEqual([named, ripe]);
    expect(hits[0]).toMatchObject({ score: 1, scores: { vector: expect.closeTo(0.35, 1) as number } });
    expect(hits[1]?.scores).toMatchObject({ text: 0, vector: expect.closeTo(0.35, 1) as number });
  });

  it('change and go with their texts', async () => {
    const id = await save('A zorple of mine.');
    await untilVectorOf(id);
    const first = await ask('quindle of old');
    expect(first.map(({ item }) => item.id)).toContain(id);
    await user.patch(`/memory/items/${id}`, { content: 'A plumfer, rather.' });
    expect((await ask('quindle of old')).map(({ item }) => item.id)).not.toContain(id);
    await untilVectorOf(id);
    expect((await ask('plumfer'))[0]).toMatchObject({ item: { id }, scores: { vector: expect.any(Number) as number } });
    await user.delete(`/memory/items/${id}`);
    expect(await vectorsOf(id)).toBe(0);
    expect((await ask('plumfer')).map(({ item }) => item.id)).not.toContain(id);
  });

  it('are made of what was there before the model, and made again for another', async () => {
    const id = await save('Basalt is a rock.');
    await untilVectorOf(id);
    await database.query(`UPDATE memory_vectors SET model = 'openai/old' WHERE item_id = $1`, [id]);
    expect((await ask('Any basalt?'))[0]?.scores.vector).toBeUndefined();
    const renewed = `SELECT 1 FROM memory_vectors WHERE item_id = $1 AND model = 'openai/embedder'`;
    await site.app.app.get(VectorSweep).look();
    await vi.waitFor(async () => expect(await database.query(renewed, [id])).toHaveLength(1), 10_000);
  });

  it('are done without while the model fails, and caught up with', async () => {
    site.models.setScript({ model: 'embedder', times: 2, answer: { fault: { kind: 'status', status: 500 } } });
    const id = await save('Gneiss is a rock too.');
    await vi.waitFor(() => expect(site.models.log.list().at(-1)?.outcome).toBe('faulted'), 10_000);
    const [hit] = await ask('Gneiss?');
    expect(hit).toMatchObject({ item: { id } });
    expect(hit?.scores).not.toHaveProperty('vector');
    await untilVectorOf(id);
    expect((await ask('Gneiss?'))[0]?.scores).toHaveProperty('vector');
  });

  it('are made of all that the model takes, of long texts it does not by their beginnings', async () => {
    site.models.setScript({ content: 'plutonium', answer: { fault: { kind: 'status', status: 400 } } });
    const refused = await save('No plutonium, please.');
    const long = await save(`Osmium is dense. ${'It is. '.repeat(200)} So is plutonium.`);
    const taken = await save('Iridium is dense as well.');
    for (const id of [refused, long, taken]) await untilVectorOf(id);
    const made = 'SELECT item_id FROM memory_vectors WHERE item_id = ANY ($1) AND dimensions > 0 ORDER BY 1';
    expect(await database.query(made, [[refused, long, taken]])).toEqual([{ item_id: long }, { item_id: taken }]);
    expect((await ask('plutonium')).map(({ item }) => item.id)).toContain(refused);
    const runs = () => database.query<unknown[]>('SELECT count(*) FROM runs');
    const before = await runs();
    await site.app.app.get(VectorSweep).look();
    expect(await runs()).toEqual(before);
  });

  it('find documents', async () => {
    await user.post('/knowledge/documents', { title: 'Fruit', content: '# Harvest\n\nEach zorple is picked in May.' });
    await vi.waitFor(async () => {
      const { body } = await user.get('/knowledge/search?q=quindle');
      const scores = { text: 0, vector: expect.any(Number) as number };
      expect(body['items']).toMatchObject([{ title: 'Fruit', scores }]);
    }, 10_000);
    expect((await other.get('/knowledge/search?q=quindle')).body['items']).toEqual([]);
  });

  it('are on the account of whoever they are of', async () => {
    const { body } = await user.get('/usage?group_by=model');
    const rows = body['items'] as { model: string; calls: number; input_tokens: number; output_tokens: number }[];
    const row = rows.find(({ model }) => model === 'embedder');
    expect(row).toMatchObject({ provider_id: 'openai', output_tokens: 0 });
    expect(row?.calls).toBeGreaterThan(5);
    expect(row?.input_tokens).toBeGreaterThan(10);
  });
});
