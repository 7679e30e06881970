import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { idFrom } from '../../../common/ids/id.js';
import { MemoryItem } from '../entities/memory-item.entity.js';
import { ItemRows } from '../items/item-rows.js';
import { draftOf, type MemoryFields } from '../items/memory-draft.js';
import { MemoryStreams } from '../memory-streams.js';
import { NamespaceOwners } from '../namespace-owners.js';
import { linkSummary, lockOriginals } from './summary-links.js';
import type { Original, OriginalGroup, SummarizeInput, WrittenSummary } from './summary-job.js';

const MAX_TAGS = 20;

export interface NewSummary extends WrittenSummary {
  readonly level: number;
  readonly source: SummarizeInput['job'];
  readonly runId: string;
}

/** Remembers new summaries. */
@Injectable()
export class SummaryKeeper {
  constructor(
    private readonly owners: NamespaceOwners,
    private readonly rows: ItemRows,
    private readonly streams: MemoryStreams,
  ) {}

  /**
   * Null when nothing is left of the originals. When one of them has changed meanwhile, the summary is stale at once.
   *
   * @param key the same key again changes nothing
   * @throws {NamespaceNotFoundError} @throws {NotAllowedError}
   */
  async keep(
    userId: string,
    { namespace }: Pick<OriginalGroup, 'namespace'>,
    summary: NewSummary,
    key: string,
  ): Promise<Original | null> {
    const owned = await this.owners.ownerFor(userId, namespace, 'write');
    const id = idFrom(key, userId);
    const answer: Original = { id, chars: summary.text.length, level: summary.level };
    return this.streams.commit(userId, async (manager) => {
      if (await manager.existsBy(MemoryItem, { id })) return { change: 'saved', items: [], answer };
      const { ids, isOutdated } = await lockOriginals(manager, summary.originals);
      if (ids.length === 0) return { change: 'saved', items: [], answer: null };
      const fields = await fieldsOf(manager, ids, summary);
      await this.rows.writeIn(manager, [{ ...draftOf(owned, namespace, fields, new Date()), id, stale: isOutdated }]);
      await linkSummary(manager, id, ids);
      return { change: 'saved', items: await manager.findBy(MemoryItem, { id }), answer };
    });
  }
}

/** What a summary has from its originals: their labels, and where it is from. */
export async function fieldsOf(
  manager: EntityManager,
  ids: readonly string[],
  { text, method, level, source, runId }: NewSummary,
): Promise<MemoryFields> {
  const items = await manager.findBy(MemoryItem, { id: In([...ids]) });
  const times = items.map(({ saidAt, createdAt }) => (saidAt ?? createdAt).toISOString()).toSorted();
  return {
    kind: 'summary',
    content: text,
    tags: [...new Set(items.flatMap(({ tags }) => tags))].slice(0, MAX_TAGS),
    pii: [...new Set(items.flatMap(({ pii }) => pii))],
    importance: Math.max(...items.map(({ importance }) => importance)),
    metadata: { source, level, method, items: ids.length, run_id: runId, from: times[0], to: times.at(-1) },
  };
}
