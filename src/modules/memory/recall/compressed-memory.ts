import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { MemoryItem } from '../entities/memory-item.entity.js';
import type { MemoryHit } from '../search/rank-items.js';

const GOOD = `SELECT l.from_id, l.to_id FROM memory_links l JOIN memory_items s ON s.id = l.to_id
  WHERE l.type = 'summarized_by' AND NOT s.stale AND (s.expires_at IS NULL OR s.expires_at > now())
    AND s.metadata ->> 'source' = 'memory.compress'`;
/** The highest summaries of each; none for what nothing stands for. */
const STANDS_FOR = `WITH RECURSIVE up (id, summary_id) AS (
    SELECT from_id, to_id FROM (${GOOD} AND l.from_id = ANY ($1::uuid[])) first
    UNION SELECT up.id, l.to_id FROM up, LATERAL (${GOOD} AND l.from_id = up.summary_id) l)
  SELECT id, summary_id AS "summaryId" FROM up
  WHERE NOT EXISTS (SELECT 1 FROM (${GOOD} AND l.from_id = up.summary_id) above)`;

interface StandsFor {
  readonly id: string;
  readonly summaryId: string;
}

/** In prompts, what came of a compression stands for its originals. */
@Injectable()
export class CompressedMemory {
  constructor(private readonly database: DataSource) {}

  /** The same hits, with good summaries in place of what they stand for; each as good as the best of these. */
  async replaceIn(hits: readonly MemoryHit[]): Promise<readonly MemoryHit[]> {
    if (hits.length === 0) return [];
    const pairs = await this.database.query<StandsFor[]>(STANDS_FOR, [hits.map(({ item }) => item.id)]);
    const items = await this.database.manager.findBy(MemoryItem, { id: In(pairs.map(({ summaryId }) => summaryId)) });
    return replaced(hits, pairs, new Map(items.map((item) => [item.id, item])));
  }
}

function replaced(
  hits: readonly MemoryHit[],
  pairs: readonly StandsFor[],
  summaries: ReadonlyMap<string, MemoryItem>,
): readonly MemoryHit[] {
  const best = new Map<string, MemoryHit>();
  for (const hit of hits.toSorted((a, b) => b.score - a.score)) {
    const above = pairs
      .filter(({ id }) => id === hit.item.id)
      .flatMap(({ summaryId }) => summaries.get(summaryId) ?? []);
    for (const item of above.length > 0 ? above : [hit.item]) {
      if (!best.has(item.id)) best.set(item.id, { ...hit, item });
    }
  }
  return [...best.values()];
}
