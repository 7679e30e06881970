import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { BaseEntity } from '../../../database/base.entity.js';
import { User } from '../../users/entities/user.entity.js';
import type { Realm } from '../authenticated-user.js';

/** One sign-in; also the family of its refresh tokens. */
@Entity('sessions')
export class Session extends BaseEntity {
  @ManyToOne(() => User, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'sessions_user_id_fkey' })
  user: Relation<User>;

  @Index('sessions_user_id_idx')
  @Column({ type: 'uuid' })
  userId: string;

  @Column({ type: 'text' })
  realm: Realm;

  /** Moves on with each refresh. */
  @Column({ type: 'timestamptz', precision: 3 })
  expiresAt: Date;

  /** Once set, never unset. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  revokedAt: Date | null;
}
