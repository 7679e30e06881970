import { Injectable } from '@nestjs/common';
import { AccessTokens } from './access-tokens.js';
import type { AuthenticatedUser, Realm } from './authenticated-user.js';
import { SessionEndedError, WrongRealmError } from './auth.errors.js';
import { SessionStatus } from './session-status.js';

/** Who a token stands for, for REST and sockets alike. */
@Injectable()
export class TokenVerifier {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly status: SessionStatus,
  ) {}

  /** @throws {UnauthorizedError} or one of its kinds: expired, session ended, other realm */
  async verify(token: string, realm: Realm = 'user'): Promise<AuthenticatedUser> {
    const user = this.tokens.verify(token);
    if (user.realm !== realm) throw new WrongRealmError();
    if (!(await this.status.isActive(user.sessionId))) throw new SessionEndedError();
    return user;
  }
}
