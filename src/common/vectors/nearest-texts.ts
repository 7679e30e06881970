import { unpackIntegers } from '../text-search/packed-columns.js';
import type { Queryable } from '../text-search/text-search.js';
import type { TextFilter } from '../text-search/text-source.js';
import { product, unpackReals } from './packed-vector.js';
import { type KeptVector, VectorCache } from './vector-cache.js';
import type { VectorExtension } from './vector-extension.js';
import { nearestByExtension, type Sql, type VectorQuestion, vectorSerials, vectorsOf } from './vector-sql.js';
import type { VectorSource } from './vector-source.js';

export interface FoundVector {
  readonly id: string;
  /** The cosine: above 0, 1 at most. */
  readonly similarity: number;
}

interface Known {
  readonly count: number;
  readonly serials: Buffer | null;
}

interface Sent {
  readonly serial: number;
  readonly id: string;
  readonly bytes: Buffer;
}

/** Vectors that are read at once, when this process has not compared them before. */
const READ_AT_ONCE = 1_000;

/** Finds the texts that mean about the same as a question: exactly, among all that a filter lets through. */
export class NearestTexts {
  private readonly cache = new VectorCache();

  constructor(
    private readonly database: Queryable,
    private readonly source: VectorSource,
    private readonly extension: VectorExtension,
  ) {}

  /** The nearest first. What points elsewhere altogether is none of them. */
  async find(question: VectorQuestion, filter: TextFilter, limit: number): Promise<readonly FoundVector[]> {
    const found =
      (await this.byExtension(question, filter, limit)) ??
      nearest(await this.comparable(question, filter), question, limit);
    return found.filter(({ similarity }) => similarity > 0);
  }

  private async byExtension(question: VectorQuestion, filter: TextFilter, limit: number) {
    const { schema } = this.extension;
    if (schema === undefined) return undefined;
    try {
      return await this.query<FoundVector[]>(nearestByExtension(this.source, filter, question, { schema, limit }));
    } catch (error) {
      if (this.extension.isLostBy(error)) return undefined;
      throw error;
    }
  }

  private async comparable(question: VectorQuestion, filter: TextFilter): Promise<readonly KeptVector[]> {
    const [{ count, serials }] = await this.query<[Known]>(vectorSerials(this.source, filter, question));
    const vectors: KeptVector[] = [];
    const missing: number[] = [];
    for (const serial of unpackIntegers(serials, count)) {
      const kept = this.cache.get(serial);
      if (kept) vectors.push(kept);
      else missing.push(serial);
    }
    for (let from = 0; from < missing.length; from += READ_AT_ONCE) {
      vectors.push(...(await this.read(missing.slice(from, from + READ_AT_ONCE))));
    }
    return vectors;
  }

  private async read(serials: readonly number[]): Promise<readonly KeptVector[]> {
    const sent = await this.query<Sent[]>(vectorsOf(this.source, serials));
    return sent.map(({ serial, id, bytes }) => {
      const kept = { id, vector: unpackReals(bytes) };
      this.cache.set(serial, kept);
      return kept;
    });
  }

  private query<Rows>({ text, values }: Sql): Promise<Rows> {
    return this.database.query<Rows>(text, [...values]);
  }
}

function nearest(vectors: readonly KeptVector[], { vector: asked }: VectorQuestion, limit: number): FoundVector[] {
  const similarities = Float64Array.from(vectors, ({ vector }) => product(asked, vector));
  const bound = similarities.toSorted().at(-limit) ?? -1;
  return vectors
    .flatMap(({ id }, at) => ((similarities[at] ?? -1) < bound ? [] : [{ id, similarity: similarities[at] ?? 0 }]))
    .toSorted((a, b) => b.similarity - a.similarity || (a.id < b.id ? 1 : -1))
    .slice(0, limit);
}
