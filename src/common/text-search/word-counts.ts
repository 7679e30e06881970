import { MAX_CANDIDATES } from './candidates.js';
import type { Queryable } from './text-search.js';
import { filterQuery, type TextFilter, type TextSource } from './text-source.js';

const MAX_COUNTED = 20_000;

/** In how many texts of a filter terms are, as far as they are counted. The index alone answers it. */
export class WordCounts {
  constructor(
    private readonly database: Queryable,
    private readonly source: TextSource,
  ) {}

  /** The number of all texts, then that of those with each of the terms. */
  async read(terms: readonly string[], filter: TextFilter): Promise<readonly number[]> {
    const { table, search } = this.source;
    const keys = filterQuery(filter);
    const sql = `SELECT (SELECT count(*)::integer FROM (SELECT FROM ${table}
        WHERE ${search} @@ t.query::tsquery LIMIT ${MAX_COUNTED}) found) AS count
      FROM unnest($1::text[]) WITH ORDINALITY AS t (query, place) ORDER BY t.place`;
    const queries = [keys, ...terms.map((term) => `${keys} & ${term}`)];
    return (await this.database.query<{ count: number }[]>(sql, [queries])).map(({ count }) => count);
  }
}

/** The rarest terms, as many as cannot be in more texts together than are scored; one at least. Pure. */
export function rarestTerms(terms: readonly string[], counts: readonly number[]): readonly string[] {
  const found = terms
    .map((term, at) => ({ term, count: counts[at] ?? 0 }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => a.count - b.count);
  let sum = 0;
  const kept = found.filter(({ count }) => (sum += count) <= MAX_CANDIDATES);
  return (kept.length > 0 ? kept : found.slice(0, 1)).map(({ term }) => term);
}
