import type { Lexemes } from './question-plan.js';
import type { Queryable } from './text-search.js';

const MAX_KEPT = 20_000;

const LEXEMES = `SELECT w.word, ARRAY(SELECT DISTINCT lexeme FROM unnest($1::regconfig[]) AS language,
    LATERAL unnest(tsvector_to_array(to_tsvector(language, w.word))) AS lexeme ORDER BY lexeme) AS lexemes
  FROM unnest($2::text[]) AS w (word)`;

/** What the database's stemmer makes of words. It does not change, so what was asked before is kept. */
export class LexemeReader {
  private readonly kept = new Map<string, readonly string[]>();

  constructor(private readonly database: Queryable) {}

  /** By the rules of each of the languages. */
  async read(words: readonly string[], languages: readonly string[]): Promise<Lexemes> {
    const keyOf = (word: string) => `${languages.join()} ${word}`;
    if (this.kept.size > MAX_KEPT) this.kept.clear();
    const missing = [...new Set(words)].filter((word) => !this.kept.has(keyOf(word)));
    for (const { word, lexemes } of await this.look(missing, languages)) this.kept.set(keyOf(word), lexemes);
    return new Map(words.map((word) => [word, this.kept.get(keyOf(word)) ?? []]));
  }

  private async look(words: readonly string[], languages: readonly string[]): Promise<readonly Row[]> {
    return words.length === 0 ? [] : this.database.query<Row[]>(LEXEMES, [languages, words]);
  }
}

interface Row {
  readonly word: string;
  readonly lexemes: readonly string[];
}
