import { DomainError } from '../../common/errors/domain.error.js';

export class ProviderNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'PROVIDER_NOT_FOUND';

  constructor(providerId: string) {
    super(`No usable provider with id ${providerId}`, { provider_id: providerId });
  }
}

export class ProviderUnavailableError extends DomainError {
  readonly kind = 'unavailable';
  readonly code = 'PROVIDER_UNAVAILABLE';

  constructor(providerId: string, cause: unknown) {
    super(`The provider ${providerId} does not answer`, { provider_id: providerId }, { cause });
  }
}
