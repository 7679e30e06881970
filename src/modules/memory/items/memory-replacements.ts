import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { MemoryItem } from '../entities/memory-item.entity.js';
import { StaleSummaries } from './stale-summaries.js';

export interface Replacement {
  readonly older: string;
  readonly newer: string;
}

// What is gone meanwhile takes no part.
const LINK = `INSERT INTO memory_links (from_id, type, to_id)
  SELECT p.newer, 'replaces', p.older FROM unnest($1::uuid[], $2::uuid[]) AS p (older, newer)
    WHERE EXISTS (SELECT 1 FROM memory_items WHERE id = p.older) AND EXISTS (SELECT 1 FROM memory_items WHERE id = p.newer)
  UNION ALL SELECT p.older, 'replaced_by', p.newer FROM unnest($1::uuid[], $2::uuid[]) AS p (older, newer)
    WHERE EXISTS (SELECT 1 FROM memory_items WHERE id = p.older) AND EXISTS (SELECT 1 FROM memory_items WHERE id = p.newer)
  ON CONFLICT DO NOTHING`;
const END = `UPDATE memory_items SET expires_at = now(), updated_at = now()
  WHERE id = ANY ($1::uuid[]) AND (expires_at IS NULL OR expires_at > now()) RETURNING id`;

/** Of two items that contradict each other, the older is over: it stays, linked with what replaced it, and is not recalled. */
@Injectable()
export class MemoryReplacements {
  constructor(private readonly summaries: StaleSummaries) {}

  /** Answers what was good until now. */
  async replaceIn(manager: EntityManager, pairs: readonly Replacement[]): Promise<readonly MemoryItem[]> {
    if (pairs.length === 0) return [];
    const older = pairs.map((pair) => pair.older);
    await manager.query(LINK, [older, pairs.map(({ newer }) => newer)]);
    const [rows] = await manager.query<[{ id: string }[], number]>(END, [older]);
    const ended = rows.map(({ id }) => id);
    await this.summaries.markIn(manager, ended);
    return manager.findBy(MemoryItem, { id: In(ended) });
  }
}
