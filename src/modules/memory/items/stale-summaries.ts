import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

const BUILT = `WITH RECURSIVE built (id) AS (
    SELECT from_id FROM memory_links WHERE type = 'summarizes' AND to_id = ANY ($1::uuid[])
    UNION SELECT l.from_id FROM memory_links l JOIN built b ON l.to_id = b.id WHERE l.type = 'summarizes')`;
const MARK = `${BUILT}
  UPDATE memory_items i SET stale = true FROM built WHERE i.id = built.id AND NOT i.stale RETURNING i.id`;
const EMPTY = `${BUILT}
  UPDATE memory_items i SET stale = true, content = '', tags = '{}', pii = '{}', length = 0, search = '' FROM built WHERE i.id = built.id`;

/** Summaries of what changes or goes, on every level: they are not recalled until they are made anew. */
@Injectable()
export class StaleSummaries {
  /** Before the originals go. Answers the summaries that were good until now. */
  async markIn(manager: EntityManager, originals: readonly string[]): Promise<readonly string[]> {
    const [rows] = await manager.query<[{ id: string }[], number]>(MARK, [originals]);
    return rows.map(({ id }) => id);
  }

  /** As {@link markIn}, and nothing of what they said stays until they are made anew. */
  async emptyIn(manager: EntityManager, originals: readonly string[]): Promise<void> {
    await manager.query(EMPTY, [originals]);
  }
}
