import { Injectable } from '@nestjs/common';
import { ProvidersConfig } from '../../config/config.js';
import { chooseModel, type ModelChoice, type ModelWishes, wishesById } from './model-choice.js';
import { providerNotConfigured } from './model-failures.js';
import type { ModelAnswer, ModelCallOptions, ModelProvider, ModelRequest } from './model-provider.js';
import { OFFLINE } from './offline/offline.provider.js';
import { ProviderRegistry } from './provider-registry.js';
import { ProviderSlots } from './provider-slots.js';

export interface ModelCall {
  readonly request: Omit<ModelRequest, 'model'>;
  readonly wishes: Omit<ModelWishes, 'installation'>;
}

export interface MadeModelCall extends ModelAnswer {
  readonly providerId: string;
  readonly model: string;
}

/** Makes model calls for all who need one: chooses provider and model, and keeps to each provider's limit. */
@Injectable()
export class ModelCallsService {
  private readonly slots = new ProviderSlots();

  constructor(
    private readonly registry: ProviderRegistry,
    private readonly config: ProvidersConfig,
  ) {}

  /**
   * Makes one call inside a step, handing the text on as it comes.
   *
   * @throws {StepFailure} saying whether and when it may be tried again
   */
  async stream(call: ModelCall, options: ModelCallOptions, onText: (text: string) => void): Promise<MadeModelCall> {
    const { providerId, model: wanted } = this.choose(call.wishes);
    const provider = this.usable(providerId);
    return this.slots.use(providerId, provider.maxConcurrentCalls, options.signal, async () => {
      const model = wanted ?? (await provider.defaultModel(options.signal));
      const answer = await drain(provider.stream({ ...call.request, model }, options), onText);
      return { ...answer, providerId, model };
    });
  }

  choose(wishes: Omit<ModelWishes, 'installation'>): ModelChoice {
    const installation = { providerId: this.defaultProvider(), model: this.config.defaultModel };
    return chooseModel(
      wishesById({ ...wishes, installation }, (name) => this.registry.idOf(name)),
      (id) => this.registry.isUsable(id),
    );
  }

  /** `DEFAULT_PROVIDER`, else the first usable, else `offline`. */
  defaultProvider(): string {
    if (this.config.defaultProvider !== undefined) return this.registry.idOf(this.config.defaultProvider);
    return this.registry.listUsable().find(([id]) => id !== OFFLINE)?.[0] ?? OFFLINE;
  }

  private usable(providerId: string): ModelProvider {
    const provider = this.registry.find(providerId);
    if (provider?.isUsable()) return provider;
    throw providerNotConfigured(providerId);
  }
}

async function drain(
  pieces: AsyncGenerator<string, ModelAnswer, void>,
  onText: (text: string) => void,
): Promise<ModelAnswer> {
  for (;;) {
    const next = await pieces.next();
    if (next.done) return next.value;
    onText(next.value);
  }
}
