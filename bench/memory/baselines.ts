import type { DataSource } from 'typeorm';

/** Another way to rank what a user remembers: answers the ids of the best. */
export type Baseline = (database: DataSource, userId: string, question: string, limit: number) => Promise<string[]>;

/** Any word of the question, by the rank that PostgreSQL gives. */
const TS_RANK = `WITH q AS (SELECT string_agg(quote_literal(lexeme), ' | ')::tsquery AS query
    FROM unnest(to_tsvector('english', $2)))
  SELECT i.id FROM memory_items i, q, LATERAL (SELECT to_tsvector('english', i.content) AS words) w
  WHERE i.owner_id = $1 AND w.words @@ q.query ORDER BY ts_rank(w.words, q.query) DESC, i.id LIMIT $3`;

/** BM25 (k1 1.2, b 0.75) over stems without stop words. */
const BM25 = `WITH texts AS MATERIALIZED (
    SELECT i.id, to_tsvector('english', i.content) AS words FROM memory_items i WHERE i.owner_id = $1),
  counts AS (SELECT t.id, l.lexeme, cardinality(l.positions) AS n FROM texts t, unnest(t.words) l),
  lengths AS (SELECT id, sum(n) AS length FROM counts GROUP BY id),
  average AS (SELECT avg(length) AS length, count(*) AS texts FROM lengths),
  asked AS (SELECT c.lexeme, count(*) AS texts FROM counts c
    WHERE c.lexeme = ANY (tsvector_to_array(to_tsvector('english', $2))) GROUP BY c.lexeme)
  SELECT c.id FROM counts c JOIN asked q USING (lexeme) JOIN lengths l USING (id), average a
  GROUP BY c.id ORDER BY sum(ln(1 + (a.texts - q.texts + 0.5) / (q.texts + 0.5)) * c.n * 2.2
    / (c.n + 1.2 * (0.25 + 0.75 * l.length / a.length))) DESC, c.id LIMIT $3`;

const byQuery =
  (sql: string): Baseline =>
  async (database, userId, question, limit) => {
    const rows = await database.query<{ id: string }[]>(sql, [userId, question, limit]);
    return rows.map(({ id }) => id);
  };

export const BASELINES: Readonly<Record<string, Baseline>> = {
  ts_rank: byQuery(TS_RANK),
  BM25: byQuery(BM25),
};
