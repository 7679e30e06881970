import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { MemoryItemDto } from '../dto/memory-item.dto.js';
import { MemoryItem } from '../entities/memory-item.entity.js';
import { MemoryLink } from '../entities/memory-link.entity.js';
import { MemoryUse } from '../entities/memory-use.entity.js';
import type { Solution } from '../solutions/solution.js';
import { SolutionRows } from '../solutions/solution-rows.js';

/** An item with what is known of it elsewhere. */
export interface ItemView {
  readonly item: MemoryItem;
  readonly links: readonly MemoryLink[];
  readonly use: MemoryUse | undefined;
  readonly solution: Solution | undefined;
}

const MAX_LINKS = 1_000;

/** Items as they are shown. */
@Injectable()
export class ItemViews {
  constructor(
    private readonly database: DataSource,
    private readonly solutions: SolutionRows,
  ) {}

  async of(item: MemoryItem, manager: EntityManager = this.database.manager): Promise<ItemView> {
    const [view] = await this.ofAll([item], manager);
    return view ?? { item, links: [], use: undefined, solution: undefined };
  }

  async ofAll(
    items: readonly MemoryItem[],
    manager: EntityManager = this.database.manager,
  ): Promise<readonly ItemView[]> {
    const ids = items.map(({ id }) => id);
    if (ids.length === 0) return [];
    const links = await manager.find(MemoryLink, { where: { fromId: In(ids) }, take: MAX_LINKS });
    const uses = await manager.findBy(MemoryUse, { itemId: In(ids) });
    const solutions = await this.solutions.of(
      manager,
      items.filter(({ kind }) => kind === 'solution').map(({ id }) => id),
    );
    return items.map((item) => ({
      item,
      links: links.filter(({ fromId }) => fromId === item.id),
      use: uses.find(({ itemId }) => itemId === item.id),
      solution: solutions.get(item.id),
    }));
  }

  answerOf({ item, links, use, solution }: ItemView): MemoryItemDto {
    const { id, kind, scope, scopeId, content, tags, metadata, pii, importance, pinned, stale } = item;
    return {
      id,
      kind,
      namespace: { scope, id: scopeId },
      content,
      tags,
      metadata,
      pii,
      importance,
      pinned,
      expires_at: item.expiresAt?.toISOString() ?? null,
      links: links.map(({ type, toId }) => ({ type, id: toId })),
      stale,
      created_at: item.createdAt.toISOString(),
      last_used_at: use?.lastUsedAt.toISOString() ?? null,
      use_count: use?.useCount ?? 0,
      solution: solution ? { ...solution, artifacts: [...solution.artifacts] } : null,
    };
  }

  /** Among others: without what is long. */
  hitOf(view: ItemView): MemoryItemDto {
    const shown = this.answerOf(view);
    if (!shown.solution) return shown;
    const artifacts = shown.solution.artifacts.map(({ name, language }) => ({ name, language }));
    return Object.assign(shown, { solution: Object.assign(shown.solution, { artifacts }) });
  }
}
