import { DiscoveryService } from '@nestjs/core';

/** Registers a class that implements `NodeExecutor` for a type of node, e.g. `@NodeExecutor('translator')`. */
export const NodeExecutor = DiscoveryService.createDecorator<string>();
