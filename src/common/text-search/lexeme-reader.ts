import type { Lexemes } from './question-plan.js';
import type { Queryable } from './text-search.js';

const MAX_KEPT = 20_000;

const LEXEMES = `SELECT w.word, tsvector_to_array(to_tsvector(language, w.word)) AS lexemes
  FROM unnest($1::regconfig[]) AS language, unnest($2::text[]) AS w (word)`;

/** What the database's stemmer makes of words. It does not change, so what was asked before is kept. */
export class LexemeReader {
  private readonly kept = new Map<string, readonly string[]>();

  constructor(private readonly database: Queryable) {}

  /** By the rules of each of the languages. */
  async read(words: readonly string[], languages: readonly string[]): Promise<Lexemes> {
    const keyOf = (word: string) => `${languages.join()} ${word}`;
    if (this.kept.size > MAX_KEPT) this.kept.clear();
    const missing = [...new Set(words)].filter((word) => !this.kept.has(keyOf(word)));
    if (missing.length > 0) {
      const rows = await this.database.query<Row[]>(LEXEMES, [languages, missing]);
      for (const { word, lexemes } of rows) {
        this.kept.set(keyOf(word), [...new Set([...(this.kept.get(keyOf(word)) ?? []), ...lexemes])]);
      }
    }
    return new Map(words.map((word) => [word, this.kept.get(keyOf(word)) ?? []]));
  }
}

interface Row {
  readonly word: string;
  readonly lexemes: readonly string[];
}
