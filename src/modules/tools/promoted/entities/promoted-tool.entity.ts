import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BaseEntity } from '../../../../database/base.entity.js';
import { Project } from '../../../projects/entities/project.entity.js';
import { User } from '../../../users/entities/user.entity.js';

/** A tool that was made from solutions: which of its versions is in force. */
@Entity('promoted_tools')
@Index('promoted_tools_own_name_key', ['ownerId', 'name'], { unique: true, where: '(project_id IS NULL)' })
@Index('promoted_tools_owner_idx', ['ownerId'])
@Index('promoted_tools_project_name_key', ['projectId', 'name'], { unique: true, where: '(project_id IS NOT NULL)' })
export class PromotedTool extends BaseEntity {
  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'owner_id', foreignKeyConstraintName: 'promoted_tools_owner_id_fkey' })
  owner: Relation<User>;

  @Column({ type: 'uuid' })
  ownerId: string;

  @ManyToOne(() => Project, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'promoted_tools_project_id_fkey' })
  project: Relation<Project> | null;

  /** Null: the owner's own. */
  @Column({ type: 'uuid', nullable: true })
  projectId: string | null;

  /** `<domain>/<name>`. */
  @Column({ type: 'text' })
  name: string;

  /** The one in force. */
  @Column({ type: 'integer' })
  version: number;

  /** Given last: numbers are not used again. */
  @Column({ type: 'integer' })
  latestVersion: number;
}
