import { DomainError } from '../errors/domain.error.js';

export class RateLimitedError extends DomainError {
  readonly kind = 'too_many';
  readonly code = 'RATE_LIMITED';
  constructor(private readonly seconds: number) {
    super(`Too many requests; try again in ${seconds} s`, { seconds });
  }

  override get retryAfterSeconds(): number {
    return this.seconds;
  }
}
