import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { MetricsRegistry } from '../../../common/metrics/metrics-registry.js';
import { ConfigError } from '../../../config/config.errors.js';
import { ProvidersConfig } from '../../../config/config.js';
import { PROVIDER_NAMES } from '../../../config/provider-names.js';
import { AnthropicProvider } from '../anthropic/anthropic.provider.js';
import { GeminiProvider } from '../gemini/gemini.provider.js';
import { ModelMetrics } from '../model-metrics.js';
import { OpenAiProvider } from '../openai/openai-family.providers.js';
import { ProviderRegistry } from '../provider-registry.js';
import { EmbeddingCallsService } from './embedding-calls.service.js';

async function start(providerId?: string): Promise<EmbeddingCallsService> {
  const keys = Object.fromEntries(PROVIDER_NAMES.map((name) => [name, name === 'openai' ? {} : { apiKey: 'k' }]));
  const embedding = providerId === undefined ? undefined : { providerId, model: 'm' };
  const settings = Object.assign(new ProvidersConfig(), { credentials: keys, embedding });
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    providers: [
      AnthropicProvider,
      EmbeddingCallsService,
      GeminiProvider,
      MetricsRegistry,
      ModelMetrics,
      OpenAiProvider,
      ProviderRegistry,
      { provide: ProvidersConfig, useValue: settings },
    ],
  }).compile();
  await module.init();
  return module.get(EmbeddingCallsService);
}

describe('EmbeddingCallsService', () => {
  it.each([
    ['claude', 'EMBEDDING_PROVIDER: Anthropic makes no vectors of texts (embeddings): name another provider'],
    ['openai', 'EMBEDDING_PROVIDER: OpenAI has neither a key nor an address'],
    ['nobody', 'EMBEDDING_PROVIDER: there is no provider "nobody"'],
  ])('refuses to start with %s', async (providerId, fault) => {
    await expect(start(providerId)).rejects.toThrow(new ConfigError([fault]));
  });

  it('tells whose vectors they are, where there are any', async () => {
    expect((await start('gemini')).modelName).toBe('gemini/m');
    expect((await start()).modelName).toBeUndefined();
  });
});
