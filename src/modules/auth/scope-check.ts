import type { AuthenticatedUser } from './authenticated-user.js';
import { ScopeMissingError } from './auth.errors.js';
import type { NeededScope } from './route-policy.js';

/**
 * A session may do all that its user may; an API key what its scopes name, and nothing that states no scope.
 *
 * @throws {ScopeMissingError}
 */
export function assertScope({ scopes }: Pick<AuthenticatedUser, 'scopes'>, needed: NeededScope | undefined): void {
  if (scopes === null) return;
  if (needed === undefined || needed === 'session' || !scopes.includes(needed)) throw new ScopeMissingError(needed);
}
