/** Which kind of account a token belongs to; a token of one realm opens nothing of the other. */
export type Realm = 'user' | 'backoffice';

/** Who sent a request, as its access token says. */
export interface AuthenticatedUser {
  readonly id: string;
  readonly username: string;
  readonly sessionId: string;
  readonly realm: Realm;
  readonly tokenExpiresAt: Date;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard; absent on public routes. */
    user?: AuthenticatedUser;
  }
}
