import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BaseEntity } from '../../../database/base.entity.js';
import { Project } from '../../projects/entities/project.entity.js';
import { User } from '../../users/entities/user.entity.js';
import type { Writers } from '../../users/written-texts.js';

/** A persona that flows use by its id. */
@Entity('characters')
@Index('characters_owner_idx', ['ownerId', 'createdAt', 'id'])
@Index('characters_project_idx', ['projectId', 'createdAt', 'id'])
export class Character extends BaseEntity {
  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'owner_id', foreignKeyConstraintName: 'characters_owner_id_fkey' })
  owner: Relation<User>;

  @Column({ type: 'uuid' })
  ownerId: string;

  @ManyToOne(() => Project, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'characters_project_id_fkey' })
  project: Relation<Project> | null;

  /** Null: the owner's own. */
  @Column({ type: 'uuid', nullable: true })
  projectId: string | null;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  description: string;

  /** A reference to an artifact, or an address; never the bytes. */
  @Column({ type: 'text', nullable: true })
  image: string | null;

  @Column({ type: 'jsonb', default: {} })
  writtenBy: Writers;
}
