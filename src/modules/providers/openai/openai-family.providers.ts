import { Injectable } from '@nestjs/common';
import { ProvidersConfig } from '../../../config/config.js';
import { ModelProvider } from '../model-provider.decorator.js';
import { OpenAiCompatibleProvider } from './openai-compatible.provider.js';
import { GLM, HUGGING_FACE, MISTRAL, OPENAI, OPENROUTER } from './openai-traits.js';

@Injectable()
@ModelProvider('openai')
export class OpenAiProvider extends OpenAiCompatibleProvider {
  constructor(config: ProvidersConfig) {
    super(OPENAI, config.credentials.openai);
  }
}

@Injectable()
@ModelProvider('mistral')
export class MistralProvider extends OpenAiCompatibleProvider {
  constructor(config: ProvidersConfig) {
    super(MISTRAL, config.credentials.mistral);
  }
}

@Injectable()
@ModelProvider('glm')
export class GlmProvider extends OpenAiCompatibleProvider {
  constructor(config: ProvidersConfig) {
    super(GLM, config.credentials.glm);
  }
}

@Injectable()
@ModelProvider('openrouter')
export class OpenRouterProvider extends OpenAiCompatibleProvider {
  constructor(config: ProvidersConfig) {
    super(OPENROUTER, config.credentials.openrouter);
  }
}

@Injectable()
@ModelProvider('huggingface')
export class HuggingFaceProvider extends OpenAiCompatibleProvider {
  constructor(config: ProvidersConfig) {
    super(HUGGING_FACE, config.credentials.hf);
  }
}
