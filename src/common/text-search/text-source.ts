/** Where texts are: a table with a `tsvector`, in which {@link keyLexeme}s stand beside the words. All of it is SQL. */
export interface TextSource {
  readonly table: string;
  /** A uuid. */
  readonly id: string;
  readonly search: string;
  /**
   * Whether the texts are short and have weights: what is said A, who says it B, dates in words D. Else they are long,
   * all their words are text, and how often they have one counts.
   */
  readonly isTalk: boolean;
  /** In words. */
  readonly length: string;
  /** What the text is a part of, and its place in that: texts of one thread at neighbouring places are neighbours. */
  readonly thread: string;
  readonly position: string;
}

/** What is searched among. The keys are looked up in the text index itself. */
export interface TextFilter {
  /** Of each group, one key at least. */
  readonly keys: readonly (readonly string[])[];
  /** Further conditions. `bind` answers the placeholder of a value. */
  readonly where?: (bind: Bind) => readonly string[];
}

export type Bind = (value: unknown) => string;

/** A lexeme that no text has: by it a filter is part of the text index. */
export function keyLexeme(name: string, value: string): string {
  return `=${name}:${value}`;
}

/** As part of a `tsquery`. */
export function quoted(lexeme: string): string {
  return `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

export function anyOf(parts: readonly string[]): string {
  return `(${parts.join(' | ')})`;
}

export function filterQuery({ keys }: TextFilter): string {
  return keys.map((group) => anyOf(group.map(quoted))).join(' & ');
}
