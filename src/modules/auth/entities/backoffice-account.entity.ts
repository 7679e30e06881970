import { Column, Entity, Index } from 'typeorm';
import { BaseEntity } from '../../../database/base.entity.js';

/** An operator. Has nothing to do with the users, not even when the names are the same. */
@Entity('backoffice_accounts')
export class BackofficeAccount extends BaseEntity {
  @Column({ type: 'text' })
  username: string;

  @Index('backoffice_accounts_username_key', { unique: true })
  @Column({ type: 'text' })
  usernameKey: string;

  @Column({ type: 'text' })
  email: string;

  @Index('backoffice_accounts_email_key', { unique: true })
  @Column({ type: 'text' })
  emailKey: string;

  @Column({ type: 'text' })
  passwordHash: string;
}
