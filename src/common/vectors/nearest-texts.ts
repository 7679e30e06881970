import { unpackIntegers, unpackUuid } from '../text-search/packed-columns.js';
import type { Queryable } from '../text-search/text-search.js';
import type { TextFilter } from '../text-search/text-source.js';
import { product, unpackReals } from './packed-vector.js';
import { VectorCache } from './vector-cache.js';
import { nearestByExtension, type Sql, vectorIds, type VectorQuestion, vectorsOf } from './vector-sql.js';
import type { VectorSource } from './vector-source.js';

export interface FoundVector {
  readonly id: string;
  /** The cosine: above 0, 1 at most. */
  readonly similarity: number;
}

interface Known {
  readonly count: number;
  readonly ids: Buffer | null;
  readonly versions: Buffer | null;
}

interface Sent {
  readonly id: string;
  readonly version: number;
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
    private readonly hasExtension: () => boolean,
  ) {}

  /** The nearest first. What points elsewhere altogether is none of them. */
  async find(question: VectorQuestion, filter: TextFilter, limit: number): Promise<readonly FoundVector[]> {
    const found = this.hasExtension()
      ? await this.query<FoundVector[]>(nearestByExtension(this.source, filter, question, limit))
      : nearest(await this.compared(question, filter), limit);
    return found.filter(({ similarity }) => similarity > 0);
  }

  private async compared(question: VectorQuestion, filter: TextFilter): Promise<FoundVector[]> {
    const [known] = await this.query<[Known]>(vectorIds(this.source, filter, question));
    const vectors = await this.vectorsOf(known);
    return [...vectors].map(([id, vector]) => ({ id, similarity: product(question.vector, vector) }));
  }

  private async vectorsOf({ count, ids, versions }: Known): Promise<ReadonlyMap<string, Float32Array>> {
    const vectors = new Map<string, Float32Array>();
    const missing: string[] = [];
    unpackIntegers(versions, count).forEach((version, at) => {
      const id = ids === null ? '' : unpackUuid(ids, at);
      const vector = this.cache.get(id, version);
      if (vector) vectors.set(id, vector);
      else missing.push(id);
    });
    for (let from = 0; from < missing.length; from += READ_AT_ONCE) {
      const sent = await this.query<Sent[]>(vectorsOf(this.source, missing.slice(from, from + READ_AT_ONCE)));
      for (const { id, version, bytes } of sent) {
        const vector = unpackReals(bytes);
        this.cache.set(id, version, vector);
        vectors.set(id, vector);
      }
    }
    return vectors;
  }

  private query<Rows>({ text, values }: Sql): Promise<Rows> {
    return this.database.query<Rows>(text, [...values]);
  }
}

function nearest(found: readonly FoundVector[], limit: number): readonly FoundVector[] {
  return found.toSorted((a, b) => b.similarity - a.similarity || (a.id < b.id ? 1 : -1)).slice(0, limit);
}
