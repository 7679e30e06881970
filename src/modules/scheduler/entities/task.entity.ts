import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BaseEntity } from '../../../database/base.entity.js';
import { AgentSession } from '../../agents/sessions/entities/agent-session.entity.js';
import { Project } from '../../projects/entities/project.entity.js';
import { User } from '../../users/entities/user.entity.js';
import type { Writers } from '../../users/written-texts.js';
import type { MisfirePolicy, OverlapPolicy } from '../decide/fire-decision.js';
import type { ScheduleFields } from '../schedule/cron-expression.js';
import type { TaskRetry } from '../task-retry.js';
import type { TaskTarget } from '../targets/task-target.js';

export type TaskType = 'adhoc' | 'planned' | 'scheduled';
export type TaskStatus = 'active' | 'paused' | 'completed';

/** Work that is started at a time, or at times. */
@Entity('tasks')
@Index('tasks_owner_idx', ['ownerId', 'createdAt', 'id'])
@Index('tasks_project_idx', ['projectId', 'createdAt', 'id'])
@Index('tasks_next_fire_idx', { synchronize: false })
@Index('tasks_session_idx', { synchronize: false })
export class Task extends BaseEntity {
  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'owner_id', foreignKeyConstraintName: 'tasks_owner_id_fkey' })
  owner: Relation<User>;

  /** As whom its runs are started. */
  @Column({ type: 'uuid' })
  ownerId: string;

  @ManyToOne(() => Project, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'tasks_project_id_fkey' })
  project: Relation<Project> | null;

  @Column({ type: 'uuid', nullable: true })
  projectId: string | null;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  type: TaskType;

  /** `completed`: it is never due again. */
  @Column({ type: 'text' })
  status: TaskStatus;

  /** Of planned ones: ISO instants, ascending. */
  @Column({ type: 'json', nullable: true })
  plan: readonly string[] | null;

  @Column({ type: 'json', nullable: true })
  schedule: ScheduleFields | null;

  /** In place of `schedule`. */
  @Column({ type: 'text', nullable: true })
  cron: string | null;

  @Column({ type: 'text' })
  timezone: string;

  /** Null: an agent with the prompts below. */
  @Column({ type: 'json', nullable: true })
  target: TaskTarget | null;

  @Column({ type: 'text' })
  systemPrompt: string;

  @Column({ type: 'text' })
  prompt: string;

  @Column({ type: 'json' })
  attachments: readonly unknown[];

  @Column({ type: 'boolean' })
  dedicatedContext: boolean;

  /** The conversation of the agent that it starts, with `dedicatedContext`. */
  @ManyToOne(() => AgentSession, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'session_id', foreignKeyConstraintName: 'tasks_session_id_fkey' })
  session: Relation<AgentSession> | null;

  @Column({ type: 'uuid', nullable: true })
  sessionId: string | null;

  @Column({ type: 'text' })
  overlap: OverlapPolicy;

  @Column({ type: 'text' })
  misfire: MisfirePolicy;

  @Column({ type: 'integer' })
  misfireWindowSeconds: number;

  @Column({ type: 'integer' })
  jitterMs: number;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  startAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  endAt: Date | null;

  @Column({ type: 'integer', nullable: true })
  maxRuns: number | null;

  @Column({ type: 'json' })
  retry: TaskRetry;

  /** Due instants that fired. */
  @Column({ type: 'integer' })
  fireCount: number;

  /** The first due instant that has no record yet. Null: never again. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  nextDueAt: Date | null;

  /** The same with its jitter. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  nextFireAt: Date | null;

  @Column({ type: 'jsonb', default: {} })
  writtenBy: Writers;
}
