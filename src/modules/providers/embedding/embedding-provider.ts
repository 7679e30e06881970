import type { ModelProvider } from '../model-provider.js';

export type EmbeddingProvider = ModelProvider & Required<Pick<ModelProvider, 'embed'>>;

export function canEmbed(provider: ModelProvider): provider is EmbeddingProvider {
  return provider.embed !== undefined;
}

/** Why the provider of this name cannot make vectors here; undefined when it can. */
export function embeddingFault(name: string, provider: ModelProvider | undefined): string | undefined {
  if (!provider) return `there is no provider ${JSON.stringify(name)}`;
  if (!canEmbed(provider)) return `${provider.name} makes no vectors of texts (embeddings): name another provider`;
  return provider.isUsable() ? undefined : `${provider.name} has neither a key nor an address`;
}
