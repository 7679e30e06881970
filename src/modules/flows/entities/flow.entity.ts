import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BaseEntity } from '../../../database/base.entity.js';
import { Project } from '../../projects/entities/project.entity.js';
import { User } from '../../users/entities/user.entity.js';
import type { FlowEdge, FlowNode } from '../graph/flow-graph.js';

export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** A flow as it is now; each earlier state is a `FlowVersion`. */
@Entity('flows')
@Index('flows_owner_idx', ['ownerId', 'createdAt', 'id'])
@Index('flows_project_idx', ['projectId', 'createdAt', 'id'])
export class Flow extends BaseEntity {
  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'owner_id', foreignKeyConstraintName: 'flows_owner_id_fkey' })
  owner: Relation<User>;

  @Column({ type: 'uuid' })
  ownerId: string;

  @ManyToOne(() => Project, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'flows_project_id_fkey' })
  project: Relation<Project> | null;

  /** Null: the owner's own. */
  @Column({ type: 'uuid', nullable: true })
  projectId: string | null;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  description: string;

  /** json, not jsonb: it comes back as it was written. */
  @Column({ type: 'json' })
  nodes: readonly FlowNode[];

  @Column({ type: 'json' })
  edges: readonly FlowEdge[];

  @Column({ type: 'json', nullable: true })
  viewport: Viewport | null;

  @Column({ type: 'text', nullable: true })
  providerId: string | null;

  /** Counted from 1; grows with each change. */
  @Column({ type: 'integer' })
  version: number;
}
