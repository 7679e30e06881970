import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { MemoryConfig } from '../../../config/config.js';
import { AccessPolicy } from '../../projects/access-policy.js';
import { MemoryItem } from '../entities/memory-item.entity.js';
import { ItemRows } from '../items/item-rows.js';
import { MemoryStreams } from '../memory-streams.js';
import { mayShow } from '../recall/pii-rule.js';
import type { RebuildPlan } from './rebuild-summary.program.js';
import { fieldsOf } from './summary-keeper.js';
import { linkSummary, lockOriginals } from './summary-links.js';
import { type RebuildOutput, SUMMARIZE_JOB, type WrittenSummary, COMPRESS_JOB } from './summary-job.js';
import { levelOf } from './summary-sources.js';

type Outcome = RebuildOutput['outcome'];

const AGAIN = 'UPDATE memory_items SET rebuild_after = $2 WHERE id = $1';
const ORIGINALS = `item.id IN (SELECT to_id FROM memory_links WHERE from_id = :id AND type = 'summarizes')`;

/** Makes stale summaries anew in their place: their ids and what is linked with them stay. */
@Injectable()
export class SummaryRebuilds {
  constructor(
    private readonly database: DataSource,
    private readonly policy: AccessPolicy,
    private readonly rows: ItemRows,
    private readonly streams: MemoryStreams,
    private readonly config: MemoryConfig,
  ) {}

  async plan(userId: string, id: string): Promise<RebuildPlan> {
    const summary = await this.database.manager.findOneBy(MemoryItem, { id });
    if (!summary) return { outcome: 'removed' };
    if (!summary.stale) return { outcome: 'rebuilt' };
    if (!(await this.policy.permissionsOn(userId, summary)).has('write')) return this.later(id, 'refused');
    const originals = await this.originalsOf(id);
    if (originals.some(({ stale }) => stale)) return this.later(id, 'waiting');
    const usable = originals.filter((item) => isCurrent(item) && mayShow(item, item, this.config.piiToModels));
    return { ids: usable.map((item) => item.id) };
  }

  /** Without originals it goes. When one has changed meanwhile, it is made anew once more. */
  rebuild(userId: string, id: string, runId: string, written: WrittenSummary): Promise<Outcome> {
    return this.streams.commit<Outcome>(userId, async (manager) => {
      const summary = await lockSummary(manager, id);
      if (!summary?.stale) return { change: 'changed', items: [], answer: summary ? 'rebuilt' : 'removed' };
      const { ids, isOutdated } = await lockOriginals(manager, written.originals);
      if (isOutdated) {
        await manager.query(AGAIN, [id, null]);
        return { change: 'changed', items: [], answer: 'waiting' };
      }
      if (ids.length > 0) return this.rewrittenIn(manager, summary, { ...written, runId }, ids);
      await manager.delete(MemoryItem, { id });
      return { change: 'removed', items: [summary], answer: 'removed' };
    });
  }

  private async rewrittenIn(
    manager: EntityManager,
    summary: MemoryItem,
    written: WrittenSummary & { readonly runId: string },
    ids: readonly string[],
  ) {
    const source = summary.metadata['source'] === COMPRESS_JOB ? COMPRESS_JOB : SUMMARIZE_JOB;
    const fields = await fieldsOf(manager, ids, { ...written, source, level: levelOf(summary) });
    await this.rows.writeIn(manager, [Object.assign(summary, fields, { stale: false })]);
    await linkSummary(manager, summary.id, ids);
    await manager.query(AGAIN, [summary.id, null]);
    return { change: 'changed' as const, items: [summary], answer: 'rebuilt' as const };
  }

  /** Of a summary that may not be made anew by its owner, never. */
  private async later(id: string, outcome: Outcome): Promise<RebuildPlan> {
    await this.database.query(AGAIN, [id, outcome === 'refused' ? 'infinity' : null]);
    return { outcome };
  }

  private originalsOf(id: string): Promise<MemoryItem[]> {
    const query = this.database.manager.createQueryBuilder(MemoryItem, 'item').where(ORIGINALS, { id });
    return query.orderBy('coalesce(item.said_at, item.created_at)').addOrderBy('item.id').getMany();
  }
}

function lockSummary(manager: EntityManager, id: string): Promise<MemoryItem | null> {
  return manager.findOne(MemoryItem, { where: { id }, lock: { mode: 'pessimistic_write' } });
}

function isCurrent({ expiresAt }: MemoryItem): boolean {
  return expiresAt === null || expiresAt.getTime() > Date.now();
}
