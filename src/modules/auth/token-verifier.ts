import { Injectable } from '@nestjs/common';
import { AccessTokens } from './access-tokens.js';
import { ApiKeyVerifier } from './api-keys/api-key-verifier.js';
import { isApiKey } from './api-keys/api-key-secret.js';
import type { AuthenticatedUser, Realm } from './authenticated-user.js';
import { SessionEndedError, WrongRealmError } from './auth.errors.js';
import { SessionStatus } from './session-status.js';

const USERS: readonly Realm[] = ['user'];

/** Who a token stands for, for REST and sockets alike. */
@Injectable()
export class TokenVerifier {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly status: SessionStatus,
    private readonly keys: ApiKeyVerifier,
  ) {}

  /** @throws {UnauthorizedError} or one of its kinds: expired, session ended, other realm */
  async verify(token: string, realms: readonly Realm[] = USERS): Promise<AuthenticatedUser> {
    const user = isApiKey(token) ? await this.keys.verify(token) : this.tokens.verify(token);
    if (!realms.includes(user.realm)) throw new WrongRealmError();
    if (user.scopes === null && !(await this.status.isActive(user.sessionId))) throw new SessionEndedError();
    return user;
  }

  /** Whether finding out about a token that somebody made up takes a query. */
  isCostly(token: string): boolean {
    return isApiKey(token) && this.keys.isNew(token);
  }

  /** Whether what was verified a while ago still holds, its expiry apart. */
  isActive({ scopes, sessionId }: AuthenticatedUser): Promise<boolean> {
    return scopes === null ? this.status.isActive(sessionId) : this.keys.isActive(sessionId);
  }
}
