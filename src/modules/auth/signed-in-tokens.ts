import { Injectable } from '@nestjs/common';
import { AuthConfig } from '../../config/config.js';
import { AccessTokens } from './access-tokens.js';
import type { Account } from './account.js';
import type { OpenSession } from './sessions.service.js';

export interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
  readonly user: Account;
}

/** What whoever signs in goes away with. */
@Injectable()
export class SignedInTokens {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly config: AuthConfig,
  ) {}

  of({ sessionId, realm, refreshToken }: OpenSession, user: Account): SignedIn {
    const accessToken = this.tokens.sign({ id: user.id, username: user.username, sessionId, realm });
    return { accessToken, refreshToken, expiresInSeconds: this.config.accessTokenSeconds, user };
  }
}
