import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AnthropicProvider } from './anthropic/anthropic.provider.js';
import { FireworksProvider } from './flux/fireworks.provider.js';
import { GeminiProvider } from './gemini/gemini.provider.js';
import { ImageCallsService } from './image/image-calls.service.js';
import { ImageProviderRegistry } from './image/image-provider-registry.js';
import { ModelMetrics } from './model-metrics.js';
import { ModelCallsService } from './model-calls.service.js';
import { OfflineImageProvider } from './offline/offline-image.provider.js';
import { OfflineProvider } from './offline/offline.provider.js';
import {
  GlmProvider,
  HuggingFaceProvider,
  MistralProvider,
  OpenAiProvider,
  OpenRouterProvider,
} from './openai/openai-family.providers.js';
import { ProviderRegistry } from './provider-registry.js';
import { ProvidersController } from './providers.controller.js';
import { ProvidersService } from './providers.service.js';

@Module({
  imports: [DiscoveryModule],
  controllers: [ProvidersController],
  providers: [
    ProviderRegistry,
    ModelCallsService,
    ModelMetrics,
    ProvidersService,
    OpenAiProvider,
    AnthropicProvider,
    GeminiProvider,
    MistralProvider,
    GlmProvider,
    OpenRouterProvider,
    HuggingFaceProvider,
    OfflineProvider,
    ImageProviderRegistry,
    ImageCallsService,
    FireworksProvider,
    OfflineImageProvider,
  ],
  exports: [ModelCallsService, ImageCallsService, ProviderRegistry],
})
export class ProvidersModule {}
