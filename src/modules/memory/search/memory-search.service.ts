import { Injectable, Optional } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { answerBoost } from '../../../common/text-search/answer-signs.js';
import { filterQuery, type TextFilter } from '../../../common/text-search/text-source.js';
import { TextSearch } from '../../../common/text-search/text-search.js';
import { MemoryConfig } from '../../../config/config.js';
import { VectorSearch } from '../../embeddings/vector-search.service.js';
import { MemoryItem } from '../entities/memory-item.entity.js';
import { itemKeys, keyOfOwner } from '../items/item-rows.js';
import { MemoryUses } from '../items/memory-uses.js';
import type { MemoryKind } from '../memory-kind.js';
import type { Namespace } from '../namespace.js';
import { NamespaceOwners } from '../namespace-owners.js';
import { ITEM_SOURCE } from './item-source.js';
import { ITEM_VECTORS } from './item-vectors.js';
import { type Candidate, type MemoryHit, rankItems, scoreItem } from './rank-items.js';

export interface MemoryWish {
  readonly q?: string | undefined;
  readonly kind?: MemoryKind | undefined;
  /** All of them. */
  readonly tags?: readonly string[] | undefined;
  readonly namespace?: Namespace | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly limit: number;
  /** No model is asked what it means. */
  readonly isByWords?: boolean;
}

/** Hits of the text that are looked at for recency and importance, for each that is answered. */
const SPARE = 2;

const PROJECTS = 'SELECT project_id FROM project_members WHERE user_id = $1 ORDER BY project_id';

/** Finds what is remembered. */
@Injectable()
export class MemorySearch {
  private readonly texts: TextSearch;

  constructor(
    private readonly database: DataSource,
    private readonly owners: NamespaceOwners,
    private readonly uses: MemoryUses,
    { language }: MemoryConfig,
    /** Absent where there are no models. */
    @Optional() private readonly vectors?: VectorSearch,
  ) {
    this.texts = new TextSearch(database, ITEM_SOURCE, { language });
  }

  /**
   * The best first; without a question, the newest. What is stale or over is not found.
   *
   * @throws {NamespaceNotFoundError}
   */
  async search(userId: string, wish: MemoryWish): Promise<readonly MemoryHit[]> {
    const { q, ...rest } = wish;
    if (q !== undefined) return this.best(await this.candidates(userId, { ...rest, q }), wish.limit);
    const hits = await this.newest(userId, wish);
    this.uses.used(hits.map(({ item }) => item.id));
    return hits;
  }

  /** The best of what {@link candidates} has found, in one namespace or several. It counts as used. */
  best(candidates: readonly Candidate[], limit: number): readonly MemoryHit[] {
    const hits = rankItems(candidates, new Date()).slice(0, limit);
    this.uses.used(hits.map(({ item }) => item.id));
    return hits;
  }

  /**
   * What may answer a question: by its words, and by what it means where a model for that is configured.
   *
   * @throws {NamespaceNotFoundError}
   */
  async candidates(userId: string, wish: MemoryWish & { readonly q: string }): Promise<readonly Candidate[]> {
    const { q, namespace, isByWords = false } = wish;
    const filter = await this.filterOf(userId, wish);
    const limit = wish.limit * SPARE;
    const account = { ownerId: userId, projectId: namespace?.scope === 'project' ? namespace.id : null };
    const [texts, vectors = []] = await Promise.all([
      this.texts.search(q, filter, limit),
      isByWords ? undefined : this.vectors?.nearest(ITEM_VECTORS, { question: q, account, filter, limit }),
    ]);
    const textOf = new Map(texts.map(({ id, score }) => [id, score]));
    const vectorOf = new Map(vectors.map(({ id, similarity }) => [id, similarity]));
    const ids = [...new Set([...textOf.keys(), ...vectorOf.keys()])];
    const items = await this.database.manager.findBy(MemoryItem, { id: In(ids) });
    const byId = new Map(items.map((item) => [item.id, item]));
    return ids.flatMap((id) => {
      const item = byId.get(id);
      if (!item) return [];
      const vector = vectorOf.get(id);
      const text = (textOf.get(id) ?? 0) * answerBoost(q, item.content);
      return [{ item, text, ...(vector !== undefined && { vector }) }];
    });
  }

  private async newest(userId: string, wish: MemoryWish): Promise<readonly MemoryHit[]> {
    const filter = await this.filterOf(userId, wish);
    const query = this.database.manager.createQueryBuilder(MemoryItem, 'item');
    const parameters: Record<string, unknown> = {};
    const bind = (value: unknown) => {
      const name = `v${Object.keys(parameters).length}`;
      parameters[name] = value;
      return `:${name}`;
    };
    query.where(`item.search @@ (${bind(filterQuery(filter))})::tsquery`);
    for (const condition of filter.where?.(bind) ?? []) query.andWhere(condition);
    query.setParameters(parameters).orderBy('item.created_at', 'DESC').addOrderBy('item.id', 'DESC').limit(wish.limit);
    const now = new Date();
    return (await query.getMany()).map((item) => scoreItem({ item, text: 0 }, now));
  }

  private async filterOf(userId: string, wish: MemoryWish): Promise<TextFilter> {
    const { kind, tags = [], namespace } = wish;
    const keys = [
      await this.readableKeys(userId, namespace),
      ...(namespace ? [[itemKeys.namespace(namespace)]] : []),
      ...(kind ? [[itemKeys.kind(kind)]] : []),
      ...tags.map((tag) => [itemKeys.tag(tag)]),
    ];
    return { keys, where: conditionsOf(wish) };
  }

  private async readableKeys(userId: string, namespace: Namespace | undefined): Promise<string[]> {
    if (namespace) return [keyOfOwner(await this.owners.ownerFor(userId, namespace, 'read'))];
    const projects = await this.database.query<{ project_id: string }[]>(PROJECTS, [userId]);
    return [itemKeys.owner(userId), ...projects.map(({ project_id: id }) => itemKeys.project(id))];
  }
}

function conditionsOf({ from, to, metadata = {} }: MemoryWish): NonNullable<TextFilter['where']> {
  const instant = 'coalesce(said_at, created_at)';
  return (bind) => [
    'NOT stale',
    '(expires_at IS NULL OR expires_at > now())',
    ...(from ? [`${instant} >= ${bind(from)}`] : []),
    ...(to ? [`${instant} < ${bind(to)}`] : []),
    ...Object.entries(metadata).map(([key, value]) => `metadata ->> ${bind(key)} = ${bind(value)}`),
  ];
}
