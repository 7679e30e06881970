import { DiscoveryService } from '@nestjs/core';
import type { ProviderIdentity } from '../provider-table.js';

/** Registers a class that implements `ImageProvider`, e.g. `@ImageProvider({ id: 'fireworks' })`. */
export const ImageProvider = DiscoveryService.createDecorator<ProviderIdentity>();
