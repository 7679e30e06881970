import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { ProvidersConfig } from '../../config/config.js';
import type { ModelProvider as Provider } from './model-provider.js';
import { ModelProvider } from './model-provider.decorator.js';
import { ProviderNotFoundError } from './providers.errors.js';

/** The model providers of this process by id, found by `@ModelProvider`. */
@Injectable()
export class ProviderRegistry implements OnModuleInit {
  private readonly providers = new Map<string, Provider>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly config: ProvidersConfig,
  ) {}

  /** @throws {Error} when two classes claim one id, or when the configured default is not usable */
  onModuleInit(): void {
    for (const wrapper of this.discovery.getProviders({ metadataKey: ModelProvider.KEY })) {
      const id = this.discovery.getMetadataByDecorator(ModelProvider, wrapper);
      if (id === undefined) continue;
      if (this.providers.has(id)) throw new Error(`Two classes are @ModelProvider('${id}')`);
      this.providers.set(id, wrapper.instance as Provider);
    }
    this.checkDefault(this.config.defaultProvider);
  }

  /** Usable or not. */
  find(id: string): Provider | undefined {
    return this.providers.get(id);
  }

  isUsable(id: string): boolean {
    return this.providers.get(id)?.isUsable() ?? false;
  }

  /** @throws {ProviderNotFoundError} when absent or not usable now */
  getUsable(id: string): Provider {
    const provider = this.providers.get(id);
    if (!provider?.isUsable()) throw new ProviderNotFoundError(id);
    return provider;
  }

  /** In the order in which they are registered: `offline` comes last. */
  listUsable(): ReadonlyArray<readonly [id: string, provider: Provider]> {
    return [...this.providers].filter(([, provider]) => provider.isUsable());
  }

  private checkDefault(id: string | undefined): void {
    if (id === undefined || this.isUsable(id)) return;
    const usable = this.listUsable().map(([name]) => name);
    throw new Error(`DEFAULT_PROVIDER is ${id}, which is not configured here; usable: ${usable.join(', ')}`);
  }
}
