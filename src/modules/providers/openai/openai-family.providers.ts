import { Injectable } from '@nestjs/common';
import { ProvidersConfig } from '../../../config/config.js';
import { ModelProvider } from '../model-provider.decorator.js';
import { OpenAiCompatibleProvider } from './openai-compatible.provider.js';
import { GLM, HUGGING_FACE, MISTRAL, OPENAI, OPENROUTER } from './openai-traits.js';

@Injectable()
@ModelProvider({ id: 'openai' })
export class OpenAiProvider extends OpenAiCompatibleProvider {
  constructor(config: ProvidersConfig) {
    super(OPENAI, config.credentials.openai);
  }
}

@Injectable()
@ModelProvider({ id: 'mistral' })
export class MistralProvider extends OpenAiCompatibleProvider {
  constructor(config: ProvidersConfig) {
    super(MISTRAL, config.credentials.mistral);
  }
}

@Injectable()
@ModelProvider({ id: 'glm' })
export class GlmProvider extends OpenAiCompatibleProvider {
  constructor(config: ProvidersConfig) {
    super(GLM, config.credentials.glm);
  }
}

@Injectable()
@ModelProvider({ id: 'openrouter' })
export class OpenRouterProvider extends OpenAiCompatibleProvider {
  constructor(config: ProvidersConfig) {
    super(OPENROUTER, config.credentials.openrouter);
  }
}

@Injectable()
@ModelProvider({ id: 'huggingface' })
export class HuggingFaceProvider extends OpenAiCompatibleProvider {
  constructor(config: ProvidersConfig) {
    super(HUGGING_FACE, config.credentials.hf);
  }
}
