import { Injectable } from '@nestjs/common';
import { DataSource, In, type SelectQueryBuilder } from 'typeorm';
import { MemoryConfig } from '../../../config/config.js';
import { AccessPolicy, type Owned } from '../../projects/access-policy.js';
import { NotAllowedError } from '../../projects/projects.errors.js';
import { MemoryItem } from '../entities/memory-item.entity.js';
import { NamespaceNotFoundError } from '../memory.errors.js';
import { type Namespace, namespaceText } from '../namespace.js';
import { NamespaceOwners } from '../namespace-owners.js';
import { mayShow } from '../recall/pii-rule.js';
import {
  type ChosenOriginals,
  COMPRESS_JOB,
  type Original,
  type OriginalGroup,
  type SummarizeInput,
  type SummaryWish,
} from './summary-job.js';

/** Of one run. */
const MAX_ORIGINALS = 500;
const UNSUMMARIZED = `NOT EXISTS (SELECT 1 FROM memory_links l WHERE l.from_id = item.id AND l.type = 'summarized_by')`;
const CURRENT = 'NOT item.stale AND (item.expires_at IS NULL OR item.expires_at > now())';

/** Finds what goes into summaries. */
@Injectable()
export class SummarySources {
  constructor(
    private readonly database: DataSource,
    private readonly policy: AccessPolicy,
    private readonly owners: NamespaceOwners,
    private readonly config: MemoryConfig,
  ) {}

  /** The oldest first, by namespace. */
  async choose(ownerId: string, { job, wish }: Pick<SummarizeInput, 'job' | 'wish'>): Promise<ChosenOriginals> {
    const query = this.policy.narrow(this.database.manager.createQueryBuilder(MemoryItem, 'item'), ownerId);
    narrowTo(query.andWhere(CURRENT), wish);
    if (job === COMPRESS_JOB) query.andWhere('NOT item.pinned');
    query.orderBy('coalesce(item.said_at, item.created_at)').addOrderBy('item.position').addOrderBy('item.id');
    const [items, count] = await query.limit(MAX_ORIGINALS).getManyAndCount();
    const groups = await this.grouped(ownerId, items);
    const chosen = groups.reduce((sum, { originals }) => sum + originals.length, 0);
    return { groups, left_out: count - chosen };
  }

  private async grouped(ownerId: string, items: readonly MemoryItem[]): Promise<OriginalGroup[]> {
    const visible = items.filter((item) => mayShow(item, item, this.config.piiToModels));
    const byNamespace = Map.groupBy(visible, ({ scope, scopeId }) => namespaceText({ scope, id: scopeId }));
    const groups: OriginalGroup[] = [];
    for (const [first, ...others] of byNamespace.values()) {
      if (!first) continue;
      const namespace = { scope: first.scope, id: first.scopeId };
      const owned = await this.writable(ownerId, namespace);
      if (owned) groups.push({ namespace, ...owned, originals: [first, ...others].map(toOriginal) });
    }
    return groups;
  }

  /** Undefined where the owner of the run may only read. */
  private async writable(ownerId: string, namespace: Namespace): Promise<Owned | undefined> {
    try {
      return await this.owners.ownerFor(ownerId, namespace, 'write');
    } catch (error) {
      if (error instanceof NamespaceNotFoundError || error instanceof NotAllowedError) return undefined;
      throw error;
    }
  }
}

function narrowTo(query: SelectQueryBuilder<MemoryItem>, wish: SummaryWish): void {
  if ('ids' in wish) query.andWhere({ id: In(wish.ids) });
  else if ('session_id' in wish) {
    const session = `(item.thread = :session::text OR (item.scope = 'session' AND item.scope_id = :session::uuid))`;
    query.andWhere(`${session} AND item.kind <> 'summary' AND ${UNSUMMARIZED}`, { session: wish.session_id });
  } else {
    const { scope, id: scopeId } = wish.namespace;
    query.andWhere({ scope, scopeId }).andWhere(UNSUMMARIZED);
    if (wish.older_than) query.andWhere('item.created_at < :before', { before: wish.older_than });
  }
}

export function levelOf({ kind, metadata }: Pick<MemoryItem, 'kind' | 'metadata'>): number {
  if (kind !== 'summary') return 0;
  const { level } = metadata;
  return typeof level === 'number' && level >= 1 ? Math.floor(level) : 1;
}

function toOriginal(item: MemoryItem): Original {
  return { id: item.id, chars: item.content.length, level: levelOf(item) };
}
