import { DataSource, type EntityManager } from 'typeorm';
import type { PersonalRecords } from '../../users/personal-records.js';
import { StoredRecords } from '../../users/stored-records.js';

interface GoneVersion {
  readonly project_id: string;
  readonly path: string;
  readonly blob_id: string | null;
}

const SELECT = `SELECT v.*, (SELECT encode(string_agg(p.content, ''::bytea ORDER BY p.part), 'base64')
    FROM workspace_blob_parts p WHERE p.blob_id = v.blob_id) AS content_base64
  FROM workspace_versions v WHERE v.author_id = $1 ORDER BY v.project_id, v.path, v.version`;
// All writers of a workspace lock its row first.
const LOCK = `SELECT 1 FROM workspaces WHERE project_id IN (SELECT project_id FROM workspace_versions WHERE author_id = $1)
  ORDER BY project_id FOR UPDATE`;
const GONE = `WITH gone AS (DELETE FROM workspace_versions WHERE author_id = $1 RETURNING project_id, path, blob_id)
  SELECT * FROM gone`;
const TOUCHED = 'SELECT * FROM unnest($1::uuid[], $2::text[]) AS t (project_id, path)';
const GO_BACK = `UPDATE workspace_files f SET version = n.version, is_deleted = n.blob_id IS NULL
  FROM (SELECT DISTINCT ON (v.project_id, v.path) v.project_id, v.path, v.version, v.blob_id FROM workspace_versions v
    JOIN (${TOUCHED}) t ON t.project_id = v.project_id AND t.path = v.path
    ORDER BY v.project_id, v.path, v.version DESC) n
  WHERE f.project_id = n.project_id AND f.path = n.path`;
// Nothing but its removal, by others, may be left of a file, under the name that the person gave it.
const REMOVE_REMOVALS = `DELETE FROM workspace_versions v USING (${TOUCHED}) t
  WHERE v.project_id = t.project_id AND v.path = t.path AND NOT EXISTS (SELECT 1 FROM workspace_versions k
    WHERE k.project_id = v.project_id AND k.path = v.path AND k.blob_id IS NOT NULL)`;
const REMOVE_FILES = `DELETE FROM workspace_files f USING (${TOUCHED}) t WHERE f.project_id = t.project_id AND f.path = t.path
  AND NOT EXISTS (SELECT 1 FROM workspace_versions v WHERE v.project_id = f.project_id AND v.path = f.path)`;
const REMOVE_BLOBS = `DELETE FROM workspace_blobs b WHERE b.id = ANY ($1::uuid[])
  AND NOT EXISTS (SELECT 1 FROM workspace_versions v WHERE v.blob_id = b.id)`;
const COUNT_AGAIN = `UPDATE workspaces w SET
    file_count = (SELECT count(*) FROM workspace_files f WHERE f.project_id = w.project_id AND NOT f.is_deleted),
    stored_bytes = (SELECT coalesce(sum(b.size_bytes), 0) FROM workspace_blobs b WHERE b.project_id = w.project_id)
  WHERE w.project_id = ANY ($1::uuid[])`;

/** What tells of removals, by others, of files that nobody but the person wrote; the project may be gone. */
export const FORGET_REMOVALS = `UPDATE event_logs e SET payload = '{"erased":true}'
  FROM (SELECT DISTINCT o.stream, o.payload->>'path' AS path FROM event_logs o JOIN streams s ON s.id = o.stream
    WHERE s.name >= 'project:' AND s.name < 'project;' AND o.name = 'project.artifact' AND o.user_id = $1) own
  WHERE e.stream = own.stream AND e.name = 'project.artifact' AND e.payload->>'path' = own.path
    AND e.user_id IS DISTINCT FROM $1 AND NOT EXISTS (SELECT 1 FROM event_logs k
      WHERE k.stream = own.stream AND k.name = 'project.artifact' AND k.payload->>'path' = own.path
        AND k.user_id IS DISTINCT FROM $1 AND k.payload->>'deleted' = 'false')`;

/**
 * Versions of files that the person, or an agent of the person, wrote. A file goes back to the newest version that is
 * left, or goes with its last one.
 */
export class PersonalFiles implements PersonalRecords {
  private readonly stored: StoredRecords;

  constructor(database: DataSource) {
    this.stored = new StoredRecords(database, { select: SELECT, erase: [] });
  }

  exportOf(userId: string): AsyncIterable<object> {
    return this.stored.exportOf(userId);
  }

  async eraseOf(userId: string, manager: EntityManager): Promise<number> {
    await manager.query(LOCK, [userId]);
    const gone = await manager.query<GoneVersion[]>(GONE, [userId]);
    const touched = [gone.map(({ project_id: id }) => id), gone.map(({ path }) => path)];
    await manager.query(REMOVE_REMOVALS, touched);
    await manager.query(GO_BACK, touched);
    await manager.query(REMOVE_FILES, touched);
    await manager.query(REMOVE_BLOBS, [gone.flatMap(({ blob_id: id }) => id ?? [])]);
    await manager.query(COUNT_AGAIN, [touched[0]]);
    return gone.length;
  }
}
