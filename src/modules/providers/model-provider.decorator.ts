import { DiscoveryService } from '@nestjs/core';
import type { ProviderIdentity } from './provider-table.js';

/** Registers a class that implements `ModelProvider`, e.g. `@ModelProvider({ id: 'anthropic', aliases: ['claude'] })`. */
export const ModelProvider = DiscoveryService.createDecorator<ProviderIdentity>();
