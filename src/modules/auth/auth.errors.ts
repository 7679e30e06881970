import { DomainError } from '../../common/errors/domain.error.js';

export class UnauthorizedError extends DomainError {
  readonly kind = 'unauthorized';
  readonly code: string = 'UNAUTHORIZED';
  constructor(message = 'Sign in first', options?: ErrorOptions) {
    super(message, {}, options);
  }
}

export class TokenExpiredError extends UnauthorizedError {
  override readonly code = 'TOKEN_EXPIRED';
  constructor(options?: ErrorOptions) {
    super('The access token has expired', options);
  }
}

export class SessionEndedError extends UnauthorizedError {
  override readonly code = 'SESSION_ENDED';
  constructor() {
    super('The session has ended');
  }
}

export class WrongRealmError extends UnauthorizedError {
  override readonly code = 'WRONG_REALM';
  constructor() {
    super('This token belongs to the other realm');
  }
}

export class InvalidCredentialsError extends UnauthorizedError {
  override readonly code = 'INVALID_CREDENTIALS';
  constructor() {
    super('Unknown user or wrong password');
  }
}

export class InvalidRefreshTokenError extends UnauthorizedError {
  override readonly code = 'INVALID_REFRESH_TOKEN';
  constructor() {
    super('The refresh token is unknown, expired or revoked');
  }
}

export class RefreshRacedError extends UnauthorizedError {
  override readonly code = 'REFRESH_RACED';
  constructor() {
    super('This refresh token was used a moment ago; use the newer one');
  }
}

export class RefreshReusedError extends UnauthorizedError {
  override readonly code = 'REFRESH_REUSED';
  constructor() {
    super('This refresh token was used before; the session is revoked');
  }
}

export class CsrfError extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'CSRF';
  constructor() {
    super('With cookies, this method needs an Origin of this server or of CORS_ORIGINS');
  }
}

export class RegistrationClosedError extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'REGISTRATION_CLOSED';
  constructor() {
    super('Registration is closed on this server');
  }
}

export class TooManyAttemptsError extends DomainError {
  readonly kind = 'too_many';
  readonly code = 'TOO_MANY_ATTEMPTS';
  constructor(private readonly seconds: number) {
    super(`Too many attempts; try again in ${seconds} s`, { seconds });
  }

  override get retryAfterSeconds(): number {
    return this.seconds;
  }
}

export class SignInBusyError extends DomainError {
  readonly kind = 'unavailable';
  readonly code = 'SIGN_IN_BUSY';
  constructor() {
    super('Too many sign-ins at once; try again in a moment');
  }
}
