import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { AuthConfig } from '../../config/config.js';
import type { AuthenticatedUser, Realm } from './authenticated-user.js';
import { TokenExpiredError, UnauthorizedError } from './auth.errors.js';

interface Claims {
  readonly sub: string;
  readonly name: string;
  readonly sid: string;
  readonly realm: Realm;
  readonly exp: number;
}

const MILLIS_PER_SECOND = 1000;
const MAX_VERIFIED = 10_000;

/** Signs and checks access tokens (JWT, HS256). Whether the session still lives is another question: `SessionStatus`. */
@Injectable()
export class AccessTokens {
  /** Tokens whose signature was right: to check it again costs a tenth of a request. Oldest first. */
  private readonly verified = new Map<string, AuthenticatedUser>();

  constructor(
    private readonly jwt: JwtService,
    private readonly config: AuthConfig,
  ) {}

  sign(user: Pick<AuthenticatedUser, 'id' | 'username' | 'sessionId' | 'realm'>): string {
    const claims = { sub: user.id, name: user.username, sid: user.sessionId, realm: user.realm };
    return this.jwt.sign(claims, { expiresIn: this.config.accessTokenSeconds });
  }

  /** @throws {UnauthorizedError} when the token is not ours, or {@link TokenExpiredError} */
  verify(token: string): AuthenticatedUser {
    const user = this.verified.get(token) ?? this.check(token);
    if (user.tokenExpiresAt.getTime() > Date.now()) return user;
    this.verified.delete(token);
    throw new TokenExpiredError();
  }

  private check(token: string): AuthenticatedUser {
    const user = toUser(this.decode(token));
    this.verified.set(token, user);
    const [oldest] = this.verified.keys();
    if (this.verified.size > MAX_VERIFIED && oldest !== undefined) this.verified.delete(oldest);
    return user;
  }

  private decode(token: string): Claims {
    try {
      return this.jwt.verify<Claims>(token, { algorithms: ['HS256'], ignoreExpiration: true });
    } catch (error) {
      throw new UnauthorizedError('The access token is not valid', { cause: error });
    }
  }
}

function toUser({ sub, name, sid, realm, exp }: Claims): AuthenticatedUser {
  return {
    id: sub,
    username: name,
    sessionId: sid,
    realm,
    tokenExpiresAt: new Date(exp * MILLIS_PER_SECOND),
    scopes: null,
  };
}
