import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ScoringOptions } from '../../../common/text-search/score-candidates.js';
import { type FoundText, TextSearch } from '../../../common/text-search/text-search.js';
import type { TextFilter } from '../../../common/text-search/text-source.js';
import { fuseRanks } from '../../../common/vectors/fuse-ranks.js';
import type { FoundVector } from '../../../common/vectors/nearest-texts.js';
import { VectorSearch } from '../../embeddings/vector-search.service.js';
import { AccessPolicy } from '../../projects/access-policy.js';
import { CHUNK_VECTORS, CHUNKS } from './chunk-source.js';
import { scopeOf } from './scope.js';

export interface KnowledgeQuery {
  readonly text: string;
  /** Null: only the user's own documents. Undefined: these, and those of all projects of the user. */
  readonly projectId?: string | null | undefined;
  readonly limit: number;
}

/** A chunk that was found, as it is cited. */
export interface FoundChunk {
  readonly documentId: string;
  readonly title: string;
  readonly start: number;
  readonly end: number;
  readonly headings: readonly string[];
  readonly page: number | null;
  readonly text: string;
  readonly score: number;
  readonly scores: ChunkScores;
}

/** What is a part of the score. */
export interface ChunkScores {
  readonly text: number;
  /** How near its vector is to that of the question. Absent where none was compared, or others were nearer. */
  readonly vector?: number;
}

type RankedChunk = Pick<FoundChunk, 'score' | 'scores'> & { readonly id: string };

/** A chunk is cited for its own words: those beside it do not count. Short ones are not held back. */
const SCORING: ScoringOptions = { k1: 1.2, b: 0.75, half: 0, before: [], after: [] };

const IS_INDEXED = `EXISTS (SELECT FROM knowledge_documents d
  WHERE d.id = knowledge_chunks.document_id AND d.indexed_revision = knowledge_chunks.revision)`;
const PROJECTS = `SELECT project_id AS id FROM project_members WHERE user_id = $1`;
const LANGUAGES = `SELECT DISTINCT language FROM knowledge_documents WHERE indexed_revision IS NOT NULL
    AND language IS NOT NULL AND ((project_id IS NULL AND owner_id = $1) OR project_id = ANY ($2::uuid[]))
  ORDER BY language`;
const STATE = `SELECT count(*) || ' ' || coalesce(max(updated_at)::text, '') AS state FROM knowledge_documents
  WHERE CASE WHEN $2::uuid IS NULL THEN project_id IS NULL AND owner_id = $1 ELSE project_id = $2 END`;
const READ = `SELECT k.id, k.document_id AS "documentId", d.title, k.start_at AS start, k.end_at AS "end", k.headings,
    k.page, k.content AS text
  FROM knowledge_chunks k JOIN knowledge_documents d ON d.id = k.document_id AND d.indexed_revision = k.revision
  WHERE k.id = ANY ($1::uuid[])`;

/** Looked for in each of two rankings, for each chunk that is answered: what both have counts for more. */
const SPARE = 2;

/** Finds chunks of documents: any word of the question counts, the rarer the more; and what it means, where there is a model. */
@Injectable()
export class KnowledgeSearch {
  private readonly texts: TextSearch;

  constructor(
    private readonly database: DataSource,
    private readonly policy: AccessPolicy,
    private readonly vectors: VectorSearch,
  ) {
    this.texts = new TextSearch(database, CHUNKS, { language: 'simple', scoring: SCORING });
  }

  /** @throws {ProjectNotFoundError} */
  async search(userId: string, { text, projectId, limit }: KnowledgeQuery): Promise<FoundChunk[]> {
    const projectIds = await this.projectsOf(userId, projectId);
    const ownerId = projectId === undefined || projectId === null ? userId : null;
    const languages = await this.languagesOf(ownerId, projectIds);
    const scopes = [
      ...(ownerId === null ? [] : [scopeOf({ ownerId, projectId: null })]),
      ...projectIds.map((id) => scopeOf({ ownerId: userId, projectId: id })),
    ];
    if (languages.length === 0) return [];
    const filter: TextFilter = { keys: [scopes], where: () => [IS_INDEXED] };
    const account = { ownerId: userId, projectId: projectId ?? null };
    const [texts, vectors] = await Promise.all([
      this.texts.search(text, filter, limit * SPARE, languages),
      this.vectors.nearest(CHUNK_VECTORS, { question: text, account, filter, limit: limit * SPARE }),
    ]);
    return this.read(rankChunks(texts, vectors).slice(0, limit));
  }

  /** Another one whenever something else might be found: of the project, or of the user's own documents. */
  async stateOf(userId: string, projectId: string | null): Promise<string> {
    const [row] = await this.database.query<{ state: string }[]>(STATE, [userId, projectId]);
    return row?.state ?? '';
  }

  private async projectsOf(userId: string, projectId: string | null | undefined): Promise<string[]> {
    if (projectId === null) return [];
    if (projectId !== undefined) {
      await this.policy.assertMayIn(userId, 'read', projectId);
      return [projectId.toLowerCase()];
    }
    return (await this.database.query<{ id: string }[]>(PROJECTS, [userId])).map(({ id }) => id);
  }

  private async languagesOf(ownerId: string | null, projectIds: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ language: string }[]>(LANGUAGES, [ownerId, projectIds]);
    return rows.map(({ language }) => language);
  }

  private async read(found: readonly RankedChunk[]): Promise<FoundChunk[]> {
    const rows = await this.database.query<(Omit<FoundChunk, 'score' | 'scores'> & { id: string })[]>(READ, [
      found.map(({ id }) => id),
    ]);
    const byId = new Map(rows.map(({ id, ...chunk }) => [id, chunk]));
    return found.flatMap(({ id, score, scores }) => {
      const chunk = byId.get(id);
      return chunk ? [{ ...chunk, score, scores }] : [];
    });
  }
}

/** The best first: by words alone, or by what both rankings come to. Pure. */
function rankChunks(texts: readonly FoundText[], vectors: readonly FoundVector[] | undefined): RankedChunk[] {
  if (!vectors) return texts.map(({ id, score }) => ({ id, score, scores: { text: score } }));
  const textOf = new Map(texts.map(({ id, score }) => [id, score]));
  const vectorOf = new Map(vectors.map(({ id, similarity }) => [id, similarity]));
  const fused = fuseRanks([[...textOf.keys()], [...vectorOf.keys()]]);
  const ranked = [...fused].map(([id, score]) => {
    const vector = vectorOf.get(id);
    return { id, score, scores: { text: textOf.get(id) ?? 0, ...(vector !== undefined && { vector }) } };
  });
  return ranked.toSorted((a, b) => b.score - a.score);
}
