import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { ProvidersConfig } from '../../config/config.js';
import type { ModelProvider as Provider } from './model-provider.js';
import { ModelProvider } from './model-provider.decorator.js';
import { discoveredProviders } from './discovered-providers.js';
import { ProviderTable } from './provider-table.js';

/** The model providers of this process by id and alias, found by `@ModelProvider`. `offline` comes last. */
@Injectable()
export class ProviderRegistry extends ProviderTable<Provider> implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly config: ProvidersConfig,
  ) {
    super('ModelProvider');
  }

  /** @throws {Error} when two classes claim one name, or when the configured default is not usable */
  onModuleInit(): void {
    for (const [identity, instance] of discoveredProviders(this.discovery, ModelProvider)) {
      this.add(identity, instance as Provider);
    }
    this.checkDefault(this.config.defaultProvider);
  }

  private checkDefault(id: string | undefined): void {
    if (id === undefined || this.isUsable(id)) return;
    const usable = this.listUsable().map(([name]) => name);
    throw new Error(`DEFAULT_PROVIDER is ${id}, which is not configured here; usable: ${usable.join(', ')}`);
  }
}
