import { Injectable } from '@nestjs/common';
import { ProvidersConfig } from '../../../config/config.js';
import { ModelProvider } from '../model-provider.decorator.js';
import { AnthropicMessagesProvider } from './anthropic-messages.provider.js';

@Injectable()
@ModelProvider({ id: 'anthropic', aliases: ['claude'] })
export class AnthropicProvider extends AnthropicMessagesProvider {
  constructor(config: ProvidersConfig) {
    super(config.credentials.anthropic);
  }
}
