import { DomainError } from '../../common/errors/domain.error.js';

export class UserNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'USER_NOT_FOUND';
  constructor(userId: string) {
    super(`No user with id ${userId}`, { userId });
  }
}

export class UsernameTakenError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'USERNAME_TAKEN';
  constructor(options?: ErrorOptions) {
    super('This user name is taken', {}, options);
  }
}

export class EmailTakenError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'EMAIL_TAKEN';
  constructor(options?: ErrorOptions) {
    super('An account with this e-mail address exists', {}, options);
  }
}
