import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { User } from '../../users/entities/user.entity.js';
import type { ProjectRole } from '../roles.js';
import { Project } from './project.entity.js';

@Entity('project_members')
@Index('project_members_user_idx', ['userId', 'projectId'])
export class ProjectMember {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'project_members_pkey' })
  projectId: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'project_members_pkey' })
  userId: string;

  @ManyToOne(() => Project, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'project_members_project_id_fkey' })
  project: Relation<Project>;

  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'project_members_user_id_fkey' })
  user: Relation<User>;

  @Column({ type: 'text' })
  role: ProjectRole;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;
}
