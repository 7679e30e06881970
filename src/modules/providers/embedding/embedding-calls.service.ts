import { Injectable } from '@nestjs/common';
import { type EmbeddingChoice, ProvidersConfig } from '../../../config/config.js';
import { type AroundCall, nothingAround } from '../around-call.js';
import type { ModelCallOptions } from '../model-provider.js';
import { ModelMetrics } from '../model-metrics.js';
import { modelFailure } from '../model-failures.js';
import { ProviderRegistry } from '../provider-registry.js';
import { ProviderSlots } from '../provider-slots.js';
import type { EmbeddingAnswer } from './embedding.js';
import { canEmbed } from './embedding-provider.js';

/** What may stand around each request of a call. */
export type AroundEmbedding = AroundCall<readonly string[], EmbeddingAnswer>;

/**
 * Makes vectors of texts, by the one model that the installation names: vectors of different models cannot be compared.
 * Nobody's own key has a part in it, for behind that another model might answer by the same name.
 */
@Injectable()
export class EmbeddingCallsService {
  private readonly slots = new ProviderSlots();
  /** Undefined: no model is configured, and nothing is embedded. */
  readonly choice: EmbeddingChoice | undefined;

  constructor(
    private readonly registry: ProviderRegistry,
    config: ProvidersConfig,
    private readonly metrics: ModelMetrics,
  ) {
    this.choice = config.embedding;
  }

  /** Which model's the vectors are, as it is kept with them. */
  get modelName(): string | undefined {
    return this.choice && `${this.registry.idOf(this.choice.providerId)}/${this.choice.model}`;
  }

  /** @throws {StepFailure} saying whether and when it may be tried again */
  async embed(
    texts: readonly string[],
    options: ModelCallOptions,
    around: AroundEmbedding = nothingAround,
  ): Promise<EmbeddingAnswer> {
    const { providerId, model, provider } = this.chosen();
    return around({ providerId, model, request: texts }, (request, onSent) =>
      this.slots.use(provider, options.signal, () => {
        onSent?.();
        return this.metrics.observe(providerId, () => provider.embed({ model, texts: request }, options), usageOf);
      }),
    );
  }

  private chosen() {
    const provider = this.choice && this.registry.find(this.choice.providerId);
    if (!this.choice || !provider || !canEmbed(provider)) {
      throw modelFailure('MODEL_REQUEST_REFUSED', 'There is no model for vectors');
    }
    return { providerId: this.registry.idOf(this.choice.providerId), model: this.choice.model, provider };
  }
}

function usageOf({ inputTokens }: EmbeddingAnswer) {
  return inputTokens === undefined ? undefined : { inputTokens, outputTokens: 0 };
}
