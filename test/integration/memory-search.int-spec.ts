import { readFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TextSearch } from '../../src/common/text-search/text-search.js';
import { readConversations } from '../../src/modules/memory/evaluation/read-conversations.js';
import { NearestTexts } from '../../src/common/vectors/nearest-texts.js';
import { isMissingInDatabase } from '../../src/modules/execution/pg-failures.js';
import { itemKeys } from '../../src/modules/memory/items/item-rows.js';
import { ITEM_SOURCE } from '../../src/modules/memory/search/item-source.js';
import { ITEM_VECTORS } from '../../src/modules/memory/search/item-vectors.js';
import { OURS, type RecallFigures, recallOf } from '../../bench/memory/recall.js';
import { MemorySite } from '../../bench/memory/memory-site.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const TALK = [
  ['Ada', 'Hi Grace! What have you been up to?'],
  ['Grace', 'I bought a telescope last Friday, a Newtonian one.'],
  ['Ada', 'Lovely. What is your favourite planet?'],
  ['Grace', 'Saturn, for its rings!'],
  ['Ada', 'I have been painting the harbour at sunrise with Wilhelmina.'],
  ['Grace', 'Nice. We should all have lunch some day.'],
] as const;

const EMBED = `INSERT INTO memory_vectors (item_id, model, dimensions, text_hash, vector)
  SELECT id, 'a/b', cardinality(content::real[]), '', content::real[] FROM memory_items WHERE id = ANY ($1)`;

/** Answers whether the server has the extension at all. */
async function installVector(database: DataSource): Promise<boolean> {
  const found = await database.query<unknown[]>(`SELECT FROM pg_available_extensions WHERE name = 'vector'`);
  if (found.length > 0) await database.query('CREATE EXTENSION IF NOT EXISTS vector');
  return found.length > 0;
}

