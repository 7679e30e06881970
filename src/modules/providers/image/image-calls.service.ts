import { Injectable } from '@nestjs/common';
import { chooseModel, type ModelChoice, type ModelWish, type ModelWishes, wishesById } from '../model-choice.js';
import type { ModelCallOptions } from '../model-provider.js';
import { providerNotConfigured } from '../model-failures.js';
import { OFFLINE } from '../offline/offline.provider.js';
import { ProviderSlots } from '../provider-slots.js';
import type { ImageAnswer, ImageProvider, ImageRequest } from './image-provider.js';
import { ImageProviderRegistry } from './image-provider-registry.js';

export interface ImageCall {
  readonly request: Omit<ImageRequest, 'model'>;
  readonly wishes: Omit<ModelWishes, 'installation'>;
}

export interface MadeImageCall extends ImageAnswer {
  readonly providerId: string;
  readonly model: string;
}

/** Makes image calls for all who need one: chooses provider and model, and keeps to each provider's limit. */
@Injectable()
export class ImageCallsService {
  private readonly slots = new ProviderSlots();

  constructor(private readonly registry: ImageProviderRegistry) {}

  /**
   * Makes one image inside a step.
   *
   * @throws {StepFailure} saying whether and when it may be tried again
   */
  generate(call: ImageCall, options: ModelCallOptions): Promise<MadeImageCall> {
    const { providerId, model: wanted } = this.choose(call.wishes);
    const provider = this.usable(providerId);
    const model = wanted ?? provider.defaultModel;
    return this.slots.use(providerId, provider.maxConcurrentCalls, options.signal, async () => {
      const answer = await provider.generate({ ...call.request, model }, options);
      return { ...answer, providerId, model };
    });
  }

  /** As for text; a flow's provider counts only when it makes images, for it is chosen with text in mind. */
  choose(wishes: Omit<ModelWishes, 'installation'>): ModelChoice {
    const flow = this.makesImages(wishes.flow) ? wishes.flow : undefined;
    const all = { ...wishes, flow, installation: { providerId: this.defaultProvider() } };
    return chooseModel(
      wishesById(all, (name) => this.registry.idOf(name)),
      (id) => this.registry.isUsable(id),
    );
  }

  /** The first usable, else `offline`. */
  private defaultProvider(): string {
    return this.registry.listUsable().find(([id]) => id !== OFFLINE)?.[0] ?? OFFLINE;
  }

  private makesImages(wish: ModelWish | undefined): boolean {
    return wish?.providerId !== undefined && this.registry.find(wish.providerId) !== undefined;
  }

  private usable(providerId: string): ImageProvider {
    const provider = this.registry.find(providerId);
    if (provider?.isUsable()) return provider;
    throw providerNotConfigured(providerId);
  }
}
