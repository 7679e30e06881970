import { DomainError } from '../errors/domain.error.js';

const RETRY_SECONDS = 1;

export class RequestInProgressError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'IN_PROGRESS';
  constructor() {
    super('A request with this Idempotency-Key is being worked on');
  }

  override get retryAfterSeconds(): number {
    return RETRY_SECONDS;
  }
}

export class IdempotencyKeyReusedError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'IDEMPOTENCY_KEY_REUSED';
  constructor() {
    super('This Idempotency-Key was used for another request');
  }
}
