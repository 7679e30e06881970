import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { InvalidInputError } from '../../../common/errors/invalid-input.error.js';
import type { MemoryKind } from '../memory-kind.js';
import { MemorySolution } from '../entities/memory-solution.entity.js';
import type { Solution } from './solution.js';

/** What items of the kind `solution` have beside their text. */
@Injectable()
export class SolutionRows {
  /** @throws {InvalidInputError} for an item of another kind */
  assertFits(kind: MemoryKind, solution: Solution | undefined): void {
    if (!solution || kind === 'solution') return;
    const message = 'is only for items of the kind solution';
    throw new InvalidInputError([{ path: '/solution', code: 'NOT_ALLOWED', message }]);
  }

  async writeIn(manager: EntityManager, itemId: string, solution: Solution | undefined): Promise<void> {
    if (!solution) return;
    await manager.save(Object.assign(new MemorySolution(), { itemId, solution }));
  }

  /** By the id of the item. */
  async of(manager: EntityManager, itemIds: readonly string[]): Promise<ReadonlyMap<string, Solution>> {
    if (itemIds.length === 0) return new Map();
    const rows = await manager.findBy(MemorySolution, { itemId: In([...itemIds]) });
    return new Map(rows.map(({ itemId, solution }) => [itemId, solution]));
  }
}
