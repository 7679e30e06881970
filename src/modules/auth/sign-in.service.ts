import { Injectable } from '@nestjs/common';
import { AuthConfig } from '../../config/config.js';
import { User } from '../users/entities/user.entity.js';
import { toKey } from '../users/identifier.js';
import { UsersService } from '../users/users.service.js';
import { AccessTokens } from './access-tokens.js';
import { AttemptLimits } from './attempt-limits.js';
import { InvalidCredentialsError, InvalidRefreshTokenError, RefreshRacedError, RefreshReusedError } from './auth.errors.js';
import { PasswordHasher } from './password-hasher.js';
import { type OpenSession, SessionsService } from './sessions.service.js';

export interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
  readonly user: User;
}

@Injectable()
export class SignInService {
  constructor(
    private readonly users: UsersService,
    private readonly hasher: PasswordHasher,
    private readonly limits: AttemptLimits,
    private readonly sessions: SessionsService,
    private readonly tokens: AccessTokens,
    private readonly config: AuthConfig,
  ) {}

  async signIn(identifier: string, password: string, address: string): Promise<SignedIn> {
    await this.limits.signIn(address);
    const user = await this.authenticate(identifier, password);
    return this.signedIn(await this.sessions.open(user.id, 'user'), user);
  }

  async refresh(refreshToken: string): Promise<SignedIn> {
    const rotation = await this.sessions.rotate(refreshToken);
    switch (rotation.outcome) {
      case 'rotated':
        return this.signedIn(rotation.session, await this.users.get(rotation.session.userId));
      case 'raced':
        throw new RefreshRacedError();
      case 'reused':
        throw new RefreshReusedError();
      case 'unknown':
        throw new InvalidRefreshTokenError();
    }
  }

  /** Takes the same time and the same steps whether or not the account exists. */
  private async authenticate(identifier: string, password: string): Promise<User> {
    const user = await this.users.findByIdentifier(identifier);
    // By account where there is one: e-mail and user name are not two sets of attempts.
    const account = user?.id ?? toKey(identifier);
    await this.limits.assertFewFailures(account);
    const isRight = await this.hasher.verify(user?.passwordHash, password);
    if (!user || !isRight) {
      await this.limits.countFailure(account);
      throw new InvalidCredentialsError();
    }
    // Again: of many guesses at once, only as many as the limit may be looked at.
    await this.limits.assertFewFailures(account);
    return user;
  }

  private signedIn({ sessionId, realm, refreshToken }: OpenSession, user: User): SignedIn {
    const accessToken = this.tokens.sign({ id: user.id, username: user.username, sessionId, realm });
    return { accessToken, refreshToken, expiresInSeconds: this.config.accessTokenSeconds, user };
  }
}
