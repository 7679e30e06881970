import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BaseEntity } from '../../../database/base.entity.js';
import { Agent } from '../../agents/entities/agent.entity.js';
import { User } from '../../users/entities/user.entity.js';
import type { Writers } from '../../users/written-texts.js';
import type { Triggers } from '../triggers/triggers.js';
import { Group } from './group.entity.js';

export const GROUP_ROLES = ['owner', 'member', 'viewer'] as const;
export type GroupRole = (typeof GROUP_ROLES)[number];

/** What a member of kind agent is, beside the agent it may refer to. Null: that agent's own, or the default. */
export interface MemberSettings {
  readonly role_prompt: string;
  readonly provider_id: string | null;
  readonly model: string | null;
  readonly temperature: number | null;
  readonly tools: readonly string[] | null;
  /** Absent: of a member from before there were any. */
  readonly triggers?: Triggers | null;
}

export const DEFAULT_SETTINGS: MemberSettings = {
  role_prompt: '',
  provider_id: null,
  model: null,
  temperature: null,
  tools: null,
  triggers: null,
};

/** Where a member begins. */
export const UNHEARD = { summary: null, summarizedTo: 0, foldFrom: 0, triggerFrom: 0, triggerLookAt: null };

@Entity('group_members')
@Index('group_members_alias_key', ['groupId', 'aliasKey'], { unique: true })
@Index('group_members_user_key', ['groupId', 'userId'], { unique: true })
@Index('group_members_user_idx', ['userId'])
@Index('group_members_agent_idx', ['agentId'])
@Index('group_members_trigger_idx', ['triggerLookAt'], { where: '"trigger_look_at" IS NOT NULL' })
export class GroupMember extends BaseEntity {
  @ManyToOne(() => Group, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'group_id', foreignKeyConstraintName: 'group_members_group_id_fkey' })
  group: Relation<Group>;

  @Column({ type: 'uuid' })
  groupId: string;

  @Column({ type: 'text' })
  kind: 'agent' | 'user';

  @Column({ type: 'text' })
  alias: string;

  /** As it is compared. */
  @Column({ type: 'text' })
  aliasKey: string;

  @Column({ type: 'boolean' })
  isOrchestrator: boolean;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'group_members_user_id_fkey' })
  user: Relation<User> | null;

  @Column({ type: 'uuid', nullable: true })
  userId: string | null;

  /** Of people. */
  @Column({ type: 'text', nullable: true })
  role: GroupRole | null;

  @ManyToOne(() => Agent, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'agent_id', foreignKeyConstraintName: 'group_members_agent_id_fkey' })
  agent: Relation<Agent> | null;

  @Column({ type: 'uuid', nullable: true })
  agentId: string | null;

  @Column({ type: 'json' })
  settings: MemberSettings;

  /** Of `alias` and `role_prompt`, as far as a person gave them. */
  @Column({ type: 'jsonb', default: {} })
  writtenBy: Writers;

  /** Of agents: stands for the messages up to `summarizedTo` in their prompts. */
  @Column({ type: 'text', nullable: true })
  summary: string | null;

  @Column({ type: 'integer', default: 0 })
  summarizedTo: number;

  /** Before it has heard this message no summary is tried: the last try failed. */
  @Column({ type: 'integer', default: 0 })
  foldFrom: number;

  /** Messages after this one count for its triggers. */
  @Column({ type: 'integer', default: 0 })
  triggerFrom: number;

  /** When its triggers are to be looked at. Null: not before somebody says something. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  triggerLookAt: Date | null;
}
