import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { ConfigError } from '../../config/config.errors.js';
import { ProvidersConfig } from '../../config/config.js';
import { embeddingFault } from './embedding/embedding-provider.js';
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

  /**
   * Before anything works: a start that fails later has begun with runs.
   *
   * @throws {Error} when two classes claim one name, or when the configured default is not usable
   * @throws {ConfigError} when the provider that is to make vectors cannot
   */
  onModuleInit(): void {
    for (const [identity, instance] of discoveredProviders(this.discovery, ModelProvider)) {
      this.add(identity, instance as Provider);
    }
    this.checkDefault(this.config.defaultProvider);
    this.checkEmbedding(this.config.embedding?.providerId);
  }

  private checkDefault(id: string | undefined): void {
    if (id === undefined || this.isUsable(id)) return;
    const usable = this.listUsable().map(([name]) => name);
    throw new Error(`DEFAULT_PROVIDER is ${id}, which is not configured here; usable: ${usable.join(', ')}`);
  }

  private checkEmbedding(name: string | undefined): void {
    const fault = name === undefined ? undefined : embeddingFault(name, this.find(name));
    if (fault) throw new ConfigError([`EMBEDDING_PROVIDER: ${fault}`]);
  }
}
