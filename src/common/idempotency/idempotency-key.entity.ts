import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';

/** A request that must not be carried out twice, and what it was answered. Kept for a day. */
@Entity('idempotency_keys')
export class IdempotencyKey {
  /** Whose key: the id of an account, or `anonymous`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'idempotency_keys_pkey' })
  scope: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'idempotency_keys_pkey' })
  key: string;

  /** Keyed hash of method, path and body. */
  @Column({ type: 'bytea' })
  requestHash: Buffer;

  /** The request that works on it: one that was overtaken finds another's id here, and cannot commit. */
  @Column({ type: 'uuid' })
  holder: string;

  /** Prolonged while the holder lives. Null: nobody works on it any more. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lockedUntil: Date | null;

  /** Sealed, since it may hold a secret that is shown only once. */
  @Column({ type: 'bytea', nullable: true })
  answer: Buffer | null;

  @Index('idempotency_keys_created_at_idx')
  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt: Date;
}
