import { DiscoveryService } from '@nestjs/core';

/** Registers a class that implements `ModelProvider` under an id, e.g. `@ModelProvider('openai')`. */
export const ModelProvider = DiscoveryService.createDecorator<string>();
