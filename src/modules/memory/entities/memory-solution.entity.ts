import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { Solution } from '../solutions/solution.js';
import { MemoryItem } from './memory-item.entity.js';

/** What an item of the kind `solution` has beside its text. */
@Entity('memory_solutions')
export class MemorySolution {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'memory_solutions_pkey' })
  itemId: string;

  @OneToOne(() => MemoryItem, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'item_id', foreignKeyConstraintName: 'memory_solutions_item_id_fkey' })
  item: Relation<MemoryItem>;

  @Column({ type: 'jsonb' })
  solution: Solution;
}
