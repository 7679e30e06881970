import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BaseEntity } from '../../../database/base.entity.js';
import { Project } from '../../projects/entities/project.entity.js';
import { User } from '../../users/entities/user.entity.js';
import type { Writers } from '../../users/written-texts.js';

/** A key for a provider, of a user or of a project. */
@Entity('provider_credentials')
@Index('provider_credentials_owner_key', ['ownerId', 'providerId'], { unique: true, where: '"project_id" IS NULL' })
@Index('provider_credentials_project_key', ['projectId', 'providerId'], { unique: true })
@Index('provider_credentials_owner_idx', ['ownerId', 'createdAt', 'id'])
export class ProviderCredential extends BaseEntity {
  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'owner_id', foreignKeyConstraintName: 'provider_credentials_owner_id_fkey' })
  owner: Relation<User>;

  /** Who entered the key. */
  @Column({ type: 'uuid' })
  ownerId: string;

  @ManyToOne(() => Project, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'provider_credentials_project_id_fkey' })
  project: Relation<Project> | null;

  /** Null: the owner's own. */
  @Column({ type: 'uuid', nullable: true })
  projectId: string | null;

  @Column({ type: 'text' })
  providerId: string;

  @Column({ type: 'text' })
  name: string;

  /** Of its name. */
  @Column({ type: 'jsonb', default: {} })
  writtenBy: Writers;

  /** In place of the installation's. Called only where outside addresses may be called. */
  @Column({ type: 'text', nullable: true })
  baseUrl: string | null;

  /** By the secret box. */
  @Column({ type: 'bytea' })
  sealedKey: Buffer;

  /** Of the key, to tell keys apart. */
  @Column({ type: 'text' })
  lastFour: string;

  /** Counted from 1; grows with each change of what is sent or where to. */
  @Column({ type: 'integer' })
  version: number;

  /** When the provider last took the key. Null: it could not be asked. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  checkedAt: Date | null;
}
