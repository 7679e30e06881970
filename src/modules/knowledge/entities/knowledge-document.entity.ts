import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BaseEntity } from '../../../database/base.entity.js';
import type { FailureInfo } from '../../../engine/index.js';
import { Project } from '../../projects/entities/project.entity.js';
import { User } from '../../users/entities/user.entity.js';
import type { Writers } from '../../users/written-texts.js';

export const DOCUMENT_STATUSES = ['pending', 'indexing', 'ready', 'failed'] as const;
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];

/** A document as it was sent. What is found of it are its chunks. */
@Entity('knowledge_documents')
@Index('knowledge_documents_owner_idx', ['ownerId', 'createdAt', 'id'])
@Index('knowledge_documents_project_idx', ['projectId', 'createdAt', 'id'])
export class KnowledgeDocument extends BaseEntity {
  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'owner_id', foreignKeyConstraintName: 'knowledge_documents_owner_id_fkey' })
  owner: Relation<User>;

  @Column({ type: 'uuid' })
  ownerId: string;

  @ManyToOne(() => Project, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'knowledge_documents_project_id_fkey' })
  project: Relation<Project> | null;

  /** Null: the owner's own. */
  @Column({ type: 'uuid', nullable: true })
  projectId: string | null;

  @Column({ type: 'text' })
  title: string;

  @Column({ type: 'text' })
  mimeType: string;

  @Column({ type: 'jsonb' })
  metadata: Readonly<Record<string, unknown>>;

  /** Of the file of the workspace that it was taken from. */
  @Column({ type: 'text', nullable: true })
  path: string | null;

  @Column({ type: 'text' })
  status: DocumentStatus;

  @Column({ type: 'jsonb', nullable: true })
  error: FailureInfo | null;

  @Column({ type: 'integer' })
  sizeBytes: number;

  /** 64 hexadecimal digits. */
  @Column({ type: 'text' })
  sha256: string;

  /** Counted from 1; grows with each change of what is indexed. */
  @Column({ type: 'integer' })
  revision: number;

  /** Whose chunks are found. Null: none yet. */
  @Column({ type: 'integer', nullable: true })
  indexedRevision: number | null;

  /** By whose rules its words are stemmed. */
  @Column({ type: 'text', nullable: true })
  language: string | null;

  @Column({ type: 'integer', default: 0 })
  chunkCount: number;

  @Column({ type: 'integer', default: 0 })
  wordCount: number;

  /** That indexes this revision. */
  @Column({ type: 'uuid' })
  runId: string;

  @Column({ type: 'jsonb', default: {} })
  writtenBy: Writers;
}
