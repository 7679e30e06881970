import type { ApiScope } from './api-keys/api-scope.js';

/** Which kind of account a token belongs to; a token of one realm opens nothing of the other. */
export type Realm = 'user' | 'backoffice';

/** Who sent a request, as its access token or its API key says. */
export interface AuthenticatedUser {
  readonly id: string;
  readonly username: string;
  /** Of an API key: the id of the key. */
  readonly sessionId: string;
  readonly realm: Realm;
  readonly tokenExpiresAt: Date;
  /** What an API key may be used for. Null: a session, which may do all that its user may. */
  readonly scopes: readonly ApiScope[] | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard; absent on public routes. */
    user?: AuthenticatedUser;
  }
}
