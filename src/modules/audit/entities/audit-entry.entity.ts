import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** Who did what, or tried to, and from where. Written once. */
@Entity('audit_entries')
@Index('audit_entries_created_at_idx', ['createdAt', 'id'])
@Index('audit_entries_actor_idx', ['actorId', 'createdAt', 'id'])
@Index('audit_entries_target_idx', ['targetId', 'createdAt', 'id'])
export class AuditEntry {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'audit_entries_pkey' })
  id: string;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;

  @Column({ type: 'text' })
  action: string;

  @Column({ type: 'text' })
  outcome: 'done' | 'refused';

  /** Of the actor. Null: nobody was signed in. */
  @Column({ type: 'text', nullable: true })
  realm: string | null;

  @Column({ type: 'uuid', nullable: true })
  actorId: string | null;

  /** The session, or the API key. */
  @Column({ type: 'uuid', nullable: true })
  sessionId: string | null;

  @Column({ type: 'text', nullable: true })
  targetType: string | null;

  @Column({ type: 'uuid', nullable: true })
  targetId: string | null;

  @Column({ type: 'text', nullable: true })
  address: string | null;

  @Column({ type: 'text', nullable: true })
  userAgent: string | null;

  /** 32 hexadecimal digits. */
  @Column({ type: 'text' })
  traceId: string;

  @Column({ type: 'jsonb' })
  details: Record<string, unknown>;
}
