import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MemoryConfig } from '../../../config/config.js';
import { NotAllowedError } from '../../projects/projects.errors.js';
import { NamespaceNotFoundError } from '../memory.errors.js';
import type { Namespace } from '../namespace.js';
import { NamespaceOwners } from '../namespace-owners.js';
import type { Candidate } from '../search/rank-items.js';
import { MemorySearch } from '../search/memory-search.service.js';
import { CompressedMemory } from './compressed-memory.js';
import { mayShow } from './pii-rule.js';
import { mayEnter, namespacesOf, type RecallScope } from './recall-scope.js';
import { type RecalledItem, recalledItem } from './recalled-item.js';

const MAX_QUESTION = 2_000;
const STATE = `SELECT count(*) || '/' || coalesce(max(i.updated_at)::text, '') AS state FROM memory_items i
  WHERE CASE WHEN $2::uuid IS NULL THEN i.project_id IS NULL AND i.owner_id = $1 ELSE i.project_id = $2 END`;

/** Recalls into prompts what may be shown to a model and to those who read the run. */
@Injectable()
export class MemoryRecall {
  constructor(
    private readonly database: DataSource,
    private readonly memory: MemorySearch,
    private readonly owners: NamespaceOwners,
    private readonly compressed: CompressedMemory,
    private readonly config: MemoryConfig,
  ) {}

  /** What answers a question, the best first. */
  async recall(scope: RecallScope, question: string, limit: number): Promise<readonly RecalledItem[]> {
    const q = question.trim().slice(0, MAX_QUESTION).toWellFormed();
    if (q === '') return [];
    const found = await Promise.all(namespacesOf(scope).map((namespace) => this.inOne(scope, namespace, q, limit)));
    const hits = await this.compressed.replaceIn(this.memory.best(found.flat(), limit * found.length));
    return hits
      .filter(({ item }) => mayShow(item, scope, this.config.piiToModels))
      .toSorted((a, b) => b.score - a.score)
      .slice(0, limit)
      .map(recalledItem);
  }

  /** Another text whenever what could be recalled for a person, or in a project, has changed. */
  async stateOf({ ownerId, projectId }: RecallScope): Promise<string> {
    const [row] = await this.database.query<{ state: string }[]>(STATE, [ownerId, projectId]);
    return row?.state ?? '';
  }

  /** What the run may not read, or what is gone, has nothing to recall. */
  private async inOne(
    scope: RecallScope,
    namespace: Namespace,
    q: string,
    limit: number,
  ): Promise<readonly Candidate[]> {
    try {
      const owned = await this.owners.ownerFor(scope.ownerId, namespace, 'read');
      return mayEnter(scope, owned) ? await this.memory.candidates(scope.ownerId, { q, namespace, limit }) : [];
    } catch (error) {
      if (error instanceof NamespaceNotFoundError || error instanceof NotAllowedError) return [];
      throw error;
    }
  }
}
