import { Injectable } from '@nestjs/common';
import type { ModelListDto, ProviderListDto } from './dto/provider-response.dto.js';
import { ModelCallsService } from './model-calls.service.js';
import { ProviderRegistry } from './provider-registry.js';
import { ProviderNotFoundError, ProviderUnavailableError } from './providers.errors.js';

/** A person waits for the list: shorter than a model call may take. */
const LIST_TIMEOUT_MS = 15_000;

@Injectable()
export class ProvidersService {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly calls: ModelCallsService,
  ) {}

  list(): ProviderListDto {
    const defaultId = this.calls.defaultProvider();
    const items = this.registry.listUsable().map(([id, { name, capabilities }]) => ({
      id,
      name,
      capabilities: [...capabilities],
      is_default: id === defaultId,
    }));
    return { items, next_cursor: null };
  }

  /** @throws {ProviderNotFoundError} {ProviderUnavailableError} */
  async models(providerId: string): Promise<ModelListDto> {
    const provider = this.registry.find(providerId);
    if (!provider?.isUsable()) throw new ProviderNotFoundError(providerId);
    try {
      const models = await provider.models(AbortSignal.timeout(LIST_TIMEOUT_MS));
      const items = models.map(({ id, capabilities }) => ({
        id,
        provider_id: providerId,
        capabilities: [...capabilities],
      }));
      return { items, next_cursor: null };
    } catch (cause) {
      throw new ProviderUnavailableError(providerId, cause);
    }
  }
}
