import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import { User } from '../users/entities/user.entity.js';
import { UsersService } from '../users/users.service.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { InvalidCredentialsError } from './auth.errors.js';
import { PasswordCheck } from './password-check.js';
import { PasswordHasher } from './password-hasher.js';
import { SessionsService } from './sessions.service.js';

@Injectable()
export class PasswordChangeService {
  constructor(
    private readonly database: DataSource,
    private readonly users: UsersService,
    private readonly passwords: PasswordCheck,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Whoever else knows the old password is out: all other sessions end.
   *
   * @throws {InvalidCredentialsError} for a wrong present password, of which a limited number is looked at
   */
  async change({ id, sessionId }: AuthenticatedUser, present: string, next: string): Promise<void> {
    const found = await this.users.get(id);
    await this.passwords.assertRight(found, { identifier: found.username, password: present, realm: 'user' });
    const passwordHash = await this.hasher.hash(next);
    const endedIds = await this.database.transaction(async (manager) => {
      const { affected } = await manager.update(User, { id, passwordHash: found.passwordHash }, { passwordHash });
      // Changed by another session in this very moment.
      if (!affected) throw new InvalidCredentialsError();
      await this.audit.done(manager, { action: 'password.changed', target: { type: 'user', id } });
      return this.sessions.revokeAllIn(manager, id, sessionId);
    });
    this.sessions.ended(endedIds);
  }
}
