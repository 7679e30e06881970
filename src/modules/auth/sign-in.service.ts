import { Injectable } from '@nestjs/common';
import { UsersService } from '../users/users.service.js';
import type { Account } from './account.js';
import { AttemptLimits } from './attempt-limits.js';
import {
  AccountDeactivatedError,
  InvalidRefreshTokenError,
  RefreshRacedError,
  RefreshReusedError,
} from './auth.errors.js';
import { BackofficeAccounts } from './backoffice/backoffice-accounts.js';
import { PasswordCheck } from './password-check.js';
import { type OpenSession, SessionsService } from './sessions.service.js';
import { type SignedIn, SignedInTokens } from './signed-in-tokens.js';

@Injectable()
export class SignInService {
  constructor(
    private readonly users: UsersService,
    private readonly operators: BackofficeAccounts,
    private readonly passwords: PasswordCheck,
    private readonly limits: AttemptLimits,
    private readonly sessions: SessionsService,
    private readonly tokens: SignedInTokens,
  ) {}

  async signIn(identifier: string, password: string, address: string): Promise<SignedIn> {
    await this.limits.signIn(address);
    const found = await this.users.findByIdentifier(identifier);
    const user = await this.passwords.assertRight(found, { identifier, password, realm: 'user' });
    // Told only to whoever knows the password.
    if (user.deactivatedAt) throw new AccountDeactivatedError();
    return this.tokens.of(await this.sessions.open(user, 'user'), user);
  }

  /** The same for operators. */
  async signInOperator(identifier: string, password: string, address: string): Promise<SignedIn> {
    await this.limits.signIn(address);
    const found = await this.operators.findByIdentifier(identifier);
    const operator = await this.passwords.assertRight(found, { identifier, password, realm: 'backoffice' });
    return this.tokens.of(await this.sessions.open(operator, 'backoffice'), operator);
  }

  /** Of either realm: a refresh token says itself which it belongs to. */
  async refresh(refreshToken: string): Promise<SignedIn> {
    const rotation = await this.sessions.rotate(refreshToken);
    switch (rotation.outcome) {
      case 'rotated':
        return this.tokens.of(rotation.session, await this.accountOf(rotation.session));
      case 'raced':
        throw new RefreshRacedError();
      case 'reused':
        throw new RefreshReusedError();
      case 'unknown':
        throw new InvalidRefreshTokenError();
    }
  }

  private accountOf({ accountId, realm }: OpenSession): Promise<Account> {
    return realm === 'user' ? this.users.get(accountId) : this.operators.get(accountId);
  }
}
