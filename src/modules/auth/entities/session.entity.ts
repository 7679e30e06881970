import { Check, Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BaseEntity } from '../../../database/base.entity.js';
import { User } from '../../users/entities/user.entity.js';
import type { Realm } from '../authenticated-user.js';
import { BackofficeAccount } from './backoffice-account.entity.js';

/** One sign-in; also the family of its refresh tokens. */
@Entity('sessions')
@Check('sessions_owner_check', 'num_nonnulls("user_id", "account_id") = 1')
export class Session extends BaseEntity {
  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'sessions_user_id_fkey' })
  user: Relation<User> | null;

  @Index('sessions_user_id_idx')
  @Column({ type: 'uuid', nullable: true })
  userId: string | null;

  @ManyToOne(() => BackofficeAccount, { onDelete: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'account_id', foreignKeyConstraintName: 'sessions_account_id_fkey' })
  account: Relation<BackofficeAccount> | null;

  /** Of the back office, in place of a user. */
  @Index('sessions_account_id_idx')
  @Column({ type: 'uuid', nullable: true })
  accountId: string | null;

  @Column({ type: 'text' })
  realm: Realm;

  /** Where it was opened from. */
  @Column({ type: 'text', nullable: true })
  address: string | null;

  @Column({ type: 'text', nullable: true })
  userAgent: string | null;

  /** Moves on with each refresh. */
  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt: Date;

  /** Once set, never unset. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  revokedAt: Date | null;
}
