import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { discoveredProviders } from '../discovered-providers.js';
import { ProviderTable } from '../provider-table.js';
import type { ImageProvider as Provider } from './image-provider.js';
import { ImageProvider } from './image-provider.decorator.js';

/** The image providers of this process by id and alias, found by `@ImageProvider`. */
@Injectable()
export class ImageProviderRegistry extends ProviderTable<Provider> implements OnModuleInit {
  constructor(private readonly discovery: DiscoveryService) {
    super('ImageProvider');
  }

  /** @throws {Error} when two classes claim one name */
  onModuleInit(): void {
    for (const [identity, instance] of discoveredProviders(this.discovery, ImageProvider)) {
      this.add(identity, instance as Provider);
    }
  }
}
