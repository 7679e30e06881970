import { Column, Entity, Index, JoinColumn, OneToOne, PrimaryColumn, type Relation, UpdateDateColumn } from 'typeorm';
import { Project } from '../../projects/entities/project.entity.js';
import type { SwarmState } from '../state/swarm-state.js';
import type { Told } from '../swarm-status.js';

/** How far the swarm of a project has come. Only the project's last run writes it. */
@Entity('swarms')
@Index('swarms_open_idx', ['projectId'], { where: `"told" <> 'over'` })
export class Swarm {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'swarms_pkey' })
  projectId: string;

  @OneToOne(() => Project, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'swarms_project_id_fkey' })
  project: Relation<Project>;

  @Column({ type: 'json' })
  state: SwarmState;

  /** The standing that the project's stream was told of last. */
  @Column({ type: 'text', default: 'running' })
  told: Told;

  @UpdateDateColumn({ type: 'timestamptz', precision: 3 })
  updatedAt: Date;
}
