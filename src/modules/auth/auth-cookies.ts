import type { CookieSerializeOptions } from '@fastify/cookie';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AuthConfig, ServerConfig } from '../../config/config.js';

export const ACCESS_COOKIE = 'access_token';
export const REFRESH_COOKIE = 'refresh_token';

// Sockets sign in by the access cookie too; the refresh token is for the API alone.
const ACCESS_PATH = '/';
const REFRESH_PATH = '/api';

/** The tokens as cookies that scripts cannot read and other sites cannot send. */
@Injectable()
export class AuthCookies {
  private readonly base: CookieSerializeOptions;

  constructor(
    { production }: ServerConfig,
    private readonly config: AuthConfig,
  ) {
    this.base = { httpOnly: true, sameSite: 'lax', secure: production };
  }

  set(reply: FastifyReply, accessToken: string, refreshToken: string): void {
    const { accessTokenSeconds, refreshTokenSeconds } = this.config;
    void reply.setCookie(ACCESS_COOKIE, accessToken, { ...this.base, path: ACCESS_PATH, maxAge: accessTokenSeconds });
    void reply.setCookie(REFRESH_COOKIE, refreshToken, { ...this.base, path: REFRESH_PATH, maxAge: refreshTokenSeconds });
  }

  clear(reply: FastifyReply): void {
    void reply.clearCookie(ACCESS_COOKIE, { ...this.base, path: ACCESS_PATH });
    void reply.clearCookie(REFRESH_COOKIE, { ...this.base, path: REFRESH_PATH });
  }
}
