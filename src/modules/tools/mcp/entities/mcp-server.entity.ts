import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BaseEntity } from '../../../../database/base.entity.js';
import { Project } from '../../../projects/entities/project.entity.js';
import { User } from '../../../users/entities/user.entity.js';
import type { Writers } from '../../../users/written-texts.js';
import type { ToolManifest } from '../../tool.js';
import type { ListedTool, RefusedTool } from '../listed-tools.js';

export const MCP_TRANSPORTS = ['http', 'stdio'] as const;
export type McpTransport = (typeof MCP_TRANSPORTS)[number];

/** A server of tools that somebody has registered, and what is known of it. */
@Entity('mcp_servers')
@Index('mcp_servers_owner_idx', ['ownerId', 'createdAt', 'id'])
@Index('mcp_servers_project_idx', ['projectId', 'createdAt', 'id'])
@Index('mcp_servers_own_name_key', ['ownerId', 'name'], { unique: true, where: '(project_id IS NULL)' })
@Index('mcp_servers_project_name_key', ['projectId', 'name'], { unique: true, where: '(project_id IS NOT NULL)' })
export class McpServer extends BaseEntity {
  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'owner_id', foreignKeyConstraintName: 'mcp_servers_owner_id_fkey' })
  owner: Relation<User>;

  /** Who said last what it is connected to. */
  @Column({ type: 'uuid' })
  ownerId: string;

  @ManyToOne(() => Project, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'mcp_servers_project_id_fkey' })
  project: Relation<Project> | null;

  /** Null: the owner's own. */
  @Column({ type: 'uuid', nullable: true })
  projectId: string | null;

  @Column({ type: 'text' })
  name: string;

  /** Of its name. */
  @Column({ type: 'jsonb', default: {} })
  writtenBy: Writers;

  @Column({ type: 'text' })
  transport: McpTransport;

  @Column({ type: 'text', nullable: true })
  url: string | null;

  @Column({ type: 'text', nullable: true })
  command: string | null;

  @Column({ type: 'text', array: true })
  args: string[];

  /** Headers and environment, sealed. */
  @Column({ type: 'bytea' })
  secrets: Buffer;

  @Column({ type: 'boolean' })
  enabled: boolean;

  @Column({ type: 'text' })
  approval: ToolManifest['approval'];

  /** Of silence during a call. */
  @Column({ type: 'integer' })
  timeoutSeconds: number;

  /** Of what a connection is made with: grows with each change of it. */
  @Column({ type: 'integer' })
  version: number;

  @Column({ type: 'jsonb' })
  tools: readonly ListedTool[];

  @Column({ type: 'jsonb' })
  refusedTools: readonly RefusedTool[];

  /** Null: nobody has asked this server for its tools yet. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastConnectedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  lastError: string | null;
}
