import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BaseEntity } from '../../../database/base.entity.js';
import { Project } from '../../projects/entities/project.entity.js';
import { User } from '../../users/entities/user.entity.js';
import type { MemoryKind } from '../memory-kind.js';
import type { NamespaceScope } from '../namespace.js';

/** Something that is remembered. Written by `ItemRows`, which makes the columns that are searched. */
@Entity('memory_items')
@Index('memory_items_search_idx', { synchronize: false })
@Index('memory_items_owner_idx', ['ownerId', 'createdAt', 'id'])
@Index('memory_items_project_idx', ['projectId', 'createdAt', 'id'])
@Index('memory_items_thread_idx', { synchronize: false })
@Index('memory_items_expiry_idx', { synchronize: false })
@Index('memory_items_stale_idx', { synchronize: false })
@Index('memory_items_retention_idx', { synchronize: false })
@Index('memory_items_changed_by_idx', { synchronize: false })
export class MemoryItem extends BaseEntity {
  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'owner_id', foreignKeyConstraintName: 'memory_items_owner_id_fkey' })
  owner: Relation<User>;

  @Column({ type: 'uuid' })
  ownerId: string;

  @ManyToOne(() => Project, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'memory_items_project_id_fkey' })
  project: Relation<Project> | null;

  /** Who reworded it last, when that was not its owner: what it says is theirs. */
  @Column({ type: 'uuid', nullable: true })
  changedBy: string | null;

  /** Of whoever shares its namespace; null: the owner's alone. */
  @Column({ type: 'uuid', nullable: true })
  projectId: string | null;

  @Column({ type: 'text' })
  kind: MemoryKind;

  @Column({ type: 'text' })
  scope: NamespaceScope;

  @Column({ type: 'uuid' })
  scopeId: string;

  @Column({ type: 'text' })
  content: string;

  @Column({ type: 'text', array: true })
  tags: string[];

  @Column({ type: 'jsonb' })
  metadata: Record<string, unknown>;

  /** What personal data it has, such as `email`. */
  @Column({ type: 'text', array: true })
  pii: string[];

  /** 0 to 1. */
  @Column({ type: 'real' })
  importance: number;

  /** Retention leaves it alone. */
  @Column({ type: 'boolean' })
  pinned: boolean;

  /** A summary of something that is gone: not recalled until it is rebuilt. */
  @Column({ type: 'boolean' })
  stale: boolean;

  /** Of a stale summary: when it is tried again, should the run that makes it anew have come to nothing. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true, select: false })
  rebuildAfter: Date | null;

  @Column({ type: 'uuid', nullable: true, select: false })
  rebuildRunId: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  expiresAt: Date | null;

  /** Who said it. */
  @Column({ type: 'text', nullable: true })
  speaker: string | null;

  /** The talk that it is a turn of, and which one: what is searched with it. */
  @Column({ type: 'text', nullable: true })
  thread: string | null;

  @Column({ type: 'integer', nullable: true })
  position: number | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  saidAt: Date | null;

  /** Distinct words that mean anything. */
  @Column({ type: 'integer', select: false })
  length: number;

  @Column({ type: 'tsvector', select: false })
  search: string;
}
