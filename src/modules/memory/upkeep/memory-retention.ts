import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { MemoryConfig } from '../../../config/config.js';
import type { RetentionRule } from '../../../config/memory-retention.js';
import { MemoryItem } from '../entities/memory-item.entity.js';
import { StaleSummaries } from '../items/stale-summaries.js';
import { MemoryStreams } from '../memory-streams.js';
import { outdated } from './outdated.js';

const BATCH = 200;

interface Outdated {
  readonly id: string;
  readonly owner_id: string;
}

/** Removes what is older than its rule allows. What is pinned stays; summaries of what goes are made anew without it. */
@Injectable()
export class MemoryRetention {
  constructor(
    private readonly database: DataSource,
    private readonly config: MemoryConfig,
    private readonly streams: MemoryStreams,
    private readonly summaries: StaleSummaries,
  ) {}

  /** In batches, each told to whoever it was of. Two processes at once do no harm. Answers how many items are gone. */
  async apply(rules: readonly RetentionRule[] = this.config.retention): Promise<number> {
    let removed = 0;
    for (const rule of rules) {
      for (let gone = BATCH; gone > 0; removed += gone) gone = await this.removeSome(rule);
    }
    return removed;
  }

  private async removeSome(rule: RetentionRule): Promise<number> {
    let removed = 0;
    for (const [ownerId, items] of Map.groupBy(await this.find(rule), ({ owner_id }) => owner_id)) {
      const ids = items.map(({ id }) => id);
      removed += await this.remove(ownerId, rule, ids);
    }
    return removed;
  }

  private find(rule: RetentionRule): Promise<Outdated[]> {
    const { where, parameters } = outdated(rule);
    const text = `SELECT i.id, i.owner_id FROM memory_items i WHERE ${where} LIMIT ${BATCH}`;
    return this.database.query(text, parameters);
  }

  private remove(ownerId: string, rule: RetentionRule, ids: readonly string[]): Promise<number> {
    return this.streams.commit(ownerId, async (manager) => {
      const items = await lockOutdated(manager, rule, ids);
      const gone = items.map(({ id }) => id);
      await this.summaries.emptyIn(manager, gone);
      await manager.delete(MemoryItem, { id: In(gone) });
      return { change: 'removed', items, answer: gone.length };
    });
  }
}

/** Once more: somebody may have used, pinned or removed it meanwhile. */
async function lockOutdated(
  manager: EntityManager,
  rule: RetentionRule,
  ids: readonly string[],
): Promise<MemoryItem[]> {
  const { where, parameters } = outdated(rule);
  const text = `SELECT i.id FROM memory_items i WHERE ${where} AND i.id = ANY ($${parameters.length + 1}::uuid[])
    ORDER BY i.id FOR UPDATE SKIP LOCKED`;
  const rows = await manager.query<{ id: string }[]>(text, [...parameters, ids]);
  return manager.findBy(MemoryItem, { id: In(rows.map(({ id }) => id)) });
}
