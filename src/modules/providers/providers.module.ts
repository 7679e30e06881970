import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ModelCallsService } from './model-calls.service.js';
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
    ProvidersService,
    OpenAiProvider,
    MistralProvider,
    GlmProvider,
    OpenRouterProvider,
    HuggingFaceProvider,
    OfflineProvider,
  ],
  exports: [ModelCallsService, ProviderRegistry],
})
export class ProvidersModule {}
