import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestRates } from '../../common/rate-limit/request-rates.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { UnauthorizedError } from './auth.errors.js';
import { type Credential, findCredential } from './credentials.js';
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
    private readonly rates: RequestRates,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const policy = this.policies.of(context);
    const http = context.switchToHttp();
    const [request, reply] = [http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>()];
    if (!policy.isPublic) await this.admit(request, reply, policy);
    else if (!policy.isUnlimited) this.rates.takeForAddress(request, reply);
    return true;
  }

  private async admit(request: FastifyRequest, reply: FastifyReply, policy: RoutePolicy): Promise<void> {
    const credential = findCredential(request, policy.acceptsQueryToken);
    const user = await this.identify(request, reply, credential, policy);
    this.rates.takeForUser(user.id, reply);
    assertScope(user, policy.scope);
    if (credential?.source === 'cookie') this.origins.assertTrusted(request);
  }

  /** Whoever turns out not to be signed in counts by address. */
  private async identify(
    request: FastifyRequest,
    reply: FastifyReply,
    credential: Credential | undefined,
    { realms }: RoutePolicy,
  ): Promise<AuthenticatedUser> {
    try {
      if (!credential) throw new UnauthorizedError();
      if (this.verifier.isCostly(credential.token)) this.rates.assertAddressHasLeft(request);
      return (request.user = await this.verifier.verify(credential.token, realms));
    } catch (error) {
      this.rates.takeForAddress(request, reply);
      throw error;
    }
  }
}
