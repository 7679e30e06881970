import { Injectable } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { isUnexpected } from '../../../common/errors/problem.js';
import type { AuthenticatedUser } from '../../auth/authenticated-user.js';
import { ACCESS_COOKIE } from '../../auth/auth-cookies.js';
import { OriginPolicy } from '../../auth/origin-policy.js';
import { TokenVerifier } from '../../auth/token-verifier.js';
import { ScopeMissingError, UnauthorizedError } from '../../auth/auth.errors.js';
import { assertScope } from '../../auth/scope-check.js';

/** What `connect_error` carries. */
export class SignInRefused extends Error {
  constructor(readonly data: { readonly code: string; readonly reason?: string }) {
    super(data.code === 'UNAUTHORIZED' ? 'Sign in first' : 'The server cannot tell who you are; try again shortly');
  }
}

/** Finds out who connects: by `auth.token`, `?token=` or the access cookie. */
@Injectable()
export class SocketSignIn {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly origins: OriginPolicy,
  ) {}

  /** @throws {SignInRefused} */
  async signIn({ handshake }: Pick<Socket, 'handshake'>): Promise<AuthenticatedUser> {
    try {
      const user = await this.verifier.verify(this.tokenOf(handshake));
      assertScope(user, 'read');
      return user;
    } catch (error) {
      if (error instanceof ScopeMissingError) throw new SignInRefused({ code: error.code });
      if (isUnexpected(error) || !(error instanceof UnauthorizedError))
        throw new SignInRefused({ code: 'UNAVAILABLE' });
      throw new SignInRefused({ code: 'UNAUTHORIZED', reason: error.code });
    }
  }

  private tokenOf(handshake: Socket['handshake']): string {
    const given: unknown = handshake.auth['token'] ?? handshake.query['token'];
    if (typeof given === 'string') return given;
    const cookie = cookieOf(handshake.headers.cookie ?? '', ACCESS_COOKIE);
    if (cookie === undefined) throw new UnauthorizedError();
    this.assertOwnPage(handshake.headers);
    return cookie;
  }

  /** A cookie comes along with whatever any page sends; browsers name the page where it is not the server's own. */
  private assertOwnPage(headers: Socket['handshake']['headers']): void {
    if (headers.origin === undefined) return;
    try {
      this.origins.assertTrusted({ method: 'POST', headers });
    } catch (error) {
      throw new UnauthorizedError('The page that connects is not of this server', { cause: error });
    }
  }
}

function cookieOf(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value) return decodeURIComponent(value);
  }
  return undefined;
}
