import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.js';
import { toKey } from '../users/identifier.js';
import type { AccountWithPassword } from './account.js';
import { AttemptLimits } from './attempt-limits.js';
import { InvalidCredentialsError } from './auth.errors.js';
import type { Realm } from './authenticated-user.js';
import { PasswordHasher } from './password-hasher.js';

/** Looks at passwords, a limited number of wrong ones per account. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly limits: AttemptLimits,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Takes the same time and the same steps whether or not the account exists.
   *
   * @param found what there is under the identifier
   * @throws {InvalidCredentialsError} @throws {TooManyAttemptsError}
   */
  async assertRight<Found extends AccountWithPassword>(
    found: Found | null,
    { identifier, password, realm }: { identifier: string; password: string; realm: Realm },
  ): Promise<Found> {
    // By account where there is one: e-mail and user name are not two sets of attempts.
    const account = found?.id ?? `${realm === 'user' ? '' : realm}${toKey(identifier)}`;
    await this.limits.assertFewFailures(account);
    const isRight = await this.hasher.verify(found?.passwordHash, password);
    if (!found || !isRight) {
      await this.limits.countFailure(account);
      this.audit.refused({ action: 'sign_in', actor: { id: found?.id ?? null, realm } });
      throw new InvalidCredentialsError();
    }
    // Again: of many guesses at once, only as many as the limit may be looked at.
    await this.limits.assertFewFailures(account);
    return found;
  }
}
