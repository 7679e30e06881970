import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type FindOptionsWhere } from 'typeorm';
import type { MemoryItemDto } from './dto/memory-item.dto.js';
import { MemoryItem } from './entities/memory-item.entity.js';
import { ItemViews } from './items/item-views.js';
import { StaleSummaries } from './items/stale-summaries.js';

const BATCH = 500;

/** What is remembered of a person: what is the person's alone, what the person gave to projects, and what the person reworded. */
@Injectable()
export class MemoryErasure {
  constructor(
    private readonly database: DataSource,
    private readonly views: ItemViews,
    private readonly summaries: StaleSummaries,
  ) {}

  /** The oldest first. */
  async *exportOf(userId: string): AsyncGenerator<MemoryItemDto> {
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const items = await this.after(userId, after);
      for (const view of await this.views.ofAll(items)) yield this.views.answerOf(view);
      const last = items.at(-1);
      if (!last || items.length < BATCH) return;
      after = last.id;
    }
  }

  /** Answers how many items are gone. Summaries that others keep of them are empty until they are made anew. */
  async eraseOf(userId: string, manager: EntityManager): Promise<number> {
    const items = await manager.find(MemoryItem, { select: { id: true }, where: ofPerson(userId) });
    await this.summaries.emptyIn(
      manager,
      items.map(({ id }) => id),
    );
    const { affected } = await manager.delete(MemoryItem, ofPerson(userId));
    return affected ?? 0;
  }

  private after(userId: string, id: string): Promise<MemoryItem[]> {
    const query = this.database.manager.createQueryBuilder(MemoryItem, 'item');
    return query
      .where('(item.ownerId = :userId OR item.changedBy = :userId) AND item.id > :id', { userId, id })
      .orderBy('item.id')
      .limit(BATCH)
      .getMany();
  }
}

function ofPerson(userId: string): FindOptionsWhere<MemoryItem>[] {
  return [{ ownerId: userId }, { changedBy: userId }];
}
