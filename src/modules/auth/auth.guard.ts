import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { UnauthorizedError } from './auth.errors.js';
import { findCredential } from './credentials.js';
import { OriginPolicy } from './origin-policy.js';
import { RoutePolicies, type RoutePolicy } from './route-policy.js';
import { assertScope } from './scope-check.js';
import { TokenVerifier } from './token-verifier.js';

/** Guards every route that is not `@Public()`, as its policy says. Sockets sign in when they connect. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly policies: RoutePolicies,
    private readonly verifier: TokenVerifier,
    private readonly origins: OriginPolicy,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const policy = this.policies.of(context);
    if (!policy.isPublic) await this.admit(context.switchToHttp().getRequest<FastifyRequest>(), policy);
    return true;
  }

  private async admit(request: FastifyRequest, { acceptsQueryToken, realms, scope }: RoutePolicy): Promise<void> {
    const credential = findCredential(request, acceptsQueryToken);
    if (!credential) throw new UnauthorizedError();
    request.user = await this.verifier.verify(credential.token, realms);
    assertScope(request.user, scope);
    if (credential.source === 'cookie') this.origins.assertTrusted(request);
  }
}
