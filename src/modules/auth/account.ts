import type { Realm } from './authenticated-user.js';

/** Who can sign in: a user, or an operator. */
export interface Account {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface AccountWithPassword extends Account {
  readonly passwordHash: string;
}

/** Whose something is. */
export interface AccountRef {
  readonly id: string;
  readonly realm: Realm;
}
