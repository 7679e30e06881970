import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Idempotency } from '../../../common/idempotency/idempotency.js';
import { idFrom } from '../../../common/ids/id.js';
import { AccessPolicy } from '../../projects/access-policy.js';
import { MemoryItem } from '../entities/memory-item.entity.js';
import { MemoryItemNotFoundError } from '../memory.errors.js';
import { MemoryStreams } from '../memory-streams.js';
import type { Namespace } from '../namespace.js';
import { NamespaceOwners } from '../namespace-owners.js';
import { SolutionRows } from '../solutions/solution-rows.js';
import { ItemRows } from './item-rows.js';
import { type ItemView, ItemViews } from './item-views.js';
import { draftOf, type MemoryDraft, type MemoryFields } from './memory-draft.js';
import { StaleSummaries } from './stale-summaries.js';

/** What is remembered, one by one, as a user sees it: what others remember is not there. */
@Injectable()
export class MemoryItems {
  constructor(
    private readonly database: DataSource,
    private readonly policy: AccessPolicy,
    private readonly owners: NamespaceOwners,
    private readonly rows: ItemRows,
    private readonly views: ItemViews,
    private readonly streams: MemoryStreams,
    private readonly summaries: StaleSummaries,
    private readonly idempotency: Idempotency,
    private readonly solutions: SolutionRows,
  ) {}

  /** @throws {NamespaceNotFoundError} @throws {NotAllowedError} */
  async save(userId: string, namespace: Namespace, fields: MemoryFields): Promise<ItemView> {
    this.solutions.assertFits(fields.kind, fields.solution);
    const owned = await this.owners.ownerFor(userId, namespace, 'write');
    const draft = draftOf(owned, namespace, fields, new Date());
    return this.streams.commit(userId, async (manager) => {
      const view = await this.writtenIn(manager, draft, fields);
      await this.idempotency.answerIn(manager, this.views.answerOf(view));
      return { change: 'saved', items: [view.item], answer: view };
    });
  }

  /**
   * As {@link save}; the same key again answers what was saved the first time.
   *
   * @throws {NamespaceNotFoundError} @throws {NotAllowedError}
   */
  async saveOnce(userId: string, namespace: Namespace, fields: MemoryFields, key: string): Promise<ItemView> {
    const owned = await this.owners.ownerFor(userId, namespace, 'write');
    const draft = { ...draftOf(owned, namespace, fields, new Date()), id: idFrom(key, userId) };
    return this.streams.commit(userId, async (manager) => {
      const kept = await manager.findOneBy(MemoryItem, { id: draft.id });
      const view = kept ? await this.views.of(kept, manager) : await this.writtenIn(manager, draft, fields);
      return { change: 'saved', items: kept ? [] : [view.item], answer: view };
    });
  }

  /** @throws {MemoryItemNotFoundError} when it is absent, or another's */
  async get(userId: string, id: string): Promise<ItemView> {
    return this.views.of(await this.find(userId, id));
  }

  async update(userId: string, id: string, changes: Partial<MemoryFields>): Promise<ItemView> {
    const item = await this.find(userId, id);
    await this.policy.assertMay(userId, 'write', item);
    this.solutions.assertFits(item.kind, changes.solution);
    return this.streams.commit(userId, async (manager) => {
      if (changes.content !== undefined && changes.content !== item.content) await this.summaries.markIn(manager, [id]);
      const view = await this.writtenIn(manager, Object.assign(item, given(changes)), changes);
      if (isReworded(changes)) await manager.update(MemoryItem, { id }, { changedBy: otherThan(item.ownerId, userId) });
      return { change: 'changed', items: [view.item], answer: view };
    });
  }

  async remove(userId: string, id: string): Promise<void> {
    const item = await this.find(userId, id);
    await this.policy.assertMay(userId, 'remove', item);
    await this.streams.commit(userId, async (manager) => {
      await this.summaries.emptyIn(manager, [id]);
      const { affected } = await manager.delete(MemoryItem, { id });
      if (!affected) throw new MemoryItemNotFoundError(id);
      return { change: 'removed', items: [item], answer: undefined };
    });
  }

  private async writtenIn(
    manager: EntityManager,
    draft: MemoryDraft,
    { solution }: Partial<MemoryFields>,
  ): Promise<ItemView> {
    await this.rows.writeIn(manager, [draft]);
    await this.solutions.writeIn(manager, draft.id, solution);
    return this.views.of(await manager.findOneByOrFail(MemoryItem, { id: draft.id }), manager);
  }

  private async find(userId: string, id: string): Promise<MemoryItem> {
    const query = this.database.manager.createQueryBuilder(MemoryItem, 'item').where('item.id = :id', { id });
    const item = await this.policy.narrow(query, userId).getOne();
    if (!item) throw new MemoryItemNotFoundError(id);
    return item;
  }
}

function isReworded({ content, solution, tags, metadata }: Partial<MemoryFields>): boolean {
  return [content, solution, tags, metadata].some((field) => field !== undefined);
}

function otherThan(ownerId: string, userId: string): string | null {
  return userId === ownerId ? null : userId;
}

function given(changes: Partial<MemoryFields>): Partial<MemoryFields> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