describe('memory search on PostgreSQL', () => {
  let database: TestDatabase;
  let site: MemorySite;
  let userId: string;
  let ids: readonly string[];

  beforeAll(async () => {
    database = await createTestDatabase();
    site = await MemorySite.open(database.url);
    userId = await site.addUser();
    const fields = TALK.map(([speaker, content], turn) => {
      const metadata = { speaker, session_id: 'one', turn, at: `2024-05-0${turn + 1}T10:00:00Z` };
      return { kind: 'fragment' as const, content, metadata, tags: turn < 4 ? ['sky'] : [] };
    });
    ids = await site.remember(userId, fields);
    await site.remember(await site.addUser(), fields);
  });
  afterAll(async () => {
    await site.close();
    await database.drop();
  });

  const ask = async (q: string, more: object = {}): Promise<number[]> => {
    const hits = await site.search.search(userId, { q, limit: 10, ...more });
    return hits.map(({ item }) => ids.indexOf(item.id));
  };

  it('finds what answers a whole question, by other forms of its words', async () => {
    expect((await ask('When did Grace buy her telescope?'))[0]).toBe(1);
    expect((await ask('Who paints harbours?'))[0]).toBe(4);
  });

  it('finds an answer that has no word of the question, beside the turn that has them', async () => {
    expect((await ask(`What is Grace's favorite planet?`)).slice(0, 2)).toContain(3);
  });

  it('finds what was said on a day, and nothing of others', async () => {
    expect((await ask('What did Grace say on 6 May 2024?'))[0]).toBe(5);
    expect(await ask('telescope rings harbour lunch')).not.toContain(-1);
  });

  it('filters inside the search', async () => {
    expect(await ask('telescope harbour', { tags: ['sky'] })).not.toContain(4);
    expect(await ask('telescope', { kind: 'summary' })).toEqual([]);
    expect(await ask('telescope', { metadata: { speaker: 'Ada' } })).toEqual([]);
    expect(await ask('telescope harbour', { from: new Date('2024-05-05T00:00:00Z') })).toContain(4);
    expect(await ask('telescope', { from: new Date('2024-05-05T00:00:00Z') })).not.toContain(1);
  });

  it.each([true, false])('finds names that are misspelt (pg_trgm: %s)', async (useTrigramExtension) => {
    const search = new TextSearch(site.database, ITEM_SOURCE, { language: 'english', useTrigramExtension });
    const found = await search.search('Who is Wilhelmena?', { keys: [[itemKeys.owner(userId)]] }, 3);
    expect(found.map(({ id }) => ids.indexOf(id))[0]).toBe(4);
  });

  it('finds among more texts than are all looked at, with what stands beside what has the words', async () => {
    const many = await site.addUser();
    const turn = (content: string, at: number) => ({
      kind: 'fragment' as const,
      content,
      metadata: { speaker: at % 2 ? 'Ada' : 'Grace', session_id: 'long', turn: at },
    });
    const small = Array.from({ length: 2_100 }, (_, at) => turn(`Nothing much happened on day ${at} here`, at));
    small[1_000] = turn('Which telescope did you choose after all?', 1_000);
    small[1_001] = turn('The Newtonian, although it was expensive and heavy.', 1_001);
    const saved = await site.remember(many, small);
    const hits = await site.search.search(many, { q: 'What telescope was chosen?', limit: 5 });
    expect(hits.slice(0, 2).map(({ item }) => saved.indexOf(item.id))).toContain(1_001);
    const names = await site.search.search(many, { q: 'Who mentioned the telescop?', limit: 5 });
    expect(names.map(({ item }) => saved.indexOf(item.id))).toContain(1_000);
  });

  it.each([
    ['talks', 'marta-jonas', 0.1],
    ['later-talks', 'greta-sam', 0.15],
  ])('finds more answers than BM25 does (%s: %s)', async (file, id, more) => {
    const talks = readConversations(readFileSync(`test/fixtures/memory/${file}.jsonl`, 'utf8'));
    const talk = talks.find((each) => each.id === id);
    if (!talk) throw new Error('There is no talk');
    const found = await recallOf(site, talk, true);
    const all = (name: string, of: (figures: RecallFigures) => number) =>
      (found[name] ?? []).reduce((sum, figures) => sum + of(figures), 0) / talk.questions.length;
    expect(all(OURS, ({ at5 }) => at5)).toBeGreaterThan(all('BM25', ({ at5 }) => at5) + more);
    expect(all(OURS, ({ at10 }) => at10)).toBeGreaterThan(all('BM25', ({ at10 }) => at10) + more);
  });

  const waysToCompare = [
    ['in the server', undefined],
    ['by the extension', 'public'],
    ['in the server once the extension is gone', 'nowhere'],
  ] as const;
  it.for(waysToCompare)('compares vectors %s: those of one model and size, exactly', async ([, schema], { skip }) => {
    if (schema === 'public' && !(await installVector(site.database))) skip();
    const owner = await site.addUser();
    const vectors = ['{1,0}', '{0.6,0.8}', '{0.6,0.8}', '{0.28,0.96}', '{-1,0}', '{0,0}', '{0,0}', '{0,0}', '{1,0,0}'];
    const fields = vectors.map((content) => ({ kind: 'fragment' as const, content }));
    const saved = await site.remember(owner, fields);
    await site.database.query(EMBED, [[...saved, ...(await site.remember(userId, fields))]]);
    const near = new NearestTexts(site.database, ITEM_VECTORS, { schema, isLostBy: isMissingInDatabase });
    const find = async (limit: number) => {
      const question = { model: 'a/b', vector: Float32Array.of(1, 0) };
      const found = await near.find(question, { keys: [[itemKeys.owner(owner)]] }, limit);
      return found.map(({ id, similarity }) => [saved.indexOf(id), Math.round(similarity * 1e6) / 1e6]);
    };
    const nearest = [
      [0, 1],
      [2, 0.6],
      [1, 0.6],
    ];
    expect(await find(3)).toEqual(nearest);
    expect(await find(10)).toEqual([...nearest, [3, 0.28]]);
  });

  it('has no pending list, and does not take what is searched for as a query', async () => {
    await expect(ask(`' | !'x\\' & (:* <-> "`)).resolves.toEqual([]);
    await expect(ask(`it's a b'c \\ d-e f.g @h`)).resolves.toBeDefined();
  });
});
