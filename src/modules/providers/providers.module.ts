import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AnthropicProvider } from './anthropic/anthropic.provider.js';
import { CallerCredentials } from './credentials/caller-credentials.js';
import { CallerProviders } from './credentials/caller-providers.js';
import { CredentialBox } from './credentials/credential-box.js';
import { CredentialCheck } from './credentials/credential-check.js';
import { CredentialKeys } from './credentials/credential-keys.js';
import { ProviderCredential } from './credentials/provider-credential.entity.js';
import { ProviderCredentialsController } from './credentials/provider-credentials.controller.js';
import { ProviderCredentialsService } from './credentials/provider-credentials.service.js';
import { EmbeddingCallsService } from './embedding/embedding-calls.service.js';
import { FireworksProvider } from './flux/fireworks.provider.js';
import { GeminiProvider } from './gemini/gemini.provider.js';
import { ImageOrder } from './image/entities/image-order.entity.js';
import { ImageCallsService } from './image/image-calls.service.js';
import { ImageOrders } from './image/image-orders.js';
import { StoredImageOrders } from './image/stored-image-orders.js';
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
import { ProjectContents } from '../projects/project-contents.js';
import { PersonalData } from '../users/personal-data.js';
import { PERSONAL_CREDENTIAL_NAMES, PERSONAL_CREDENTIALS, PERSONAL_ORDERS } from './personal-records.js';

@Module({
  imports: [DiscoveryModule, TypeOrmModule.forFeature([ImageOrder, ProviderCredential])],
  controllers: [ProvidersController, ProviderCredentialsController],
  providers: [
    CallerCredentials,
    CallerProviders,
    CredentialBox,
    CredentialCheck,
    CredentialKeys,
    ProviderCredentialsService,
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
    EmbeddingCallsService,
    ImageProviderRegistry,
    ImageCallsService,
    { provide: ImageOrders, useClass: StoredImageOrders },
    FireworksProvider,
    OfflineImageProvider,
  ],
  exports: [EmbeddingCallsService, ModelCallsService, ImageCallsService, ProviderRegistry],
})
export class ProvidersModule {
  constructor(contents: ProjectContents, personal: PersonalData) {
    contents.register(ProviderCredential);
    personal.registerStored('credential_names', PERSONAL_CREDENTIAL_NAMES);
    personal.registerStored('provider_credentials', PERSONAL_CREDENTIALS);
    personal.registerStored('image_orders', PERSONAL_ORDERS);
  }
}
