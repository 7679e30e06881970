import { Injectable } from '@nestjs/common';
import { ProvidersConfig } from '../../../config/config.js';
import { ModelProvider } from '../model-provider.decorator.js';
import { GeminiContentProvider } from './gemini-content.provider.js';

@Injectable()
@ModelProvider({ id: 'gemini' })
export class GeminiProvider extends GeminiContentProvider {
  constructor(config: ProvidersConfig) {
    super(config.credentials.gemini);
  }
}
