import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { UnauthorizedError } from './auth.errors.js';
import { findCredential } from './credentials.js';
import { OriginPolicy } from './origin-policy.js';
import { ACCEPTS_QUERY_TOKEN, IS_PUBLIC } from './public.decorator.js';
import { TokenVerifier } from './token-verifier.js';

/** Guards every route that is not `@Public()`. Sockets sign in when they connect. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
    private readonly origins: OriginPolicy,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http' || this.has(IS_PUBLIC, context)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const credential = findCredential(request, this.has(ACCEPTS_QUERY_TOKEN, context));
    if (!credential) throw new UnauthorizedError();
    request.user = await this.verifier.verify(credential.token);
    if (credential.source === 'cookie') this.origins.assertTrusted(request);
    return true;
  }

  private has(key: string, context: ExecutionContext): boolean {
    return this.reflector.getAllAndOverride<true | undefined>(key, [context.getHandler(), context.getClass()]) === true;
  }
}
