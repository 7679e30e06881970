import type { EntityManager } from 'typeorm';
import type { MemoryItem } from '../entities/memory-item.entity.js';
import type { ReadOriginal } from './summary-job.js';

const LOCK = `SELECT id, updated_at AS "updatedAt", stale FROM memory_items WHERE id = ANY ($1::uuid[]) ORDER BY id FOR SHARE`;
const LINK = `INSERT INTO memory_links (from_id, type, to_id)
  SELECT $1::uuid, 'summarizes', o.id FROM unnest($2::uuid[]) AS o (id)
  UNION ALL SELECT o.id, 'summarized_by', $1::uuid FROM unnest($2::uuid[]) AS o (id) ON CONFLICT DO NOTHING`;
const UNLINK = `DELETE FROM memory_links WHERE (from_id = $1 AND type = 'summarizes' AND NOT to_id = ANY ($2::uuid[]))
  OR (to_id = $1 AND type = 'summarized_by' AND NOT from_id = ANY ($2::uuid[]))`;

export interface LockedOriginals {
  /** Those that are there still. */
  readonly ids: readonly string[];
  /** One is gone, or says something else than when it was read. */
  readonly isOutdated: boolean;
}

/** Keeps originals as they are until the transaction ends. */
export async function lockOriginals(manager: EntityManager, read: readonly ReadOriginal[]): Promise<LockedOriginals> {
  const rows = await manager.query<Pick<MemoryItem, 'id' | 'updatedAt' | 'stale'>[]>(LOCK, [read.map(({ id }) => id)]);
  const current = new Map(rows.map((row) => [row.id, row]));
  const isAsRead = ({ id, updated_at: at }: ReadOriginal) => {
    const row = current.get(id);
    return row !== undefined && !row.stale && row.updatedAt.toISOString() === at;
  };
  return { ids: rows.map(({ id }) => id), isOutdated: !read.every(isAsRead) };
}

/** Links a summary with its originals, both ways, and with nothing else. */
export async function linkSummary(manager: EntityManager, id: string, originals: readonly string[]): Promise<void> {
  await manager.query(UNLINK, [id, originals]);
  await manager.query(LINK, [id, originals]);
}
