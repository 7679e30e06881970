import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import type { FlowEdge, FlowNode } from '../graph/flow-graph.js';
import { Flow, type Viewport } from './flow.entity.js';

/** What a flow was at one of its versions. Never changed. */
@Entity('flow_versions')
@Index('flow_versions_author_idx', ['authorId'])
export class FlowVersion {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'flow_versions_pkey' })
  flowId: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'flow_versions_pkey' })
  version: number;

  @ManyToOne(() => Flow, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'flow_id', foreignKeyConstraintName: 'flow_versions_flow_id_fkey' })
  flow: Relation<Flow>;

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
  nodes: readonly FlowNode[];

  @Column({ type: 'json' })
  edges: readonly FlowEdge[];

  @Column({ type: 'json', nullable: true })
  viewport: Viewport | null;

  @Column({ type: 'text', nullable: true })
  providerId: string | null;
}
