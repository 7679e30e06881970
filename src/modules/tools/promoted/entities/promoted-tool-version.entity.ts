import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { User } from '../../../users/entities/user.entity.js';
import type { JsonSchema, ToolManifest } from '../../tool.js';
import type { SideEffects, ToolExample } from '../promoted-manifest.js';
import { PromotedTool } from './promoted-tool.entity.js';

/** A copy of what was promoted: the solution it came from may change, or go. */
@Entity('promoted_tool_versions')
@Index('promoted_tool_versions_author_idx', ['authorId'])
export class PromotedToolVersion {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'promoted_tool_versions_pkey' })
  toolId: string;

  @ManyToOne(() => PromotedTool, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'tool_id', foreignKeyConstraintName: 'promoted_tool_versions_tool_id_fkey' })
  tool: Relation<PromotedTool>;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'promoted_tool_versions_pkey' })
  version: number;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @ManyToOne(() => User, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'author_id', foreignKeyConstraintName: 'promoted_tool_versions_author_id_fkey' })
  author: Relation<User> | null;

  @Column({ type: 'uuid', nullable: true })
  authorId: string | null;

  /** Perhaps gone. */
  @Column({ type: 'uuid' })
  solutionId: string;

  @Column({ type: 'text' })
  description: string;

  @Column({ type: 'jsonb' })
  inputSchema: JsonSchema;

  @Column({ type: 'jsonb', nullable: true })
  outputSchema: JsonSchema | null;

  @Column({ type: 'text', array: true })
  permissions: string[];

  @Column({ type: 'integer' })
  timeoutSeconds: number;

  @Column({ type: 'text' })
  sideEffects: SideEffects;

  @Column({ type: 'text' })
  approval: ToolManifest['approval'];

  @Column({ type: 'text', select: false })
  code: string;

  @Column({ type: 'jsonb', select: false })
  examples: readonly ToolExample[];
}
