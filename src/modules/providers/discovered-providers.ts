import { type DiscoverableDecorator, DiscoveryService } from '@nestjs/core';
import type { ProviderIdentity } from './provider-table.js';

/**
 * What carries the decorator, in the order in which the modules list it: the first usable is the default. Nest itself
 * hands out decorated providers in the order in which they happened to be made.
 */
export function discoveredProviders(
  discovery: DiscoveryService,
  decorator: DiscoverableDecorator<ProviderIdentity>,
): Array<readonly [identity: ProviderIdentity, instance: unknown]> {
  const decorated = new Set(discovery.getProviders({ metadataKey: decorator.KEY }).map(({ id }) => id));
  const wrappers = discovery.getProviders().filter(({ id }) => decorated.has(id));
  return wrappers.flatMap((wrapper) => {
    const identity = discovery.getMetadataByDecorator(decorator, wrapper);
    return identity === undefined ? [] : [[identity, wrapper.instance] as const];
  });
}
