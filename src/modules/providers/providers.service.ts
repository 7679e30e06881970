import { Injectable } from '@nestjs/common';
import type { ModelListDto, ProviderListDto, ProviderResponseDto } from './dto/provider-response.dto.js';
import { ImageProviderRegistry } from './image/image-provider-registry.js';
import { ModelCallsService } from './model-calls.service.js';
import type { ModelInfo } from './model-provider.js';
import { ProviderRegistry } from './provider-registry.js';
import { ProviderNotFoundError, ProviderUnavailableError } from './providers.errors.js';

/** A person waits for the list: shorter than a model call may take. */
const LIST_TIMEOUT_MS = 15_000;

/** What of the providers can be used now, those of text and those of images under one id where they share it. */
@Injectable()
export class ProvidersService {
  constructor(
    private readonly textProviders: ProviderRegistry,
    private readonly imageProviders: ImageProviderRegistry,
    private readonly calls: ModelCallsService,
  ) {}

  list(): ProviderListDto {
    const ids = [...this.textProviders.listUsable(), ...this.imageProviders.listUsable()].map(([id]) => id);
    return { items: [...new Set(ids)].map((id) => this.describe(id)), next_cursor: null };
  }

  /** @throws {ProviderNotFoundError} {ProviderUnavailableError} */
  async models(name: string): Promise<ModelListDto> {
    const id = this.imageProviders.idOf(this.textProviders.idOf(name));
    const sources = [this.textProviders.find(id), this.imageProviders.find(id)].flatMap((one) =>
      one?.isUsable() ? [one] : [],
    );
    if (sources.length === 0) throw new ProviderNotFoundError(name);
    const signal = AbortSignal.timeout(LIST_TIMEOUT_MS);
    try {
      const models = await Promise.all(sources.map((source) => source.models(signal)));
      return { items: models.flat().map((model) => modelOf(id, model)), next_cursor: null };
    } catch (cause) {
      throw new ProviderUnavailableError(id, cause);
    }
  }

  private describe(id: string): ProviderResponseDto {
    const text = this.textProviders.find(id);
    const image = this.imageProviders.find(id);
    return {
      id,
      name: (text ?? image)?.name ?? id,
      aliases: [...this.textProviders.aliasesOf(id), ...this.imageProviders.aliasesOf(id)],
      capabilities: [...(text?.capabilities ?? []), ...(image ? ['image'] : [])],
      is_default: id === this.calls.defaultProvider(),
    };
  }
}

function modelOf(providerId: string, { id, capabilities }: ModelInfo) {
  return { id, provider_id: providerId, capabilities: [...capabilities] };
}
