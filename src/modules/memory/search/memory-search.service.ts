import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { answerBoost } from '../../../common/text-search/answer-signs.js';
import { filterQuery, type TextFilter } from '../../../common/text-search/text-source.js';
import { TextSearch } from '../../../common/text-search/text-search.js';
import { MemoryConfig } from '../../../config/config.js';
import { MemoryItem } from '../entities/memory-item.entity.js';
import { itemKeys, keyOfOwner } from '../items/item-rows.js';
import { MemoryUses } from '../items/memory-uses.js';
import type { MemoryKind } from '../memory-kind.js';
import type { Namespace } from '../namespace.js';
import { NamespaceOwners } from '../namespace-owners.js';
import { ITEM_SOURCE } from './item-source.js';
import { type MemoryHit, scoreItem } from './rank-items.js';

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
  ) {
    this.texts = new TextSearch(database, ITEM_SOURCE, { language });
  }

  /**
   * The best first; without a question, the newest. What is stale or over is not found.
   *
   * @throws {NamespaceNotFoundError}
   */
  async search(userId: string, wish: MemoryWish): Promise<readonly MemoryHit[]> {
    const filter = await this.filterOf(userId, wish);
    const hits = wish.q === undefined ? await this.newest(filter, wish.limit) : await this.found(wish.q, filter, wish);
    this.uses.used(hits.map(({ item }) => item.id));
    return hits;
  }

  private async found(question: string, filter: TextFilter, { limit }: MemoryWish): Promise<readonly MemoryHit[]> {
    const texts = await this.texts.search(question, filter, limit * SPARE);
    const items = await this.database.manager.findBy(MemoryItem, { id: In(texts.map(({ id }) => id)) });
    const byId = new Map(items.map((item) => [item.id, item]));
    const now = new Date();
    return texts
      .flatMap(({ id, score }) => {
        const item = byId.get(id);
        return item ? [scoreItem(item, score * answerBoost(question, item.content), now)] : [];
      })
      .toSorted((a, b) => b.score - a.score)
      .slice(0, limit);
  }

  private async newest(filter: TextFilter, limit: number): Promise<readonly MemoryHit[]> {
    const query = this.database.manager.createQueryBuilder(MemoryItem, 'item');
    const parameters: Record<string, unknown> = {};
    const bind = (value: unknown) => {
      const name = `v${Object.keys(parameters).length}`;
      parameters[name] = value;
      return `:${name}`;
    };
    query.where(`item.search @@ (${bind(filterQuery(filter))})::tsquery`);
    for (const condition of filter.where?.(bind) ?? []) query.andWhere(condition);
    query.setParameters(parameters).orderBy('item.created_at', 'DESC').addOrderBy('item.id', 'DESC').limit(limit);
    const now = new Date();
    return (await query.getMany()).map((item) => scoreItem(item, 0, now));
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
