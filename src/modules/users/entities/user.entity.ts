import { Column, Entity, Index } from 'typeorm';
import { BaseEntity } from '../../../database/base.entity.js';

@Entity('users')
@Index('users_created_at_idx', ['createdAt', 'id'])
export class User extends BaseEntity {
  @Column({ type: 'text' })
  username: string;

  /** The user name as it is compared: see `toKey`. */
  @Index('users_username_key', { unique: true })
  @Column({ type: 'text' })
  usernameKey: string;

  @Column({ type: 'text' })
  email: string;

  @Index('users_email_key', { unique: true })
  @Column({ type: 'text' })
  emailKey: string;

  @Column({ type: 'text' })
  passwordHash: string;

  /** Set by an operator. Until it is unset again nobody can sign in, and no API key of the user works. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  deactivatedAt: Date | null;
}
