import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../../../common/ids/id.js';
import type { FailureInfo } from '../../../engine/index.js';
import type { Owned } from '../../projects/access-policy.js';
import type { FoundChunk, ParsedText } from '../parsing/parse-job.js';
import { scopeOf } from '../search/scope.js';

/** A revision of a document. */
export interface RevisionId {
  readonly documentId: string;
  readonly revision: number;
}

export interface DocumentToIndex extends Owned {
  readonly title: string;
  readonly mimeType: string;
}

const BEGIN = `UPDATE knowledge_documents SET status = 'indexing', error = NULL WHERE id = $1 AND revision = $2
  RETURNING title, mime_type AS "mimeType", owner_id AS "ownerId", project_id AS "projectId"`;
const LOCK = `SELECT 1 FROM knowledge_documents WHERE id = $1 AND revision = $2 FOR UPDATE`;
const STAGED = `SELECT 1 FROM knowledge_texts WHERE document_id = $1 AND revision = $2`;
const CLEAR_TEXTS = `DELETE FROM knowledge_texts t USING knowledge_documents d
  WHERE d.id = $1 AND t.document_id = d.id AND t.revision IS DISTINCT FROM d.indexed_revision`;
const CLEAR_CHUNKS = `DELETE FROM knowledge_chunks c USING knowledge_documents d
  WHERE d.id = $1 AND c.document_id = d.id AND c.revision IS DISTINCT FROM d.indexed_revision`;
const STAGE_TEXT = `INSERT INTO knowledge_texts (document_id, revision, content) VALUES ($1, $2, $3)`;
const STAGE_CHUNKS = `INSERT INTO knowledge_chunks
    (id, document_id, revision, ordinal, start_at, end_at, headings, page, content, hash, word_count)
  SELECT c.id, $1, $2, c.ordinal, c.start_at, c.end_at, ARRAY(SELECT jsonb_array_elements_text(c.headings)), c.page,
    c.content, c.hash, c.word_count
  FROM jsonb_to_recordset($3::jsonb) AS c (id uuid, ordinal integer, start_at integer, end_at integer, headings jsonb,
    page integer, content text, hash text, word_count integer)`;
/** The nth chunk of a hash goes on as the nth that there was. */
const KEEP = `WITH chunks AS (
    SELECT c.id, c.hash, c.revision, row_number() OVER (PARTITION BY c.revision, c.hash ORDER BY c.ordinal) AS nth
    FROM knowledge_chunks c WHERE c.document_id = $1)
  UPDATE knowledge_chunks s SET kept_id = k.id FROM chunks n JOIN chunks k USING (hash, nth)
    JOIN knowledge_documents d ON d.id = $1 AND k.revision = d.indexed_revision
  WHERE s.id = n.id AND n.revision = $2 AND k.revision <> $2`;
const INDEX = `UPDATE knowledge_chunks c
  SET lexemes = to_tsvector($3::regconfig, concat_ws(' ', $4::text, array_to_string(c.headings, ' '), c.content))
    || array_to_tsvector(ARRAY[$5::text])
  WHERE c.id IN (SELECT id FROM knowledge_chunks WHERE document_id = $1 AND revision = $2 AND kept_id IS NULL
    AND lexemes IS NULL ORDER BY ordinal LIMIT $6)`;
const COUNTS = `SELECT count(*)::integer AS chunks, count(kept_id)::integer AS kept, count(lexemes)::integer AS indexed
  FROM knowledge_chunks WHERE document_id = $1 AND revision = $2`;
// Of a chunk that stays, only the place is another: its words need not be written again.
const MOVE_KEPT = `UPDATE knowledge_chunks k SET revision = s.revision, ordinal = s.ordinal, start_at = s.start_at,
    end_at = s.end_at, page = s.page
  FROM knowledge_chunks s WHERE s.document_id = $1 AND s.revision = $2 AND s.kept_id = k.id`;
const DROP_REPLACED = `DELETE FROM knowledge_chunks
  WHERE document_id = $1 AND (revision <> $2 OR kept_id IS NOT NULL)`;
const DROP_TEXTS = `DELETE FROM knowledge_texts WHERE document_id = $1 AND revision <> $2`;
const READY = `UPDATE knowledge_documents d SET status = 'ready', error = NULL, indexed_revision = $2, language = $3,
    chunk_count = c.chunks, word_count = c.words, updated_at = now()
  FROM (SELECT count(*) AS chunks, coalesce(sum(word_count), 0) AS words FROM knowledge_chunks
    WHERE document_id = $1 AND revision = $2) c
  WHERE d.id = $1`;
