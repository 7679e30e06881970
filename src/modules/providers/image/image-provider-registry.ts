import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
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
    for (const wrapper of this.discovery.getProviders({ metadataKey: ImageProvider.KEY })) {
      const identity = this.discovery.getMetadataByDecorator(ImageProvider, wrapper);
      if (identity !== undefined) this.add(identity, wrapper.instance as Provider);
    }
  }
}
