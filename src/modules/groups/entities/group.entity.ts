import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BaseEntity } from '../../../database/base.entity.js';
import { Project } from '../../projects/entities/project.entity.js';
import { User } from '../../users/entities/user.entity.js';
import type { Writers } from '../../users/written-texts.js';
import type { Availability } from '../hours/availability.js';

export const GROUP_POLICIES = ['orchestrated', 'direct'] as const;
export type GroupPolicy = (typeof GROUP_POLICIES)[number];

export const AI_MODES = ['off', 'mentions_only', 'on'] as const;
export type AiMode = (typeof AI_MODES)[number];

export const DEFAULT_MAX_ROUNDS = 20;

/** A room of people and agents. */
@Entity('groups')
@Index('groups_owner_idx', ['ownerId', 'createdAt', 'id'])
@Index('groups_project_idx', ['projectId', 'createdAt', 'id'])
export class Group extends BaseEntity {
  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'owner_id', foreignKeyConstraintName: 'groups_owner_id_fkey' })
  owner: Relation<User>;

  /** In whose name its agents work. */
  @Column({ type: 'uuid' })
  ownerId: string;

  @ManyToOne(() => Project, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'groups_project_id_fkey' })
  project: Relation<Project> | null;

  /** Null: its people's alone. */
  @Column({ type: 'uuid', nullable: true })
  projectId: string | null;

  @Column({ type: 'text' })
  name: string;

  /** Of its name. */
  @Column({ type: 'jsonb', default: {} })
  writtenBy: Writers;

  @Column({ type: 'text' })
  policy: GroupPolicy;

  /** Of one turn. */
  @Column({ type: 'integer' })
  maxRounds: number;

  @Column({ type: 'text' })
  aiMode: AiMode;

  /** Null: its agents are always there. */
  @Column({ type: 'json', nullable: true })
  availability: Availability | null;

  /** Of which the people were told last: when the agents are there again. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  awayUntil: Date | null;

  /** Of its messages. */
  @Column({ type: 'integer', default: 0 })
  lastSeq: number;
}
