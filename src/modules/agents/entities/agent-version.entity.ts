import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { AgentSettings } from '../definitions/agent-definition.js';
import { Agent } from './agent.entity.js';

/** What an agent was at one of its versions. Never changed. */
@Entity('agent_versions')
@Index('agent_versions_author_idx', ['authorId'])
export class AgentVersion {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'agent_versions_pkey' })
  agentId: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'agent_versions_pkey' })
  version: number;

  @ManyToOne(() => Agent, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'agent_id', foreignKeyConstraintName: 'agent_versions_agent_id_fkey' })
  agent: Relation<Agent>;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  /** Who wrote what it says; of one that was restored: who wrote that. Null: not recorded then. */
  @Column({ type: 'uuid', nullable: true })
  authorId: string | null;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  description: string;

  @Column({ type: 'json' })
  settings: AgentSettings;
}
