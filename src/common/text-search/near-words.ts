import type { Lexemes } from './question-plan.js';
import type { Queryable } from './text-search.js';
import { filterQuery, type TextFilter, type TextSource } from './text-source.js';
import { nearestWords } from './trigrams.js';

/** Texts whose words are looked through. */
const MAX_TEXTS = 2_000;
const LEAST_LIKENESS = 0.4;
const MAX_NEAR = 3;

/** In a schema that names without one are not looked for in, it is of no use. */
const HAS_TRIGRAMS = `SELECT to_regprocedure('similarity(text,text)') IS NOT NULL AS has`;

/** For words that nobody said: those that look like them, by trigrams. By `pg_trgm` where it is, else here. */
export class NearWords {
  private hasTrigrams: boolean | undefined;

  constructor(
    private readonly database: Queryable,
    private readonly source: TextSource,
    /** Undefined: asked of the database. */
    private readonly useExtension?: boolean,
  ) {}

  async find(words: readonly string[], filter: TextFilter): Promise<Lexemes> {
    if (words.length === 0) return new Map();
    return (await this.extensionIsThere()) ? this.byExtension(words, filter) : this.byHand(words, filter);
  }

  private async extensionIsThere(): Promise<boolean> {
    if (this.useExtension !== undefined) return this.useExtension;
    this.hasTrigrams ??= (await this.database.query<{ has: boolean }[]>(HAS_TRIGRAMS))[0]?.has === true;
    return this.hasTrigrams;
  }

  private async byExtension(words: readonly string[], filter: TextFilter): Promise<Lexemes> {
    const sql = `SELECT w.word, array(SELECT v.lexeme FROM (${this.vocabulary()}) v
        WHERE similarity(v.lexeme, w.word) >= $3 ORDER BY similarity(v.lexeme, w.word) DESC, v.lexeme LIMIT $4) AS near
      FROM unnest($2::text[]) AS w (word)`;
    interface Row {
      readonly word: string;
      readonly near: readonly string[];
    }
    const values = [filterQuery(filter), words, LEAST_LIKENESS, MAX_NEAR];
    const rows = await this.database.query<Row[]>(sql, values);
    return new Map(rows.map(({ word, near }) => [word, near]));
  }

  private async byHand(words: readonly string[], filter: TextFilter): Promise<Lexemes> {
    const rows = await this.database.query<{ lexeme: string }[]>(this.vocabulary(), [filterQuery(filter)]);
    const lexemes = rows.map(({ lexeme }) => lexeme);
    return new Map(words.map((word) => [word, nearestWords(word, lexemes, LEAST_LIKENESS, MAX_NEAR)]));
  }

  /** Without the keys of filters. */
  private vocabulary(): string {
    const { table, search } = this.source;
    return `SELECT DISTINCT l.lexeme FROM (SELECT ${search} AS search FROM ${table}
        WHERE ${search} @@ $1::tsquery LIMIT ${MAX_TEXTS}) t, unnest(tsvector_to_array(t.search)) AS l (lexeme)
      WHERE l.lexeme !~ '^[=~]'`;
  }
}