const FAIL = `UPDATE knowledge_documents SET status = 'failed', error = $3::jsonb, updated_at = now()
  WHERE id = $1 AND revision = $2`;

/** Chunks of one insert. */
const STAGED_AT_ONCE = 500;

export interface ChunkCounts {
  readonly chunks: number;
  readonly kept: number;
  readonly indexed: number;
}

/**
 * The chunks of documents on their way into the index: staged, indexed piece by piece, then put in the place of those of
 * the revision before, all at once. What is found changes in that last moment only.
 */
@Injectable()
export class DocumentIndex {
  constructor(private readonly database: DataSource) {}

  /** Undefined when there is a newer revision, or no document any more. So do the others say. */
  async beginIn(manager: EntityManager, { documentId, revision }: RevisionId): Promise<DocumentToIndex | undefined> {
    const [rows] = await manager.query<[DocumentToIndex[], number]>(BEGIN, [documentId, revision]);
    return rows[0];
  }

  /** Once for each revision: one that comes late, from a process that was taken for dead, finds all of it there. */
  async stage(id: RevisionId, parsed: ParsedText): Promise<ChunkCounts | undefined> {
    const { documentId, revision } = id;
    return this.database.transaction(async (manager) => {
      if (!(await isCurrent(manager, id))) return undefined;
      if (await isStaged(manager, id)) return countIn(manager, id);
      await manager.query(CLEAR_TEXTS, [documentId]);
      await manager.query(CLEAR_CHUNKS, [documentId]);
      await manager.query(STAGE_TEXT, [documentId, revision, parsed.text]);
      await stageChunks(manager, id, parsed);
      await manager.query(KEEP, [documentId, revision]);
      return countIn(manager, id);
    });
  }

  async indexIn(
    manager: EntityManager,
    id: RevisionId,
    { title, language, owned, limit }: { title: string; language: string; owned: Owned; limit: number },
  ): Promise<ChunkCounts | undefined> {
    if (!(await isCurrent(manager, id))) return undefined;
    await manager.query(INDEX, [id.documentId, id.revision, language, title, scopeOf(owned), limit]);
    return countIn(manager, id);
  }

  async finishIn(manager: EntityManager, id: RevisionId, language: string): Promise<boolean> {
    const { documentId, revision } = id;
    if (!(await isCurrent(manager, id))) return false;
    await manager.query(MOVE_KEPT, [documentId, revision]);
    await manager.query(DROP_REPLACED, [documentId, revision]);
    await manager.query(DROP_TEXTS, [documentId, revision]);
    await manager.query(READY, [documentId, revision, language]);
    return true;
  }

  async failIn(manager: EntityManager, { documentId, revision }: RevisionId, error: FailureInfo): Promise<void> {
    await manager.query(FAIL, [documentId, revision, JSON.stringify(error)]);
  }
}

async function isCurrent(manager: EntityManager, { documentId, revision }: RevisionId): Promise<boolean> {
  return (await manager.query<unknown[]>(LOCK, [documentId, revision])).length > 0;
}

async function isStaged(manager: EntityManager, { documentId, revision }: RevisionId): Promise<boolean> {
  return (await manager.query<unknown[]>(STAGED, [documentId, revision])).length > 0;
}

async function stageChunks(
  manager: EntityManager,
  { documentId, revision }: RevisionId,
  { text, chunks }: ParsedText,
): Promise<void> {
  for (let from = 0; from < chunks.length; from += STAGED_AT_ONCE) {
    const rows = chunks.slice(from, from + STAGED_AT_ONCE).map((chunk, index) => rowOf(chunk, from + index, text));
    await manager.query(STAGE_CHUNKS, [documentId, revision, JSON.stringify(rows)]);
  }
}

function rowOf({ start, end, headings, page, hash, words }: FoundChunk, ordinal: number, text: string): object {
  const place = { start_at: start, end_at: end, page: page ?? null };
  return { id: newId(), ordinal, ...place, headings, content: text.slice(start, end), hash, word_count: words };
}

async function countIn(manager: EntityManager, { documentId, revision }: RevisionId): Promise<ChunkCounts> {
  const [counts] = await manager.query<ChunkCounts[]>(COUNTS, [documentId, revision]);
  return counts ?? { chunks: 0, kept: 0, indexed: 0 };
}
