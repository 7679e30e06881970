/** The defaults of PostgreSQL's JDBC driver (`prepareThreshold`), and half of its `preparedStatementCacheQueries`. */
const PREPARE_AT = 5;
const MAX_PREPARED = 128;
/** Of those seen lately; each is held as its text. */
const MAX_COUNTED = 1_000;
/** In characters. What is longer has lists of values in it, and does not come again. */
const MAX_LENGTH = 16_384;

/**
 * Which statements a process asks so often that its connections prepare them, each under the same name. The server then
 * reads and plans them once per connection; to plan costs it more than to find a row.
 */
export class HotStatements {
  private readonly names = new Map<string, string>();
  private counts = new Map<string, number>();
  private lastName = 0;

  /** Counts one use. Undefined: not often enough yet. */
  nameOf(text: string): string | undefined {
    return this.names.get(text) ?? this.count(text);
  }

  /** The tables it was prepared for are others by now: it is prepared anew. */
  renew(text: string): void {
    this.names.set(text, this.nextName());
  }

  private count(text: string): string | undefined {
    if (this.names.size >= MAX_PREPARED || text.length > MAX_LENGTH) return undefined;
    const count = (this.counts.get(text) ?? 0) + 1;
    if (count < PREPARE_AT) {
      if (this.counts.size >= MAX_COUNTED) this.counts = new Map();
      this.counts.set(text, count);
      return undefined;
    }
    this.counts.delete(text);
    const name = this.nextName();
    this.names.set(text, name);
    return name;
  }

  private nextName(): string {
    this.lastName += 1;
    return `hot_${this.lastName}`;
  }
}
