import { Column, Entity } from 'typeorm';
import { BaseEntity } from '../../../database/base.entity.js';
import type { Writers } from '../../users/written-texts.js';
import type { ProjectRoles } from '../role-names.js';

/** Where people work together. Whose it is, its members say. */
@Entity('projects')
export class Project extends BaseEntity {
  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  description: string;

  @Column({ type: 'text', nullable: true })
  providerId: string | null;

  @Column({ type: 'text', nullable: true })
  model: string | null;

  /** What a swarm was last asked to build. */
  @Column({ type: 'text', nullable: true })
  prompt: string | null;

  /** Of its swarm: what it replaces. */
  @Column({ type: 'json' })
  roles: ProjectRoles;

  @Column({ type: 'integer' })
  maxParallelTasks: number;

  /** The last run of its swarm. */
  @Column({ type: 'uuid', nullable: true })
  runId: string | null;

  @Column({ type: 'jsonb', default: {} })
  writtenBy: Writers;
}
