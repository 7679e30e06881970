import { MetricsRegistry } from '../../common/metrics/metrics-registry.js';
import { ModelMetrics } from './model-metrics.js';
import { Injectable } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelServer } from '../../../test/support/model-server/model-server.js';
import { ProvidersConfig } from '../../config/config.js';
import { PROVIDER_NAMES } from '../../config/provider-names.js';
import { ModelCallsService } from './model-calls.service.js';
import { ModelProvider } from './model-provider.decorator.js';
import { OfflineProvider } from './offline/offline.provider.js';
import { OpenAiCompatibleProvider } from './openai/openai-compatible.provider.js';
import { MISTRAL, OPENAI } from './openai/openai-traits.js';
import { ProviderRegistry } from './provider-registry.js';

let server: ModelServer;

@Injectable()
@ModelProvider({ id: 'openai' })
class NarrowProvider extends OpenAiCompatibleProvider {
  constructor() {
    super(OPENAI, { baseUrl: server.baseUrl, maxConcurrentCalls: 2 });
  }
}

@Injectable()
@ModelProvider({ id: 'mistral' })
class KeylessProvider extends OpenAiCompatibleProvider {
  constructor() {
    super(MISTRAL);
  }
}

async function start(providers: Array<new () => object>, config: Partial<ProvidersConfig> = {}) {
  const none = Object.fromEntries(PROVIDER_NAMES.map((name) => [name, {}]));
  const settings = Object.assign(new ProvidersConfig(), { credentials: none }, config);
  const given = { provide: ProvidersConfig, useValue: settings };
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    providers: [
      ProviderRegistry,
      ModelCallsService,
      ModelMetrics,
      MetricsRegistry,
      OfflineProvider,
      given,
      ...providers,
    ],
  }).compile();
  await module.init();
  return module.get(ModelCallsService);
}

const messages = [{ role: 'user' as const, content: 'Hello' }];
const options = { signal: new AbortController().signal, idempotencyKey: 'k' };

beforeEach(async () => {
  server = await ModelServer.start();
});
afterEach(() => server.close());

describe('ModelCallsService', () => {
  it('takes the first usable provider and tells which one answered', async () => {
    const calls = await start([KeylessProvider, NarrowProvider]);
    const pieces: string[] = [];
    const wishes = { type: { providerId: 'mistral', model: 'ministral-14b-2512' } };
    const made = await calls.stream({ request: { messages }, wishes }, options, (text) => pieces.push(text));
    expect(made).toMatchObject({ providerId: 'openai', model: 'model-small', text: 'Answer to: Hello' });
    expect(pieces.join('')).toBe(made.text);
  });

  it('falls back to offline when nothing is configured', async () => {
    const calls = await start([KeylessProvider]);
    expect(calls.choose({})).toEqual({ providerId: 'offline', model: undefined });
  });

  it('follows the configured default', async () => {
    const calls = await start([NarrowProvider], { defaultProvider: 'offline', defaultModel: 'mine' });
    expect(calls.choose({})).toEqual({ providerId: 'offline', model: 'mine' });
  });

  it('refuses to start with a default that cannot be used', async () => {
    await expect(start([KeylessProvider], { defaultProvider: 'mistral' })).rejects.toThrow('usable: offline');
    await expect(start([], { defaultProvider: 'nonsense' })).rejects.toThrow('DEFAULT_PROVIDER is nonsense');
  });

  it('refuses a provider that is named but not configured, for good', async () => {
    const calls = await start([KeylessProvider]);
    const call = calls.stream(
      { request: { messages }, wishes: { node: { providerId: 'mistral' } } },
      options,
      () => undefined,
    );
    await expect(call).rejects.toMatchObject({ code: 'PROVIDER_NOT_CONFIGURED', retryable: false });
  });

  it("keeps to the provider's limit of calls at once", async () => {
    server.setScript({ answer: { delayMs: 40 } });
    const calls = await start([NarrowProvider]);
    const call = () => calls.stream({ request: { messages }, wishes: {} }, options, () => undefined);
    await Promise.all([call(), call(), call(), call(), call()]);
    expect(server.counts).toMatchObject({ total: 5, mostAtOnce: 2 });
  });

  it('refuses two classes for one id at start', async () => {
    @Injectable()
    @ModelProvider({ id: 'offline' })
    class SecondOffline extends OfflineProvider {}
    await expect(start([SecondOffline])).rejects.toThrow("Two classes are @ModelProvider('offline')");
  });
});
