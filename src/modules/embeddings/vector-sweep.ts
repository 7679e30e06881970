import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { VectorSource } from '../../common/vectors/vector-source.js';
import { EmbeddingCallsService } from '../providers/embedding/embedding-calls.service.js';
import { EmbeddingQueues } from './embedding-queues.js';
import { VectorSources } from './vector-sources.js';

interface Looked {
  /** Null when there were no more texts. */
  readonly last: string | null;
  readonly without: ReadonlyArray<{ readonly owner_id: string; readonly project_id: string | null }> | null;
}

/** Texts that are looked at with one query. */
const PAGE = 5_000;

/** Finds what has no vector by the model that is configured: what was there before it, and what was left by failed runs. */
@Injectable()
export class VectorSweep {
  private readonly places = new Map<string, string | null>();

  constructor(
    private readonly database: DataSource,
    private readonly models: EmbeddingCallsService,
    private readonly sources: VectorSources,
    private readonly queues: EmbeddingQueues,
  ) {}

  /** Looks a page further in everything that is embedded. Answers whether it came to the end of it all. */
  async look(): Promise<boolean> {
    const model = this.models.modelName;
    if (model === undefined) return true;
    for (const source of this.sources.list()) await this.lookIn(source, model);
    return this.sources.list().every(({ name }) => (this.places.get(name) ?? null) === null);
  }

  private async lookIn(source: VectorSource, model: string): Promise<void> {
    const after = this.places.get(source.name) ?? null;
    const [page] = await this.database.query<[Looked]>(pageOf(source), [model, after]);
    for (const { owner_id: ownerId, project_id: projectId } of page.without ?? []) {
      await this.database.transaction((manager) => this.queues.wantIn(manager, source.name, { ownerId, projectId }));
    }
    this.places.set(source.name, page.last);
  }
}

/** Of each project one of those whose texts it has. */
function pageOf({ table, texts, vectors, key }: VectorSource): string {
  return `WITH page AS (SELECT id FROM ${table} WHERE $2::uuid IS NULL OR id > $2 ORDER BY id LIMIT ${PAGE}),
    bare AS (SELECT DISTINCT ON (coalesce(t.project_id, t.owner_id)) t.owner_id, t.project_id
      FROM page p JOIN (${texts}) t ON t.id = p.id
      WHERE NOT EXISTS (SELECT FROM ${vectors} v WHERE v.${key} = t.id AND v.model = $1)
      ORDER BY coalesce(t.project_id, t.owner_id), t.id)
    SELECT (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS last,
      (SELECT json_agg(json_build_object('owner_id', owner_id, 'project_id', project_id)) FROM bare) AS without`;
}
