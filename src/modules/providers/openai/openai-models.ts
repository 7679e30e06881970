import type { Model } from 'openai/resources/models';
import type { ModelCapability, ModelInfo } from '../model-provider.js';

/** What some of those that are compatible tell of a model beyond OpenAI's own fields. */
interface ToldModel extends Model {
  /** Mistral. */
  readonly capabilities?: { readonly completion_chat?: boolean; readonly vision?: boolean };
  /** OpenRouter and Hugging Face. */
  readonly architecture?: { readonly input_modalities?: readonly string[] };
}

export interface ModelKnowledge {
  /** Ids of models that see images, where the list does not tell. */
  readonly visionModels?: RegExp;
  /** Ids of models that are not for chat: speech, embeddings, moderation. */
  readonly otherModels?: RegExp;
}

/** The models for chat, each with what it can do as far as the list or the knowledge of its vendor tells. */
export function chatModels(models: readonly Model[], knowledge: ModelKnowledge): ModelInfo[] {
  return models.filter((model) => isForChat(model, knowledge)).map((model) => infoOf(model, knowledge));
}

function isForChat({ id, capabilities }: ToldModel, { otherModels }: ModelKnowledge): boolean {
  return capabilities?.completion_chat ?? !otherModels?.test(id);
}

function infoOf({ id, capabilities, architecture }: ToldModel, { visionModels }: ModelKnowledge): ModelInfo {
  const told = capabilities?.vision ?? architecture?.input_modalities?.includes('image');
  const seesImages = told ?? visionModels?.test(id) ?? false;
  const vision: ModelCapability[] = seesImages ? ['vision'] : [];
  return { id, capabilities: ['text', ...vision, 'streaming'] };
}
